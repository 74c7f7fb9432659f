// What a millisecond and a call of a function come to, so that a store can price hours by itself: usage and CU are linear in both.
import Big from 'big.js'
import type { EditionPrices, HourRate, SeenSize } from '../model/bill-rates.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import type { PriceBook, PriceEdition } from '../model/price-book.ts'
import type { ConfigOf } from './attempt-hours.ts'
import { beijingHour } from './beijing-clock.ts'
import { isNight } from './night.ts'
import { sizeOf, usageOf } from './usage.ts'

export interface RateParts {
  readonly book: PriceBook
  readonly configOf: ConfigOf
  /** Unix ms at which functions.yaml changes, rising. */
  readonly boundaries: readonly number[]
  readonly billsAllDisk: boolean
}

/** For every edition and era in which the size is known. By day; what the night costs is the edition's. */
export function hourRates(seen: SeenSize, parts: RateParts): readonly HourRate[] {
  const eras = [0, ...parts.boundaries].map(eraFromMs => ({ eraFromMs, config: parts.configOf(seen, eraFromMs) }))
  return eras.flatMap(({ eraFromMs, config }) =>
    parts.book.editions.flatMap(edition => {
      const rate = rateOf(seen, { config, edition, billsAllDisk: parts.billsAllDisk })
      return rate === null ? [] : [{ ...seen, ...rate, edition: edition.edition, eraFromMs }]
    }),
  )
}

function rateOf(
  seen: SeenSize,
  parts: { readonly config: FunctionConfig | null; readonly edition: PriceEdition; readonly billsAllDisk: boolean },
): Omit<HourRate, keyof SeenSize | 'edition' | 'eraFromMs'> | null {
  const { config, edition, billsAllDisk } = parts
  const size = sizeOf(config, seen.memoryMB)
  if (config === null || size === null) return null
  const rules = { edition, billsAllDisk, isNight: false }
  const time = usageOf({ invocations: 0, activeMs: 1, asleepMs: 0 }, size, rules)
  const call = usageOf({ invocations: 1, activeMs: 0, asleepMs: 0 }, size, rules)
  return {
    billedService: seen.serviceName ?? config.serviceName,
    region: config.region,
    hasGpu: size.gpu !== null,
    vCPUSecondsPerMs: time.vCPUSeconds.toFixed(),
    memoryGBSecondsPerMs: time.memoryGBSeconds.toFixed(),
    diskGBSecondsPerMs: time.diskGBSeconds.toFixed(),
    gpuGBSecondsPerMs: time.gpuGBSeconds.toFixed(),
    cuPerMs: time.cuExact.toFixed(),
    cuPerCall: call.cuExact.toFixed(),
  }
}

export function editionPrices(edition: PriceEdition, hasDiscount: boolean): EditionPrices {
  const hours = Array.from({ length: 24 }, (_, hour) => hour * 3_600_000).filter(ms => isNight(ms, edition))
  return {
    edition: edition.edition,
    fromMs: edition.fromMs,
    nightHours: hours.map(beijingHour),
    nightFactor: edition.night?.factor ?? '1',
    floor: edition.floor,
    tiers: edition.tiers.map(({ upTo, price, discounted }, index) => ({
      above: edition.tiers[index - 1]?.upTo ?? '0',
      upTo,
      price: new Big(edition.hasDiscount && hasDiscount ? discounted : price).toFixed(),
    })),
  }
}
