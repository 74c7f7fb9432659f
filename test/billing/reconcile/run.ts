// Runs a reconciliation on values, without files of attempts.
import Big from 'big.js'
import { openPriceBook } from '../../../src/app/bill/price-books.ts'
import { openBillMapping } from '../../../src/app/bill/reconcile/bill-mappings.ts'
import { AttemptHours } from '../../../src/billing/attempt-hours.ts'
import { BillReader } from '../../../src/billing/bill-import/bill-reader.ts'
import type { MonitoredDay } from '../../../src/billing/bill-import/monitor-calls.ts'
import type { BilledAttempt } from '../../../src/billing/billed-attempt.ts'
import { type InstanceLife, UsageGatherer } from '../../../src/billing/gather-usage.ts'
import type { ExplainedCell } from '../../../src/billing/reconcile/explain-cells.ts'
import { type Reconciliation, reconcile } from '../../../src/billing/reconcile/reconcile.ts'
import { createFunctionLookup } from '../../../src/config/function-lookup.ts'
import type { FunctionConfig } from '../../../src/model/function-config.ts'

export interface RunOf {
  readonly attempts: readonly BilledAttempt[]
  readonly lives?: readonly InstanceLife[]
  readonly functions: readonly FunctionConfig[]
  /** Text of a bill's files. */
  readonly bills: readonly string[]
  readonly mapping: string
  readonly monitored?: readonly MonitoredDay[] | null
  readonly book?: string
  readonly hasDiscount?: boolean
}

export function run(of: RunOf): Reconciliation {
  const { attempts, lives = [], functions, bills, mapping, monitored = null, hasDiscount = true } = of
  const book = openPriceBook(of.book ?? 'fc3-cn')
  const configOf = createFunctionLookup(functions)
  const instances = new AttemptHours({ book, configOf })
  for (const attempt of attempts) instances.add(attempt)
  const gatherer = new UsageGatherer({ book, configOf, month: null })
  for (const hour of instances.hours()) gatherer.add(hour)
  for (const life of lives) gatherer.addLife(life)
  const reader = new BillReader(openBillMapping(mapping), null)
  for (const [i, text] of bills.entries()) reader.add(Buffer.from(text), `bill-${i}`)
  return reconcile({
    bill: reader.finish(),
    hours: gatherer.hours(),
    leftOut: gatherer.leftOut(),
    monitored,
    rules: { book, configOf, hasDiscount, billsAllDisk: false },
    thresholdPercent: new Big(1),
  })
}

/** `fn1 2026-01-05` of a cell. */
export const keyOf = ({ cell: { functionName, day } }: ExplainedCell): string => `${functionName} ${day}`
