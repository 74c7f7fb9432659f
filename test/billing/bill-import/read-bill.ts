// Reads texts as bills.
import { openBillMapping } from '../../../src/app/bill/reconcile/bill-mappings.ts'
import { type Bill, BillReader } from '../../../src/billing/bill-import/bill-reader.ts'

export function readBill(mapping: string, files: readonly (string | Uint8Array)[], month: string | null = null): Bill {
  const reader = new BillReader(openBillMapping(mapping), month)
  for (const [i, file] of files.entries())
    reader.add(typeof file === 'string' ? Buffer.from(file) : file, `bill-${i + 1}`)
  return reader.finish()
}

/** `region service/function day: CU amount` of every cell, in order. */
export const cellsOf = ({ cells }: Bill): readonly string[] =>
  cells
    .map(
      ({ region, serviceName, functionName, month, day, cu, payable }) =>
        `${region ?? '-'} ${serviceName ?? '-'}/${functionName ?? '-'} ${day ?? month}: ${cu?.toFixed() ?? '-'} ${payable.toFixed()}`,
    )
    .sort()
