// `fcscope bill estimate`: function-hours with their price.
import { estimate } from '../../billing/estimate.ts'
import { type EstimateReport, estimateReport } from './estimate-report.ts'
import { type BillRequest, gatherBill } from './gather-bill.ts'

export interface EstimateRequest extends BillRequest {
  readonly hasDiscount: boolean
  readonly billsAllDisk: boolean
}

/** Fails as {@link gatherBill} does. */
export async function estimateBill(request: EstimateRequest): Promise<EstimateReport> {
  const { hasDiscount, billsAllDisk } = request
  const { book, hours, leftOut } = await gatherBill(request)
  return estimateReport(estimate(hours, { book, hasDiscount, billsAllDisk }), leftOut)
}
