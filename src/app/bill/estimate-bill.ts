// `fcscope bill estimate` from files: attempts, functions.yaml and a price book into function-hours with their price.
import { monthOf } from '../../billing/beijing-clock.ts'
import { estimate } from '../../billing/estimate.ts'
import { UsageGatherer } from '../../billing/gather-usage.ts'
import { createFunctionLookup } from '../../config/function-lookup.ts'
import { loadFunctions } from '../../config/load-functions.ts'
import { readAttempts, readLives } from './attempt-lines.ts'
import { type EstimateReport, estimateReport } from './estimate-report.ts'
import { openPriceBook } from './price-books.ts'

export interface EstimateRequest {
  /** Files, or `-`. */
  readonly inputs: readonly string[]
  readonly functions: string
  readonly book: string
  /** File of lives of instances; null for none. */
  readonly instances: string | null
  /** YYYY-MM; null for everything. */
  readonly month: string | null
  readonly hasDiscount: boolean
  readonly billsAllDisk: boolean
}

/** Fails with an `FcscopeError` that names the file, and the line where there is one. */
export async function estimateBill(request: EstimateRequest): Promise<EstimateReport> {
  const { inputs, functions, instances, month, hasDiscount, billsAllDisk } = request
  const book = openPriceBook(request.book)
  const configOf = createFunctionLookup(loadFunctions(functions))
  const gatherer = new UsageGatherer({ book, configOf })
  for (const input of inputs) await readAttempts(input, attempt => gatherer.add(attempt))
  if (instances !== null) await readLives(instances, life => gatherer.addLife(life))
  const hours = gatherer.hours().filter(({ hourMs }) => month === null || monthOf(hourMs) === month)
  return estimateReport(estimate(hours, { book, hasDiscount, billsAllDisk }), gatherer.leftOut())
}
