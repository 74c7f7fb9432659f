// What the worker needs to price hours.
import { createHash } from 'node:crypto'
import type { FunctionLookup } from '../../config/function-lookup.ts'
import type { FunctionConfig } from '../../model/function-config.ts'
import type { PriceBook } from '../../model/price-book.ts'
import { boundariesOf } from './boundaries.ts'

export interface BillParts {
  readonly book: PriceBook
  readonly functions: readonly FunctionConfig[]
  readonly configOf: FunctionLookup
  readonly billsAllDisk: boolean
  readonly hasDiscount: boolean
}

/** Changes with everything that a price depends on. */
export function ratesIdOf({ book, functions, billsAllDisk, hasDiscount }: BillParts): string {
  const all = JSON.stringify([rulesVersion, book, functions, billsAllDisk, hasDiscount])
  return createHash('sha256').update(all).digest('hex').slice(0, 32)
}

/** To be raised when src/billing comes to other figures for the same book. */
const rulesVersion = 1

/** A bill rounds times of these up one by one, so that they do not add up in the store: those with a GPU, or all by some books. */
export function roundsTimesOf({ book, functions, configOf }: Omit<BillParts, 'billsAllDisk' | 'hasDiscount'>): {
  readonly isAny: boolean
  readonly rounds: (of: Parameters<FunctionLookup>[0]) => boolean
} {
  const isExact = book.editions.every(({ granularity }) => granularity.cpuMs === 1)
  const eras = [0, ...boundariesOf(functions)]
  return {
    isAny: !isExact || functions.some(({ gpu }) => gpu !== null),
    rounds: of => !isExact || eras.some(at => (configOf(of, at)?.gpu ?? null) !== null),
  }
}
