// What is compared with what: a function on a day, our side and the bill's.
import Big from 'big.js'
import type { BilledName } from '../bill-import/bill-line.ts'
import type { BillCell, BillHour } from '../bill-import/bill-sums.ts'
import type { LeftReason } from '../gather-usage.ts'
import { noRuleCharge, type OtherRule, type OurFigures, type OurHour, otherRules, type RuleCharge } from './our-sums.ts'

export interface OurSide extends OurFigures {
  /** In the order of time. */
  readonly hours: readonly OurHour[]
}

export interface Cell extends BilledName {
  /** YYYY-MM */
  readonly month: string
  /** YYYY-MM-DD in Beijing; null in a bill by months. */
  readonly day: string | null
  readonly ours: OurSide
  /** Null when the bill has no line for it. */
  readonly bill: BillCell | null
  /** Calls that CloudMonitor counted; null when it was not asked, or has nothing of that day. */
  readonly monitored: number | null
  /** Attempts that our side leaves out, or of which it has only the call. */
  readonly left: ReadonlyMap<LeftReason, number>
}

const zero = new Big(0)

export function ourSideOf(hours: readonly OurHour[]): OurSide {
  const sum = (of: (hour: OurHour) => Big): Big => hours.reduce((all, hour) => all.plus(of(hour)), zero)
  const count = (of: (hour: OurHour) => number): number => hours.reduce((all, hour) => all + of(hour), 0)
  const byOtherRules: Record<OtherRule, RuleCharge> = {
    noFloor: noRuleCharge,
    otherDisk: noRuleCharge,
    otherDiscount: noRuleCharge,
  }
  for (const rule of otherRules) {
    byOtherRules[rule] = {
      cu: sum(hour => hour.byOtherRules[rule].cu),
      amount: sum(hour => hour.byOtherRules[rule].amount),
    }
  }
  return {
    invocations: count(({ invocations }) => invocations),
    activeMs: count(({ activeMs }) => activeMs),
    asleepMs: count(({ asleepMs }) => asleepMs),
    cuExact: sum(({ cuExact }) => cuExact),
    activeCU: sum(({ activeCU }) => activeCU),
    cu: sum(({ cu }) => cu),
    amount: sum(({ amount }) => amount),
    byOtherRules,
    hours,
  }
}

/** What the bill asks for: usage, and what was corrected and rounded on it. */
export const billAmountOf = ({ bill }: Cell): Big =>
  bill === null ? zero : bill.payable.plus(bill.adjustment).plus(bill.rounding)

/** Two parts of a bill whose names became one. */
export function mergedBill(a: BillCell, b: BillCell): BillCell {
  const both = (x: Big | null, y: Big | null): Big | null => (x === null ? y : y === null ? x : x.plus(y))
  const hours = new Map<number, BillHour>(a.hours)
  for (const [hourMs, hour] of b.hours) {
    const known = hours.get(hourMs)
    hours.set(
      hourMs,
      known === undefined ? hour : { cu: known.cu.plus(hour.cu), payable: known.payable.plus(hour.payable) },
    )
  }
  const unknownItems = new Map(a.unknownItems)
  for (const [item, lines] of b.unknownItems) unknownItems.set(item, (unknownItems.get(item) ?? 0) + lines)
  return {
    ...a,
    lines: a.lines + b.lines,
    payable: a.payable.plus(b.payable),
    list: a.list === null || b.list === null ? null : a.list.plus(b.list),
    discount: a.discount.plus(b.discount),
    coupon: a.coupon.plus(b.coupon),
    plan: a.plan.plus(b.plan),
    roundedOff: a.roundedOff.plus(b.roundedOff),
    adjustment: a.adjustment.plus(b.adjustment),
    adjustmentLines: a.adjustmentLines + b.adjustmentLines,
    rounding: a.rounding.plus(b.rounding),
    cu: both(a.cu, b.cu),
    asleepCU: a.asleepCU.plus(b.asleepCU),
    deductedCU: a.deductedCU.plus(b.deductedCU),
    invocations: both(a.invocations, b.invocations),
    hours,
    unknownItems,
  }
}
