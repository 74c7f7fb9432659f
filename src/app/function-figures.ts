// What functions.yaml says of functions, and with a price book what their attempts come to.
import { createAttemptCosts } from '../billing/attempt-costs.ts'
import { createCUOf } from '../billing/attempt-cu.ts'
import { createFunctionLookup } from '../config/function-lookup.ts'
import { loadFunctions } from '../config/load-functions.ts'
import { openPriceBook } from './bill/price-books.ts'
import type { FunctionFigures } from './unknown-functions.ts'

export interface FiguresOptions {
  /** Path of functions.yaml. */
  readonly functions: string
  /** A book's name, or a file. */
  readonly book: string
  readonly billsAllDisk: boolean
  readonly hasDiscount: boolean
}

/** Fails as `loadFunctions` and `openPriceBook` do. */
export function openFunctionFigures(options: FiguresOptions): FunctionFigures {
  const { billsAllDisk, hasDiscount } = options
  const functions = loadFunctions(options.functions)
  const configOf = createFunctionLookup(functions)
  const book = openPriceBook(options.book)
  return {
    configOf,
    cuOf: createCUOf({ book, configOf, billsAllDisk }),
    costs: createAttemptCosts({ book, configOf, hasDiscount }),
    bill: { book, functions, configOf, billsAllDisk, hasDiscount },
  }
}
