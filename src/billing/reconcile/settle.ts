// Reasons that the bill itself tells, or that follow from its rules: deductions, corrections, rounding, the day's edge, other rules.
import Big from 'big.js'
import type { BillCell } from '../bill-import/bill-sums.ts'
import type { OurSide } from './cell.ts'
import type { CellContext } from './cell-context.ts'
import type { Explanation } from './explanation.ts'
import { explainPrice } from './price-reasons.ts'
import type { Fact } from './reason.ts'
import { crumb } from './rounding.ts'

const zero = new Big(0)

/** Gives the CU that are still apart; null when the bill tells none. */
export function settle(explanation: Explanation, context: CellContext): Big | null {
  const { bill } = context.cell
  if (bill !== null) takeCorrections(explanation, bill)
  if (context.edge !== null) takeEdge(explanation, context)
  if (bill === null) return context.cuMore
  const cuMore = takeRoundedCU(explanation, context, bill)
  if (!isFloored(context) || (cuMore?.eq(0) === true && context.edge === null))
    takeDiscountColumns(explanation, context, bill)
  takePlan(explanation, { context, bill, cuMore })
  const rest = takeOtherRules(explanation, { context, bill, cuMore })
  if (rest === null || rest.eq(0)) explainPrice(explanation, context, bill)
  takeRounding(explanation, context, bill)
  return rest
}

function takeCorrections(explanation: Explanation, bill: BillCell): void {
  const { adjustment, adjustmentLines, coupon, rounding, roundedOff } = bill
  explanation.take('adjustment', adjustment, [{ fact: 'adjustmentLines', lines: adjustmentLines }])
  explanation.take('coupon', coupon.neg(), [{ fact: 'coupons', amount: coupon.toFixed() }])
  const off = rounding.minus(roundedOff)
  explanation.take('roundingFloor', off, [{ fact: 'roundedOff', amount: off.neg().toFixed() }])
}

function takeEdge(explanation: Explanation, { edge }: CellContext): void {
  if (edge === null) return
  explanation.take('timeZoneEdge', edge.amount ?? explanation.rest, edge.facts)
}

/** The bill may round CU up for more things than we do (each version of a function), or for fewer (the day). */
function takeRoundedCU(explanation: Explanation, context: CellContext, bill: BillCell): Big | null {
  const { cell, cuMore, price } = context
  const { ours } = cell
  if (cuMore === null || cuMore.eq(0) || bill.cu === null || ours.cu.eq(0)) return cuMore
  const isLess = cuMore.lt(0) && ours.cu.plus(cuMore).plus(1).gt(ours.cuExact)
  const isMore = cuMore.gt(0) && cuMore.lt(bill.lines - ours.hours.length)
  if (!isLess && !isMore) return cuMore
  const facts: Fact[] = [
    { fact: 'roundedCU', ours: ours.cu.toFixed(), exact: ours.cuExact.toFixed(), bill: bill.cu.toFixed() },
  ]
  const worth = cuMore.times(price)
  const isAll = explanation.rest.minus(worth).abs().lte(context.slack)
  explanation.take('roundingFloor', isAll ? explanation.rest : worth, facts, !isAll)
  return zero
}

/** Our sum at list price. */
const ourList = ({ amount, byOtherRules }: OurSide, hasDiscount: boolean): Big =>
  hasDiscount ? byOtherRules.otherDiscount.amount : amount

/** The least price of hours has no discount, so shares can be compared only where both sides have the same hours. */
const isFloored = ({ cell: { ours } }: CellContext): boolean => !ours.byOtherRules.noFloor.amount.eq(ours.amount)

