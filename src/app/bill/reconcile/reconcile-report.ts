// A reconciliation as it is given out: exact decimals as texts (contract §7, docs/reconcile.md).
import Big from 'big.js'
import type { BilledName } from '../../../billing/bill-import/bill-line.ts'
import type { Bill } from '../../../billing/bill-import/bill-reader.ts'
import type { LeftOut } from '../../../billing/gather-usage.ts'
import { baseOf, type ExplainedCell } from '../../../billing/reconcile/explain-cells.ts'
import { type Fact, isSettled, type Reason, type ReasonCode } from '../../../billing/reconcile/reason.ts'
import type { Reconciliation } from '../../../billing/reconcile/reconcile.ts'
import { percentOf } from '../../../billing/reconcile/threshold.ts'
import type { Warning } from '../../../billing/reconcile/warnings.ts'

/** `difference` is the bill's amount minus ours, `percent` of the bill's; `gap` is what the bill itself does not account for. */
export interface SumsReport {
  readonly ours: string
  readonly bill: string
  readonly difference: string
  readonly percent: string | null
  readonly gap: string
}

export interface ReasonReport {
  readonly reason: ReasonCode
  readonly amount: string | null
  readonly isEstimate: boolean
  readonly isSettled: boolean
  readonly facts: readonly Fact[]
}

export interface CellReport extends BilledName {
  readonly month: string
  readonly day: string | null
  readonly ours: {
    readonly invocations: number
    readonly cuExact: string
    readonly cu: string
    readonly amount: string
  }
  readonly bill: {
    readonly lines: number
    readonly cu: string | null
    readonly deductedCU: string
    readonly list: string | null
    readonly discount: string
    readonly coupon: string
    readonly payable: string
    readonly adjustment: string
    readonly amount: string
  } | null
  /** CloudMonitor's; null when it was not asked, or has nothing of that day. */
  readonly monitoredInvocations: number | null
  readonly difference: string
  readonly percent: string | null
  readonly isOver: boolean
  readonly gap: string
  readonly isGap: boolean
  readonly reasons: readonly ReasonReport[]
  readonly unexplained: string
}

export interface ReconcileReport {
  readonly book: string
  readonly mapping: string
  readonly currency: string
  readonly thresholdPercent: string
  /** A gap above the threshold is left: exit status 1. */
  readonly isGap: boolean
  readonly total: SumsReport
  readonly reasons: readonly {
    readonly reason: ReasonCode | 'unexplained'
    readonly amount: string
    readonly cells: number
    /** The bill itself accounts for it. */
    readonly isSettled: boolean
  }[]
  readonly functions: readonly (BilledName & SumsReport & { readonly cellsOver: number })[]
  readonly days: readonly (SumsReport & { readonly month: string; readonly day: string | null })[]
  readonly cells: readonly CellReport[]
  /** Lines that belong to no function and day; without a reason they are no part of the sums. */
  readonly account: readonly {
    readonly reason: ReasonCode | null
    readonly lines: number
    readonly amount: string
    readonly places: readonly string[]
    readonly isGap: boolean
  }[]
  readonly billRows: number
  readonly billLines: number
  readonly leftOut: readonly LeftOut[]
  readonly warnings: readonly Warning[]
}

export interface ReportParts {
  readonly result: Reconciliation
  readonly bill: Bill
  readonly book: string
  readonly mapping: string
  readonly thresholdPercent: Big
  readonly leftOut: readonly LeftOut[]
}

const zero = new Big(0)

