// A price book from its file: each edition made whole with what the one before it says.
import type {
  Granularity,
  InstanceFactors,
  NightRule,
  PriceBook,
  PriceEdition,
  PriceTier,
  UsageFactors,
} from '../model/price-book.ts'
import type { ConfigPath } from './config-problem.ts'
import { readEffectiveFrom } from './effective-from.ts'
import { loadDataFile } from './load-data-file.ts'
import { type PriceBookFile, priceBookSchema } from './price-book-schema.ts'
import type { Finding } from './schema-findings.ts'

type EditionFile = PriceBookFile['editions'][number]
type FactorsFile = NonNullable<EditionFile['cpu']> | NonNullable<EditionFile['gpu']>

/**
 * Reads and checks a price book (docs/billing.md). Throws an FcscopeError: FCS_INPUT_MISSING or FCS_INPUT_UNREADABLE for the file,
 * FCS_CONFIG_INVALID with every problem in it.
 */
export function loadPriceBook(path: string): PriceBook {
  const { book, currency, tiersPer, editions } = loadDataFile(path, priceBookSchema, ruleFindings)
  const whole: PriceEdition[] = []
  for (const edition of editions) whole.push(editionOf(edition, whole.at(-1) ?? null))
  return { book, currency, tiersPer, editions: whole }
}

/** What is wrong between parts that are right one by one. */
function ruleFindings({ editions }: PriceBookFile): readonly Finding[] {
  const findings: Finding[] = []
  const find = (path: ConfigPath, en: string, zh: string): void => void findings.push({ path, text: { en, zh } })
  const needed = ['cpu', 'gpu', 'tiers', 'granularity'] as const
  for (const key of needed) {
    if (editions[0]?.[key] === undefined)
      find(['editions', 0], `${key} is missing; the first edition needs it`, `缺少 ${key}，第一个版本必须写明`)
  }
  for (const [i, { edition, tiers = [], night }] of editions.entries()) {
    const before = editions[i - 1]?.edition
    if (before !== undefined && edition <= before)
      find(
        ['editions', i, 'edition'],
        `${edition} is not after ${before}; the oldest stands first`,
        `${edition} 不晚于 ${before}，旧的在前`,
      )
    for (const [t, { upTo }] of tiers.entries()) {
      const isLast = t === tiers.length - 1
      const least = Number(tiers[t - 1]?.upTo ?? 0)
      if (isLast !== (upTo === undefined))
        find(['editions', i, 'tiers', t], 'every tier but the last one has upTo', '除最后一级外，每级都要有 upTo')
      else if (upTo !== undefined && Number(upTo) <= least)
        find(
          ['editions', i, 'tiers', t, 'upTo'],
          `found ${upTo}; allowed: more than ${least}`,
          `实际为 ${upTo}；应大于 ${least}`,
        )
    }
    if (night && night.fromHour >= night.toHour)
      find(['editions', i, 'night', 'toHour'], 'it ends before it begins', '结束早于开始')
  }
  return findings
}

function editionOf(file: EditionFile, before: PriceEdition | null): PriceEdition {
  return {
    edition: file.edition,
    fromMs: readEffectiveFrom(file.edition) ?? Number.NaN,
    cpu: file.cpu === undefined ? must(before?.cpu) : instanceFactors(file.cpu),
    gpu: file.gpu === undefined ? must(before?.gpu) : instanceFactors(file.gpu),
    tiers: file.tiers === undefined ? must(before?.tiers) : file.tiers.map(tierOf),
    hasDiscount: file.hasDiscount ?? before?.hasDiscount ?? false,
    night: file.night === undefined ? (before?.night ?? null) : nightOf(file.night),
    floor: file.floor === undefined ? (before?.floor ?? null) : file.floor === null ? null : String(file.floor),
    freeDiskMB: file.freeDiskMB ?? before?.freeDiskMB ?? 0,
    granularity: must<Granularity>(file.granularity ?? before?.granularity),
    sources: file.sources,
  }
}

/** Only the first edition could lack it, and that is checked. */
function must<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('BUG: an edition that is not whole')
  return value
}

const instanceFactors = ({
  active,
  asleep,
}: {
  active: FactorsFile['active']
  asleep: FactorsFile['asleep']
}): InstanceFactors => ({
  active: usageFactors(active),
  asleep: usageFactors(asleep),
})

const usageFactors = (of: FactorsFile['active']): UsageFactors => ({
  vCPU: String(of.vCPU),
  memory: String(of.memory),
  disk: String(of.disk),
  gpu: { ada: 'ada' in of ? String(of.ada) : '0', tesla: 'tesla' in of ? String(of.tesla) : '0' },
  invocations: String(of.invocations),
})

const tierOf = ({ upTo, price, discounted = price }: NonNullable<EditionFile['tiers']>[number]): PriceTier => ({
  upTo: upTo === undefined ? null : String(upTo),
  price: String(price),
  discounted: String(discounted),
})

const nightOf = (of: NonNullable<EditionFile['night']> | null): NightRule | null =>
  of === null ? null : { ...of, factor: String(of.factor) }