/** By the columns of list price and discount, where they lead to what is to be paid. */
function takeDiscountColumns(explanation: Explanation, context: CellContext, bill: BillCell): void {
  const { cell, rules } = context
  const { list, discount, coupon, roundedOff, payable } = bill
  // Both columns may be rounded in each line.
  const slack = slackWithoutFloor(context, bill)
  if (list === null || list.lte(0)) return
  const isWhole = list.minus(discount).minus(coupon).minus(roundedOff).minus(payable).abs().lte(slack)
  if (!isWhole) return
  const own = ourList(cell.ours, rules.hasDiscount)
  if (own.lte(0)) return
  const off = own.minus(cell.ours.amount)
  // Multiplied out: a quotient would leave a crumb where both are the same.
  const more = discount.times(own).minus(list.times(off))
  if (more.abs().lte(slack.times(own))) return
  const shares = { ours: shown(off.div(own)), bill: shown(discount.div(list)) }
  if (shares.ours === shares.bill) return
  const facts: Fact[] = [{ fact: 'discounts', ...shares }]
  explanation.take('discount', more.neg().div(own), facts)
}

/** A share for the eye: four digits behind the point. */
const shown = (share: Big): string => share.round(4).toFixed()

function takePlan(
  explanation: Explanation,
  { context, bill, cuMore }: { context: CellContext; bill: BillCell; cuMore: Big | null },
): void {
  const { deductedCU, plan, cu } = bill
  if (deductedCU.lte(0) && plan.lte(0)) return
  const facts: Fact[] = []
  if (deductedCU.gt(0)) facts.push({ fact: 'deducted', cu: deductedCU.toFixed(), of: cu?.toFixed() ?? '0' })
  if (plan.gt(0)) facts.push({ fact: 'deductedMoney', amount: plan.toFixed() })
  // Where usage is the same, all that the bill is lower by is the plan's: also the least price of hours.
  const isSameUsage = cuMore?.eq(0) ?? false
  if (isSameUsage && explanation.rest.lt(0)) {
    explanation.take('resourcePlan', explanation.rest, facts)
    return
  }
  const own = ourList(context.cell.ours, context.rules.hasDiscount)
  const paid = own.gt(0) ? context.cell.ours.amount.div(own) : new Big(1)
  const worth = deductedCU.times(context.price).plus(plan.times(paid))
  explanation.take('resourcePlan', worth.neg(), facts, true)
}

/** Rules that a bill might follow instead of ours, where they lead to exactly its figures. */
function takeOtherRules(
  explanation: Explanation,
  { context, bill, cuMore }: { context: CellContext; bill: BillCell; cuMore: Big | null },
): Big | null {
  const { cell, slack } = context
  const { amount, cu, byOtherRules, hours } = cell.ours
  const { rest } = explanation
  const { noFloor, otherDisk } = byOtherRules
  const moreDisk = otherDisk.cu.minus(cu)
  if (!moreDisk.eq(0) && (cuMore?.eq(moreDisk) ?? rest.minus(otherDisk.amount.minus(amount)).abs().lte(slack))) {
    explanation.take('diskRule', rest, [{ fact: 'matchesAllDisk' }])
    return cuMore === null ? null : zero
  }
  if (cuMore !== null && !cuMore.eq(0)) return cuMore
  const lessFloor = noFloor.amount.minus(amount)
  const isWithout = rest.lt(0) && rest.minus(lessFloor).abs().lte(slackWithoutFloor(context, bill))
  if (lessFloor.lt(0) && isWithout) {
    const raised = hours.filter(hour => hour.byOtherRules.noFloor.amount.lt(hour.amount)).length
    explanation.take('roundingFloor', rest, [{ fact: 'noFloor', hours: raised, amount: lessFloor.neg().toFixed() }])
  }
  return cuMore
}

/** Hours at the least price are whole steps; without it they are not, so each line may have been rounded. */
const slackWithoutFloor = ({ slack, unit }: CellContext, { lines }: BillCell): Big => {
  const all = unit.times(lines)
  return all.gt(slack) ? all : slack
}

function takeRounding(explanation: Explanation, { slack, unit }: CellContext, { lines }: BillCell): void {
  const { rest } = explanation
  if (rest.abs().gt(crumb) && rest.abs().lte(slack))
    explanation.take('roundingFloor', rest, [{ fact: 'roundedLines', unit: unit.toFixed(), lines }])
}
