// What is asked about a cell while its difference is explained.
import Big from 'big.js'
import type { PriceBook } from '../../model/price-book.ts'
import type { ConfigOf } from '../attempt-hours.ts'
import type { Cell } from './cell.ts'
import type { EdgeShift } from './day-edge.ts'

const zero = new Big(0)

export interface ReconcileRules {
  readonly book: PriceBook
  readonly configOf: ConfigOf
  readonly hasDiscount: boolean
  readonly billsAllDisk: boolean
}

export interface CellContext {
  readonly cell: Cell
  readonly rules: ReconcileRules
  /** Money of a CU. */
  readonly price: Big
  /** The least step of the bill's amounts. */
  readonly unit: Big
  /** How far rounding may take the money. */
  readonly slack: Big
  readonly edge: EdgeShift | null
  /** CU that the bill has more than we, neighbouring days put right; null when the bill tells no CU. */
  readonly cuMore: Big | null
  /** CU of an average call of the function; null when none is known. */
  readonly cuPerCall: Big | null
  /** Whether the bill has any line for the day, whoever's. */
  readonly isDayOnBill: boolean
  /** Whether any attempt, of whatever function, was on the day. */
  readonly isDayInAttempts: boolean
}

export function cuMoreOf({ bill, ours }: Cell, edge: EdgeShift | null, tellsCU: boolean): Big | null {
  const cu = bill === null ? (tellsCU ? zero : null) : bill.cu
  return cu === null ? null : cu.minus(ours.cu).minus(edge?.cu ?? zero)
}
