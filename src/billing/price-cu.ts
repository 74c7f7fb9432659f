// What CU cost: each part of a month's CU at the price of its tier (facts §D.2).
import Big from 'big.js'
import type { PriceEdition } from '../model/price-book.ts'

/** What some CU cost in one tier. */
export interface TierAmount {
  /** The tier's last CU of the month; null in the last tier. */
  readonly upTo: string | null
  readonly cu: Big
  /** Of a CU. */
  readonly price: Big
  readonly amount: Big
}

/** Prices as numbers, made once for many questions. */
export class CUPrices {
  readonly #tiers: readonly { readonly upTo: string | null; readonly end: Big | null; readonly price: Big }[]

  /** With `hasDiscount` false list prices count, whatever the edition gives. */
  constructor({ tiers, hasDiscount: isGiven }: PriceEdition, hasDiscount: boolean) {
    this.#tiers = tiers.map(({ upTo, price, discounted }) => ({
      upTo,
      end: upTo === null ? null : new Big(upTo),
      price: new Big(isGiven && hasDiscount ? discounted : price),
    }))
  }

  /** The tiers that `cu` more CU fall into, when the month had `before` already. No CU cost nothing, in the tier of the next one. */
  tiersOf(cu: Big, before: Big): readonly TierAmount[] {
    const found: TierAmount[] = []
    let at = before
    let left = cu
    for (const { upTo, end, price } of this.#tiers) {
      if (end?.lte(at)) continue
      const room = end === null ? left : end.minus(at)
      const part = room.lt(left) ? room : left
      found.push({ upTo, cu: part, price, amount: part.times(price) })
      at = at.plus(part)
      left = left.minus(part)
      if (left.eq(0)) break
    }
    return found
  }

  amountOf(cu: Big, before: Big): Big {
    return this.tiersOf(cu, before).reduce((sum, { amount }) => sum.plus(amount), new Big(0))
  }
}
