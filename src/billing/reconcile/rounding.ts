// How far rounding alone may take a bill from our sum.
import Big from 'big.js'
import type { Cell } from './cell.ts'

/** What quotients (an average price) may leave of an amount that is all told: far below the digits of any bill. */
export const crumb = new Big('0.000000001')

/** The least step of the bill's amounts: 0.01 for two digits. */
export const unitOf = (digits: number): Big => new Big(10).pow(-Math.min(digits, 20))

/**
 * Each line may be rounded by up to a step, up or down (facts §D.3). Where the bill has a line for every hour of ours, an hour whose
 * amount is whole steps is not rounded at all.
 */
export function slackOf({ ours, bill }: Cell, unit: Big): Big {
  const lines = bill?.lines ?? 0
  if (lines === 0) return crumb
  const uneven = ours.hours.filter(({ amount }) => !amount.mod(unit).eq(0)).length
  const rounded = lines >= ours.hours.length && ours.hours.length > 0 ? uneven : lines
  const slack = unit.times(rounded)
  return slack.gt(crumb) ? slack : crumb
}
