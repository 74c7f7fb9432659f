// Our sum against the bill's: cells with reasons, lines that belong to no cell, totals, and what a reader has to know beforehand.
import Big from 'big.js'
import type { AccountLines } from '../bill-import/bill-sums.ts'
import type { FunctionHour } from '../gather-usage.ts'
import type { ReconcileRules } from './cell-context.ts'
import { baseOf, type ExplainedCell, explainCells } from './explain-cells.ts'
import { gatherCells, type Sides } from './gather-cells.ts'
import { priceHours } from './our-sums.ts'
import type { ReasonCode } from './reason.ts'
import { exceeds } from './threshold.ts'
import { type Warning, warningsOf } from './warnings.ts'

export interface ReconcileInput extends Omit<Sides, 'ours'> {
  /** In the order of time. */
  readonly hours: readonly FunctionHour[]
  readonly rules: ReconcileRules
  readonly thresholdPercent: Big
}

/** Lines of the bill that belong to no function and day. */
export interface AccountDifference {
  /** Null for what is no part of the comparison: plans that were bought. */
  readonly reason: ReasonCode | null
  readonly lines: number
  readonly amount: Big
  readonly places: readonly string[]
  readonly isGap: boolean
}

export interface ReasonTotal {
  readonly code: ReasonCode | 'unexplained'
  /** Of what has an amount. */
  readonly amount: Big
  readonly cells: number
}

export interface Reconciliation {
  /** Sorted by day, then name. */
  readonly cells: readonly ExplainedCell[]
  readonly account: readonly AccountDifference[]
  readonly ours: Big
  readonly bill: Big
  readonly difference: Big
  /** The greatest first. */
  readonly reasons: readonly ReasonTotal[]
  readonly warnings: readonly Warning[]
  /** A gap above the threshold is left. */
  readonly isGap: boolean
}

const zero = new Big(0)

const accountReasons: Readonly<Record<AccountLines['kind'], ReasonCode | null>> = {
  unmappedLine: 'unmappedLine',
  undatedLine: 'undatedLine',
  adjustment: 'adjustment',
  rounding: 'roundingFloor',
  planPurchase: null,
}

export function reconcile({
  bill,
  hours,
  leftOut,
  monitored,
  rules,
  thresholdPercent,
}: ReconcileInput): Reconciliation {
  const ours = priceHours(hours, rules)
  const gathered = gatherCells({ bill, ours, leftOut, monitored })
  const cells = explainCells(gathered, { rules, digits: bill.digits, thresholdPercent })
  const compared = bill.account.filter(({ kind }) => accountReasons[kind] !== null)
  const ourTotal = sum(cells.map(({ cell }) => cell.ours.amount))
  const billTotal = sum([...cells.map(({ billAmount }) => billAmount), ...compared.map(({ amount }) => amount)])
  const account = bill.account.map(({ kind, lines, amount, places }) => {
    const isUnknown = kind === 'unmappedLine' || kind === 'undatedLine'
    const isGap = isUnknown && exceeds(amount, baseOf(billTotal, ourTotal), thresholdPercent)
    return { reason: accountReasons[kind], lines, amount, places, isGap }
  })
  return {
    cells,
    account,
    ours: ourTotal,
    bill: billTotal,
    difference: billTotal.minus(ourTotal),
    reasons: totalsOf(cells, account),
    warnings: warningsOf({ bill, cells: gathered, leftOut }),
    isGap: cells.some(({ isGap }) => isGap) || account.some(({ isGap }) => isGap),
  }
}

const sum = (amounts: readonly Big[]): Big => amounts.reduce((all, amount) => all.plus(amount), zero)

function totalsOf(cells: readonly ExplainedCell[], account: readonly AccountDifference[]): readonly ReasonTotal[] {
  const totals = new Map<ReasonTotal['code'], { amount: Big; cells: number }>()
  const add = (code: ReasonTotal['code'], amount: Big, count: number): void => {
    const total = totals.get(code) ?? { amount: zero, cells: 0 }
    totals.set(code, { amount: total.amount.plus(amount), cells: total.cells + count })
  }
  for (const { reasons, unexplained } of cells) {
    for (const { code, amount } of reasons) add(code, amount ?? zero, 1)
    if (!unexplained.eq(0)) add('unexplained', unexplained, 1)
  }
  for (const { reason, amount } of account) if (reason !== null) add(reason, amount, 0)
  return [...totals]
    .map(([code, total]) => ({ code, ...total }))
    .sort((a, b) => b.amount.abs().cmp(a.amount.abs()) || (a.code < b.code ? -1 : 1))
}
