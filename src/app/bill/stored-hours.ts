// Hours of instances from the store: from the table that sums them up, where it is up to date; else summed up there where that is exact;
// else attempt by attempt.
import { AttemptHours } from '../../billing/attempt-hours.ts'
import type { FunctionLookup } from '../../config/function-lookup.ts'
import type { FunctionConfig } from '../../model/function-config.ts'
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { PriceBook } from '../../model/price-book.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { storedBilledAttempts, storedFunctions } from '../../store/bill/billed-attempts.ts'
import type { BillWindow, NamedFunction } from '../../store/bill/billed-spans.ts'
import { storedInstanceHours } from '../../store/bill/instance-hours.ts'
import { hoursBehind, keptUsageHours, timelessAttempts, usageDebt } from '../../store/bill/usage-hours.ts'
import { roundsTimesOf } from './bill-parts.ts'
import { boundariesOf } from './boundaries.ts'

export interface StoredHoursParts {
  readonly book: PriceBook
  readonly functions: readonly FunctionConfig[]
  readonly configOf: FunctionLookup
  /** YYYY-MM in Beijing; null for everything. */
  readonly month: string | null
  /** Lives of instances are compared with them. */
  readonly byInstance: boolean
}

/** Fails with a `StoreError`. */
export async function* storedHours(store: StoreConnection, parts: StoredHoursParts): AsyncIterable<InstanceHour> {
  const { book, functions, configOf, month, byInstance } = parts
  const boundaries = boundariesOf(functions)
  const { isAny, rounds } = roundsTimesOf({ book, functions, configOf })
  const singly = isAny ? (await storedFunctions(store)).filter(rounds) : []
  const window = windowOf(month)
  yield* summedHours(store, { window, boundaries, byInstance, except: singly })
  if (singly.length === 0) return
  const hours = new AttemptHours({ book, configOf })
  for await (const attempt of storedBilledAttempts(store, { ...window, functions: singly })) hours.add(attempt)
  yield* hours.hours()
}

async function* summedHours(
  store: StoreConnection,
  wish: {
    readonly window: BillWindow
    readonly boundaries: readonly number[]
    readonly byInstance: boolean
    readonly except: readonly NamedFunction[]
  },
): AsyncIterable<InstanceHour> {
  const { window, boundaries, byInstance, except } = wish
  const debt = byInstance ? null : await usageDebt(store)
  const direct = { ...window, boundaries, byInstance, except }
  if (debt === null || debt.known === 0) {
    yield* storedInstanceHours(store, { ...direct, hours: null })
    return
  }
  const unsure = [...new Set([...debt.hours, ...boundaries.flatMap(hoursBehind)])]
  yield* keptUsageHours(store, { ...window, exceptHours: unsure, except })
  yield* storedInstanceHours(store, { ...direct, hours: unsure.filter(hour => isWithin(hour, window)) })
  yield* await timelessAttempts(store, except)
}

const hourMs = 3_600_000

const isWithin = (hour: number, { fromMs, toMs }: BillWindow): boolean =>
  (fromMs === null || hour * hourMs >= fromMs) && (toMs === null || hour * hourMs < toMs)

/** Hours of a month. */
export function windowOf(month: string | null): BillWindow {
  if (month === null) return { fromMs: null, toMs: null }
  const [year = 0, number = 0] = month.split('-').map(Number)
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
  const begins = (of: string): number => Date.parse(`${of}-01T00:00:00+08:00`)
  return { fromMs: begins(month), toMs: begins(next) }
}
