// Hours of instances from the store: summed up there where that is exact, else attempt by attempt.
import { AttemptHours, type ConfigOf } from '../../billing/attempt-hours.ts'
import type { FunctionConfig } from '../../model/function-config.ts'
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { PriceBook } from '../../model/price-book.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { type QualifiedFunction, storedBilledAttempts, storedFunctions } from '../../store/bill/billed-attempts.ts'
import type { BillWindow } from '../../store/bill/billed-spans.ts'
import { storedInstanceHours } from '../../store/bill/instance-hours.ts'
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
  const singly = (await storedFunctions(store)).filter(of => !isExact || hasGpu(of))
  const window = windowOf(month)
  yield* storedInstanceHours(store, { ...window, boundaries, byInstance, except: singly })
  if (singly.length === 0) return
  const hours = new AttemptHours({ book, configOf })
  for await (const attempt of storedBilledAttempts(store, { ...window, functions: singly })) hours.add(attempt)
  yield* hours.hours()
}

/** Hours of a month. */
export function windowOf(month: string | null): BillWindow {
  if (month === null) return { fromMs: null, toMs: null }
  const [year = 0, number = 0] = month.split('-').map(Number)
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
  const begins = (of: string): number => Date.parse(`${of}-01T00:00:00+08:00`)
  return { fromMs: begins(month), toMs: begins(next) }
}
