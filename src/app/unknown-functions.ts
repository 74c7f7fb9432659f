// Functions of which nothing is known but what logs say.
import type { CUOf } from '../billing/attempt-cu.ts'
import type { FunctionLookup } from '../config/function-lookup.ts'
import type { AttemptCosts } from '../model/attempt-costs.ts'
import type { BillParts } from './bill/bill-parts.ts'

export interface FunctionFigures {
  readonly configOf: FunctionLookup
  readonly cuOf: CUOf
  readonly costs: AttemptCosts | null
  readonly bill: BillParts | null
}

export const unknownFunctions: FunctionFigures = { configOf: () => null, cuOf: () => null, costs: null, bill: null }
