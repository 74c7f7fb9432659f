// Every cell with its difference, and the reasons for it.
import Big from 'big.js'
import { billAmountOf, type Cell } from './cell.ts'
import { type CellContext, cuMoreOf, type ReconcileRules } from './cell-context.ts'
import { type EdgeShift, findDayEdges } from './day-edge.ts'
import { Explanation } from './explanation.ts'
import { explainGap } from './open-reasons.ts'
import { isSettled, type Reason } from './reason.ts'
import { crumb, slackOf, unitOf } from './rounding.ts'
import { settle } from './settle.ts'
import { exceeds } from './threshold.ts'
import { UnitPrices } from './unit-price.ts'

export interface ExplainedCell {
  readonly cell: Cell
  /** To be paid, corrections included. */
  readonly billAmount: Big
  /** The bill's minus ours. */
  readonly difference: Big
  /** The greatest first. */
  readonly reasons: readonly Reason[]
  /** What no reason took. */
  readonly unexplained: Big
  /** The difference without what the bill itself accounts for. */
  readonly gap: Big
  /** The difference is above the threshold. */
  readonly isOver: boolean
  /** The gap is. */
  readonly isGap: boolean
}

export interface ExplainOptions {
  readonly rules: ReconcileRules
  /** Digits behind the point of the bill's amounts. */
  readonly digits: number
  readonly thresholdPercent: Big
}

const zero = new Big(0)

/** The cells must be in the order of days. */
export function explainCells(cells: readonly Cell[], options: ExplainOptions): readonly ExplainedCell[] {
  const unit = unitOf(options.digits)
  const tellsCU = cells.some(({ bill }) => bill !== null && bill.cu !== null)
  const prices = new UnitPrices(cells)
  const edges = new Map<Cell, EdgeShift>()
  const perCall = new Map<string, Big | null>()
  for (const [key, own] of Map.groupBy(cells, keyOf)) {
    for (const [cell, edge] of findDayEdges(own, unit)) edges.set(cell, edge)
    perCall.set(key, cuPerCallOf(own))
  }
  const billDays = new Set(cells.filter(({ bill }) => bill !== null && bill.lines > 0).map(dayOf))
  const ourDays = new Set(cells.filter(({ ours }) => ours.invocations > 0).map(dayOf))
  return cells.map(cell => {
    const edge = edges.get(cell) ?? null
    const context: CellContext = {
      cell,
      rules: options.rules,
      price: prices.of(cell),
      unit,
      slack: slackOf(cell, unit),
      edge,
      cuMore: cuMoreOf(cell, edge, tellsCU),
      cuPerCall: perCall.get(keyOf(cell)) ?? null,
      isDayOnBill: billDays.has(dayOf(cell)),
      isDayInAttempts: ourDays.has(dayOf(cell)),
    }
    return explained(context, options.thresholdPercent)
  })
}

function explained(context: CellContext, thresholdPercent: Big): ExplainedCell {
  const { cell } = context
  const billAmount = billAmountOf(cell)
  const difference = billAmount.minus(cell.ours.amount)
  const explanation = new Explanation(difference)
  explainGap(explanation, context, settle(explanation, context))
  const reasons = explanation.ranked()
  const settledAmount = reasons
    .filter(({ code }) => isSettled(code))
    .reduce((sum, { amount }) => sum.plus(amount ?? zero), zero)
  const gap = difference.minus(settledAmount)
  return {
    cell,
    billAmount,
    difference,
    reasons,
    unexplained:
      reasons.some(({ amount }) => amount === null) || explanation.rest.abs().lte(crumb) ? zero : explanation.rest,
    gap,
    isOver: exceeds(difference, baseOf(billAmount, cell.ours.amount), thresholdPercent),
    isGap: exceeds(gap, baseOf(cell.ours.amount.plus(gap), cell.ours.amount), thresholdPercent),
  }
}

/** What a percentage is of: the bill, and where it asks for nothing, our sum. */
export const baseOf = (bill: Big, ours: Big): Big => (bill.eq(0) ? ours : bill).abs()

const dayOf = ({ day, month }: Cell): string => day ?? month
const keyOf = ({ functionName, serviceName, region }: Cell): string =>
  JSON.stringify([region, serviceName, functionName])

/** CU of an average call, from days of which all durations are known; null without any. */
function cuPerCallOf(cells: readonly Cell[]): Big | null {
  const whole = cells.filter(({ left, ours }) => ours.invocations > 0 && (left.get('noDuration') ?? 0) === 0)
  const calls = whole.reduce((sum, { ours }) => sum + ours.invocations, 0)
  return calls === 0 ? null : whole.reduce((sum, { ours }) => sum.plus(ours.activeCU), zero).div(calls)
}
