// Hours of instances from the store: from the table that sums them up, where it is up to date; else summed up there where that is exact;
// else attempt by attempt.
import { AttemptHours, type ConfigOf } from '../../billing/attempt-hours.ts'
import type { FunctionConfig } from '../../model/function-config.ts'
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { PriceBook } from '../../model/price-book.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { type QualifiedFunction, storedBilledAttempts, storedFunctions } from '../../store/bill/billed-attempts.ts'
import { type BillWindow, longestMs, type NamedFunction } from '../../store/bill/billed-spans.ts'
import { storedInstanceHours } from '../../store/bill/instance-hours.ts'
import { keptUsageHours, timelessAttempts, usageDebt } from '../../store/bill/usage-hours.ts'
import { boundariesOf } from './boundaries.ts'

export interface StoredHoursParts {
  readonly book: PriceBook
  readonly functions: readonly FunctionConfig[]
  readonly configOf: ConfigOf
  /** YYYY-MM in Beijing; null for everything. */
  readonly month: string | null
  /** Lives of instances are compared with them. */
  readonly byInstance: boolean
}

/** Fails with a `StoreError`. */
export async function* storedHours(store: StoreConnection, parts: StoredHoursParts): AsyncIterable<InstanceHour> {
  const { book, functions, configOf, month, byInstance } = parts
  const boundaries = boundariesOf(functions)
  // Only whole milliseconds add up in the store. Runs with a GPU are rounded up one by one.
  const isExact = book.editions.every(({ granularity }) => granularity.cpuMs === 1)
  const hasGpu = (of: QualifiedFunction): boolean =>
    [0, ...boundaries].some(at => (configOf(of, at)?.gpu ?? null) !== null)
  const isAnySingle = !isExact || functions.some(({ gpu }) => gpu !== null)
  const singly = isAnySingle ? (await storedFunctions(store)).filter(of => !isExact || hasGpu(of)) : []
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
  if (debt === null || debt.isAll) {
    yield* storedInstanceHours(store, { ...direct, hours: null })
    return
  }
  const unsure = [...new Set([...debt.hours, ...boundaries.flatMap(hoursBehind)])]
  yield* keptUsageHours(store, { ...window, exceptHours: unsure, except })
  yield* storedInstanceHours(store, { ...direct, hours: unsure.filter(hour => isWithin(hour, window)) })
  yield* await timelessAttempts(store, except)
}

/** Hours since 1970 in which there may be attempts from before a boundary: the table may know of other boundaries. */
function hoursBehind(boundaryMs: number): readonly number[] {
  const first = Math.floor(boundaryMs / hourMs)
  return Array.from({ length: longestMs / hourMs + 1 }, (_, index) => first + index)
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
