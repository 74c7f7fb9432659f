// What a reader of a reconciliation has to know before its figures.
import type { Bill } from '../bill-import/bill-reader.ts'
import type { LeftOut } from '../gather-usage.ts'
import type { Cell } from './cell.ts'

/** A closed list; days are YYYY-MM-DD (months in a bill by months). */
export type Warning =
  /** The bill has days on which no function has an attempt. */
  | { readonly warning: 'billDaysWithoutAttempts'; readonly days: number; readonly from: string; readonly to: string }
  /** Attempts are there for days that the bill does not have. */
  | { readonly warning: 'attemptDaysNotOnBill'; readonly days: number; readonly from: string; readonly to: string }
  /** Lines of other months than the one that was asked for were left out. */
  | { readonly warning: 'otherMonths'; readonly lines: number }
  /** No line names a function: the account is compared as a whole. */
  | { readonly warning: 'wholeAccount' }
  /** No line tells a day: months are compared. */
  | { readonly warning: 'monthly' }
  /** No line tells CU: only money is compared. */
  | { readonly warning: 'noUsage' }
  /** Billing items whose usage the mapping does not know; their money is compared. */
  | { readonly warning: 'unknownItems'; readonly items: readonly string[]; readonly lines: number }
  | { readonly warning: 'attemptsWithoutFunction'; readonly attempts: number }

const maxItems = 5

export function warningsOf({
  bill,
  cells,
  leftOut,
}: {
  bill: Bill
  cells: readonly Cell[]
  leftOut: readonly LeftOut[]
}): readonly Warning[] {
  const warnings: Warning[] = []
  const timeOf = ({ day, month }: Cell): string => day ?? month
  const billed = new Set(cells.filter(({ bill: own }) => own !== null).map(timeOf))
  const own = new Set(cells.filter(({ ours, left }) => ours.hours.length > 0 || left.size > 0).map(timeOf))
  const withoutAttempts = spanOf([...billed].filter(day => !own.has(day)))
  if (withoutAttempts !== null) warnings.push({ warning: 'billDaysWithoutAttempts', ...withoutAttempts })
  const notOnBill = spanOf([...own].filter(day => !billed.has(day)))
  if (notOnBill !== null) warnings.push({ warning: 'attemptDaysNotOnBill', ...notOnBill })
  if (bill.otherMonthLines > 0) warnings.push({ warning: 'otherMonths', lines: bill.otherMonthLines })
  if (bill.isWholeAccount) warnings.push({ warning: 'wholeAccount' })
  if (bill.isMonthly) warnings.push({ warning: 'monthly' })
  if (bill.cells.length > 0 && bill.cells.every(({ cu }) => cu === null)) warnings.push({ warning: 'noUsage' })
  const unknown = unknownItems(bill)
  if (unknown.lines > 0) warnings.push({ warning: 'unknownItems', ...unknown })
  const unnamed = leftOut
    .filter(({ functionName, reason }) => functionName === null && reason !== 'notBilled')
    .reduce((sum, { count }) => sum + count, 0)
  if (unnamed > 0) warnings.push({ warning: 'attemptsWithoutFunction', attempts: unnamed })
  return warnings
}

function spanOf(days: readonly string[]): { readonly days: number; readonly from: string; readonly to: string } | null {
  const sorted = days.toSorted()
  const [from] = sorted
  const to = sorted.at(-1)
  return from === undefined || to === undefined ? null : { days: sorted.length, from, to }
}

function unknownItems({ cells }: Bill): { readonly items: readonly string[]; readonly lines: number } {
  const lines = new Map<string, number>()
  for (const { unknownItems: own } of cells)
    for (const [item, count] of own) lines.set(item, (lines.get(item) ?? 0) + count)
  return {
    items: [...lines.keys()].sort().slice(0, maxItems),
    lines: [...lines.values()].reduce((sum, count) => sum + count, 0),
  }
}
