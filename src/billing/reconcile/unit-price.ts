// What a CU is worth in a cell: differences of CU become money by it.
import Big from 'big.js'
import type { Cell } from './cell.ts'

const zero = new Big(0)

/** Average prices, where a cell has none of its own. */
export class UnitPrices {
  readonly #byFunction = new Map<string | null, Big>()
  readonly #all: Big

  constructor(cells: readonly Cell[]) {
    const groups = Map.groupBy(cells, ({ functionName }) => functionName)
    for (const [name, own] of groups) {
      const price = averageOf(own)
      if (price !== null) this.#byFunction.set(name, price)
    }
    this.#all = averageOf(cells) ?? zero
  }

  /** Ours; else the bill's own (list less discount); else the function's average; else everybody's. */
  of(cell: Cell): Big {
    return averageOf([cell]) ?? billPriceOf(cell) ?? this.#byFunction.get(cell.functionName) ?? this.#all
  }
}

function averageOf(cells: readonly Cell[]): Big | null {
  const cu = cells.reduce((sum, { ours }) => sum.plus(ours.cu), zero)
  const amount = cells.reduce((sum, { ours }) => sum.plus(ours.amount), zero)
  return cu.gt(0) ? amount.div(cu) : null
}

function billPriceOf({ bill }: Cell): Big | null {
  if (bill === null || bill.cu === null) return null
  const paid = bill.cu.minus(bill.deductedCU)
  const amount = bill.payable.plus(bill.coupon)
  return paid.gt(0) && amount.gt(0) ? amount.div(paid) : null
}
