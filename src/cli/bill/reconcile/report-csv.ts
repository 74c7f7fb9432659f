// A reconciliation as CSV (RFC 4180): one row for each function and day, decimals exact.
import type { ReconcileReport } from '../../../app/bill/reconcile/reconcile-report.ts'
import { csvText, textCell } from '../../csv.ts'

const columns = [
  'functionName',
  'serviceName',
  'region',
  'month',
  'day',
  'ourInvocations',
  'monitoredInvocations',
  'ourCU',
  'billCU',
  'deductedCU',
  'ours',
  'bill',
  'difference',
  'percent',
  'gap',
  'isOver',
  'isGap',
  'reasons',
  'unexplained',
] as const

export function reportCsv(report: ReconcileReport): string {
  const rows = report.cells.map(cell => [
    textCell(cell.functionName),
    textCell(cell.serviceName),
    textCell(cell.region),
    cell.month,
    cell.day ?? '',
    String(cell.ours.invocations),
    cell.monitoredInvocations === null ? '' : String(cell.monitoredInvocations),
    cell.ours.cu,
    cell.bill?.cu ?? '',
    cell.bill?.deductedCU ?? '',
    cell.ours.amount,
    cell.bill?.amount ?? '0',
    cell.difference,
    cell.percent ?? '',
    cell.gap,
    String(cell.isOver),
    String(cell.isGap),
    textCell(cell.reasons.map(({ reason, amount }) => `${reason}=${amount ?? '?'}`).join(' ')),
    cell.unexplained,
  ])
  return csvText([columns, ...rows])
}
