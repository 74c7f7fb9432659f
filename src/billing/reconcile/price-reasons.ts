// Where usage is the same and money is not: the bill has another price for a CU.
import type Big from 'big.js'
import type { PriceEdition } from '../../model/price-book.ts'
import type { BillCell } from '../bill-import/bill-sums.ts'
import { editionAt } from '../edition-at.ts'
import type { CellContext } from './cell-context.ts'
import type { Explanation } from './explanation.ts'
import type { Fact } from './reason.ts'

/** Digits of a price in a message. */
const digits = 10

export function explainPrice(explanation: Explanation, context: CellContext, bill: BillCell): void {
  const { cell, slack } = context
  const { ours } = cell
  const { rest } = explanation
  if (rest.abs().lte(slack) || ours.cu.eq(0)) return
  const other = ours.byOtherRules.otherDiscount.amount.minus(ours.amount)
  if (!other.eq(0) && rest.minus(other).abs().lte(slack)) {
    explanation.take('discount', rest, [{ fact: 'matchesListPrices' }])
    return
  }
  // Without the bill's CU nobody knows whether its usage is ours.
  if (bill.cu === null || context.cuMore === null) return
  const prices = pricesOf(context, bill)
  const isTier = prices !== null && !prices.bill.eq(prices.ours) && isTierPrice(editionOf(context), prices.bill)
  const facts: Fact[] =
    prices === null
      ? [{ fact: 'cu', ours: ours.cu.toFixed(), bill: bill.cu.toFixed() }]
      : [{ fact: 'listPrices', ours: prices.ours.round(digits).toFixed(), bill: prices.bill.round(digits).toFixed() }]
  const isFloored = !ours.byOtherRules.noFloor.amount.eq(ours.amount)
  explanation.take(isTier && !isFloored ? 'tierPosition' : 'otherPrice', rest, facts)
}

/** List prices of a CU; null when the bill tells none. */
function pricesOf({ cell, rules }: CellContext, bill: BillCell): { readonly ours: Big; readonly bill: Big } | null {
  const paid = bill.cu?.minus(bill.deductedCU)
  if (bill.list === null || paid === undefined || paid.lte(0) || bill.list.lte(0)) return null
  const { amount, byOtherRules, cu } = cell.ours
  const list = rules.hasDiscount ? byOtherRules.otherDiscount.amount : amount
  return { ours: list.div(cu), bill: bill.list.div(paid) }
}

const editionOf = ({ cell, rules }: CellContext): PriceEdition | null => {
  const [first] = cell.ours.hours
  return first === undefined ? null : editionAt(rules.book, first.hourMs)
}

/** Between the dearest and the cheapest tier: a day may cross from one into the next. */
function isTierPrice(edition: PriceEdition | null, price: Big): boolean {
  const [first] = edition?.tiers ?? []
  const last = edition?.tiers.at(-1)
  return first !== undefined && last !== undefined && price.lte(first.price) && price.gte(last.price)
}