export function reconcileReport({
  result,
  bill,
  book,
  mapping,
  thresholdPercent,
  leftOut,
}: ReportParts): ReconcileReport {
  const { cells, account } = result
  const accountGap = account.reduce(
    (sum, { reason, amount }) => (reason === null || isSettled(reason) ? sum : sum.plus(amount)),
    zero,
  )
  const gap = cells.reduce((sum, cell) => sum.plus(cell.gap), accountGap)
  return {
    book,
    mapping,
    currency: bill.currency,
    thresholdPercent: thresholdPercent.toFixed(),
    isGap: result.isGap,
    total: sums(result.ours, result.bill, gap),
    reasons: result.reasons.map(({ code, amount, cells: count }) => ({
      reason: code,
      amount: amount.toFixed(),
      cells: count,
      isSettled: code !== 'unexplained' && isSettled(code),
    })),
    functions: grouped(cells, ({ cell: { functionName, serviceName, region } }) => ({
      functionName,
      serviceName,
      region,
    })).map(([name, own]) => ({ ...name, ...sumsOf(own), cellsOver: own.filter(({ isOver }) => isOver).length })),
    days: grouped(cells, ({ cell: { month, day } }) => ({ month, day })).map(([time, own]) => ({
      ...time,
      ...sumsOf(own),
    })),
    cells: cells.map(cellReport),
    account: account.map(({ amount, ...rest }) => ({ ...rest, amount: amount.toFixed() })),
    billRows: bill.rows,
    billLines: bill.lines,
    leftOut,
    warnings: result.warnings,
  }
}

function cellReport(explained: ExplainedCell): CellReport {
  const { cell, billAmount, difference, gap, isOver, isGap, reasons, unexplained } = explained
  const { functionName, serviceName, region, month, day, ours, bill } = cell
  return {
    functionName,
    serviceName,
    region,
    month,
    day,
    ours: {
      invocations: ours.invocations,
      cuExact: ours.cuExact.toFixed(),
      cu: ours.cu.toFixed(),
      amount: ours.amount.toFixed(),
    },
    bill:
      bill === null
        ? null
        : {
            lines: bill.lines,
            cu: bill.cu?.toFixed() ?? null,
            deductedCU: bill.deductedCU.toFixed(),
            list: bill.list?.toFixed() ?? null,
            discount: bill.discount.toFixed(),
            coupon: bill.coupon.toFixed(),
            payable: bill.payable.toFixed(),
            adjustment: bill.adjustment.toFixed(),
            amount: billAmount.toFixed(),
          },
    monitoredInvocations: cell.monitored,
    difference: difference.toFixed(),
    percent: percentOf(difference, baseOf(billAmount, ours.amount)),
    isOver,
    gap: gap.toFixed(),
    isGap,
    reasons: reasons.map(reasonReport),
    unexplained: unexplained.toFixed(),
  }
}

const reasonReport = ({ code, amount, isEstimate, facts }: Reason): ReasonReport => ({
  reason: code,
  amount: amount?.toFixed() ?? null,
  isEstimate,
  isSettled: isSettled(code),
  facts,
})

function sumsOf(cells: readonly ExplainedCell[]): SumsReport {
  const sum = (of: (cell: ExplainedCell) => Big): Big => cells.reduce((all, cell) => all.plus(of(cell)), zero)
  return sums(
    sum(({ cell }) => cell.ours.amount),
    sum(({ billAmount }) => billAmount),
    sum(({ gap }) => gap),
  )
}

function sums(ours: Big, bill: Big, gap: Big): SumsReport {
  const difference = bill.minus(ours)
  return {
    ours: ours.toFixed(),
    bill: bill.toFixed(),
    difference: difference.toFixed(),
    percent: percentOf(difference, baseOf(bill, ours)),
    gap: gap.toFixed(),
  }
}

/** In the order in which they come. */
function grouped<K>(cells: readonly ExplainedCell[], keyOf: (cell: ExplainedCell) => K): [K, ExplainedCell[]][] {
  const groups = new Map<string, [K, ExplainedCell[]]>()
  for (const cell of cells) {
    const key = keyOf(cell)
    const text = JSON.stringify(key)
    const group = groups.get(text)
    if (group === undefined) groups.set(text, [key, [cell]])
    else group[1].push(cell)
  }
  return [...groups.values()]
}
