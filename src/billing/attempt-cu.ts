// What single attempts come to in CU, each as if its instance had served nothing else (contract §4 `cu`). Called for every attempt.
import Big from 'big.js'
import type { Attempt } from '../model/attempt.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import type { PriceBook, PriceEdition } from '../model/price-book.ts'
import { roundedUp } from './active-runs.ts'
import type { ConfigOf } from './attempt-hours.ts'
import { busyMs, isBilled, isCall } from './billed-attempt.ts'
import { editionAt } from './edition-at.ts'
import { isNight } from './night.ts'
import { sizeOf, usageOf } from './usage.ts'

/** CU as an exact decimal of at most 15 places; null when nobody knows the size of the instance or how long it ran. */
export type CUOf = (attempt: Attempt) => string | null

/** Places of what is given out: enough for whole milliseconds of sizes that are multiples of 2 MB. */
const places = 15
/** Places of a rate, so that a day of what is cut off does not show. */
const ratePlaces = 25
const rateScale = 10n ** BigInt(ratePlaces - places)

/** CU of a millisecond and of a call, times 10^25. */
interface Rates {
  readonly perMs: bigint
  readonly perCall: bigint
  /** What time is rounded up to, in ms. */
  readonly stepMs: number
}

/** Figures of each size are calculated once; an attempt costs a multiplication then. */
export function createCUOf(parts: {
  readonly book: PriceBook
  readonly configOf: ConfigOf
  readonly billsAllDisk: boolean
}): CUOf {
  const { book, configOf, billsAllDisk } = parts
  const byEdition = new Map<PriceEdition, Map<FunctionConfig, Map<number, Rates | null>>>()

  const ratesOf = (config: FunctionConfig, memoryMB: number | null, atMs: number | null): Rates | null => {
    const edition = editionOf(book, atMs)
    const night = atMs !== null && isNight(atMs, edition)
    if (atMs === null && edition.night !== null) return null
    const byConfig = known(byEdition, edition, () => new Map<FunctionConfig, Map<number, Rates | null>>())
    // The sign tells night from day.
    const key = (memoryMB ?? 0) * (night ? -1 : 1)
    return known(
      known(byConfig, config, () => new Map()),
      key,
      () => {
        const size = sizeOf(config, memoryMB)
        if (size === null) return null
        const rules = { edition, billsAllDisk, isNight: night }
        const of = (activeMs: number, invocations: number): bigint =>
          scaled(usageOf({ activeMs, invocations, asleepMs: 0 }, size, rules).cuExact)
        const { gpuMs, cpuMs } = edition.granularity
        return { perMs: of(1, 0), perCall: of(0, 1), stepMs: size.gpu === null ? cpuMs : gpuMs }
      },
    )
  }

  return attempt => {
    const atMs = attempt.startTimeMs ?? attempt.endTimeMs
    const config = configOf(attempt, atMs ?? Number.NaN)
    if (config === null) return null
    const rates = ratesOf(config, attempt.memoryMB, atMs)
    if (rates === null) return null
    if (!isBilled(attempt)) return '0'
    const ms = busyMs(attempt, config.gpu !== null)
    if (ms === null) return null
    const cu = rates.perMs * BigInt(roundedUp(ms, rates.stepMs)) + (isCall(attempt) ? rates.perCall : 0n)
    return decimal((cu + rateScale / 2n) / rateScale)
  }
}

/** Factors are older than their prices, and have not changed: what ran before the book began is told by its first edition. */
function editionOf(book: PriceBook, atMs: number | null): PriceEdition {
  const edition = atMs === null ? book.editions.at(-1) : (editionAt(book, atMs) ?? book.editions[0])
  if (edition === undefined) throw new RangeError('BUG: a book without editions')
  return edition
}

const scaled = (cu: Big): bigint => BigInt(cu.times(new Big(10).pow(ratePlaces)).round(0).toFixed())

function decimal(scaledCU: bigint): string {
  const digits = scaledCU.toString().padStart(places + 1, '0')
  let end = digits.length
  const point = end - places
  while (end > point && digits.charCodeAt(end - 1) === zeroCode) end -= 1
  return end === point ? digits.slice(0, point) : `${digits.slice(0, point)}.${digits.slice(point, end)}`
}

const zeroCode = 48

function known<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
