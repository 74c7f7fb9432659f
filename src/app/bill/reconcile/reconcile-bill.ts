// `fcscope bill reconcile`: our sum of attempts against a bill, and CloudMonitor's calls where they are given.
import { createHash } from 'node:crypto'
import Big from 'big.js'
import { monthOf } from '../../../billing/beijing-clock.ts'
import { type Bill, BillReader } from '../../../billing/bill-import/bill-reader.ts'
import { type MonitoredDay, MonitorReader } from '../../../billing/bill-import/monitor-calls.ts'
import { reconcile } from '../../../billing/reconcile/reconcile.ts'
import { createFunctionLookup } from '../../../config/function-lookup.ts'
import { loadFunctions } from '../../../config/load-functions.ts'
import type { BillMapping } from '../../../model/bill-mapping.ts'
import { FcscopeError } from '../../../model/fcscope-error.ts'
import type { PriceBook } from '../../../model/price-book.ts'
import { type BillRequest, type GatheredBill, gatherBill } from '../gather-bill.ts'
import { openPriceBook } from '../price-books.ts'
import { openBillMapping } from './bill-mappings.ts'
import { readWholeInput } from './read-whole-input.ts'
import { type ReconcileReport, reconcileReport } from './reconcile-report.ts'

export interface ReconcileRequest extends BillRequest {
  /** Files of the bill; one may be `-`. */
  readonly bills: readonly string[]
  /** A mapping's name, or a file. */
  readonly mapping: string
  /** Files of CloudMonitor's calls. */
  readonly usages: readonly string[]
  /** A decimal that is not negative. */
  readonly thresholdPercent: string
  readonly hasDiscount: boolean
  readonly billsAllDisk: boolean
}

/** Longest file of a bill; text of JavaScript may be twice as long. */
const maxBillBytes = 256 * 1024 * 1024

/** Fails with an `FcscopeError` that names the file, and the line where there is one. */
export async function reconcileBill(request: ReconcileRequest): Promise<ReconcileReport> {
  const { hasDiscount, billsAllDisk } = request
  const thresholdPercent = new Big(request.thresholdPercent)
  // What is read fast and may be wrong comes before the attempts.
  const mapping = openBillMapping(request.mapping)
  const book = openPriceBook(request.book)
  const configOf = createFunctionLookup(loadFunctions(request.functions))
  const bill = await readBill(request, mapping)
  requireCurrency(bill, book)
  const monitored = request.usages.length === 0 ? null : await readUsages(request.usages)
  const gathered = await gatherMonths(request, bill)
  const rules = { book, configOf, hasDiscount, billsAllDisk }
  const result = reconcile({
    bill,
    hours: gathered.hours,
    leftOut: gathered.leftOut,
    monitored,
    rules,
    thresholdPercent,
  })
  return reconcileReport({
    result,
    bill,
    book: book.book,
    mapping: mapping.mapping,
    thresholdPercent,
    leftOut: gathered.leftOut,
  })
}

async function readBill({ bills, month }: ReconcileRequest, mapping: BillMapping): Promise<Bill> {
  const reader = new BillReader(mapping, month)
  const seen = new Map<string, string>()
  for (const name of bills) {
    const bytes = await readWholeInput(name, maxBillBytes)
    refuseTwice(seen, bytes, name)
    reader.add(bytes, name)
  }
  return reader.finish()
}

/** What stands in two files would be paid twice. */
function refuseTwice(seen: Map<string, string>, bytes: Uint8Array, name: string): void {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const other = seen.get(digest)
  seen.set(digest, name)
  if (other === undefined) return
  throw new FcscopeError('FCS_INPUT_CORRUPT', {
    en: `${name}: has the same content as ${other}; give each file of the bill once.`,
    zh: `${name}：内容与 ${other} 相同，账单的每个文件只需提供一次。`,
  })
}

function requireCurrency(bill: Bill, book: PriceBook): void {
  if (bill.currency === book.currency) return
  throw new FcscopeError('FCS_USAGE', {
    en: `--book: the bill is in ${bill.currency}, but ${book.book} has prices in ${book.currency}. Give the book of the bill's site.`,
    zh: `--book：账单币种为 ${bill.currency}，而 ${book.book} 的价格为 ${book.currency}。请使用账单所属站点的价格表。`,
  })
}

async function readUsages(names: readonly string[]): Promise<readonly MonitoredDay[]> {
  const reader = new MonitorReader()
  for (const name of names) reader.add((await readWholeInput(name, maxBillBytes)).toString(), name)
  return reader.finish()
}

/** Attempts of the bill's months: the others are no part of the comparison. */
async function gatherMonths(request: ReconcileRequest, bill: Bill): Promise<GatheredBill> {
  const months = new Set(bill.cells.map(({ month }) => month))
  const [first] = months
  const month = request.month ?? (months.size === 1 && first !== undefined ? first : null)
  const gathered = await gatherBill({ ...request, month })
  if (month !== null || months.size === 0) return gathered
  return {
    ...gathered,
    hours: gathered.hours.filter(({ hourMs }) => months.has(monthOf(hourMs))),
    leftOut: gathered.leftOut.filter(({ day }) => day === null || months.has(day.slice(0, 7))),
  }
}
