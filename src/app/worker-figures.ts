// What a worker's settings say of functions: their sizes, and what their attempts cost.
import { openFunctionFigures } from './function-figures.ts'
import { type FunctionFigures, unknownFunctions } from './unknown-functions.ts'
import type { WorkerSettings } from './worker-sections.ts'

export function figuresOf({ functions, billing }: WorkerSettings): FunctionFigures {
  if (functions === undefined) return unknownFunctions
  const { book, bookFile, allDisk, discount } = billing
  return openFunctionFigures({ functions, book: bookFile ?? book, billsAllDisk: allDisk, hasDiscount: discount })
}
