// An estimate as it is given out: exact decimals as texts, hours as Beijing's clock shows them (contract §7).
import { beijingTime } from '../../billing/beijing-clock.ts'
import type { Charge, Estimate } from '../../billing/estimate.ts'
import type { BilledFunction, LeftOut } from '../../billing/gather-usage.ts'

/** The same figures at each level. */
export interface ChargeReport {
  readonly invocations: number
  readonly vCPUSeconds: string
  readonly memoryGBSeconds: string
  readonly diskGBSeconds: string
  readonly gpuGBSeconds: string
  readonly cuExact: string
  readonly cu: string
  readonly amount: string
}

export interface FunctionReport extends BilledFunction, ChargeReport {}

export interface HourReport extends FunctionReport {
  /** `2026-01-15T09:00:00+08:00` */
  readonly hour: string
}

export interface EstimateReport {
  readonly book: string
  readonly edition: string | null
  readonly currency: string
  readonly hours: readonly HourReport[]
  readonly functions: readonly FunctionReport[]
  readonly total: ChargeReport
  /** What is not in the figures, or only in part, by function. */
  readonly leftOut: readonly Omit<LeftOut, 'day'>[]
}

export function estimateReport(estimate: Estimate, leftOut: readonly LeftOut[]): EstimateReport {
  const { book, edition, currency, hours, functions, total } = estimate
  return {
    book,
    edition,
    currency,
    hours: hours.map(({ hourMs, ...charge }) => {
      const { functionName, serviceName, region } = charge
      return { functionName, serviceName, region, hour: `${beijingTime(hourMs)}+08:00`, ...chargeReport(charge) }
    }),
    functions: functions.map(charge => {
      const { functionName, serviceName, region } = charge
      return { functionName, serviceName, region, ...chargeReport(charge) }
    }),
    total: chargeReport(total),
    leftOut: ofAllDays(leftOut),
  }
}

function ofAllDays(leftOut: readonly LeftOut[]): EstimateReport['leftOut'] {
  const byFunction = Map.groupBy(leftOut, ({ functionName, serviceName, reason }) =>
    JSON.stringify([reason, serviceName, functionName]),
  )
  return [...byFunction.values()].map(days => {
    const [{ functionName, serviceName, reason }] = days as [LeftOut, ...LeftOut[]]
    return { functionName, serviceName, reason, count: days.reduce((sum, { count }) => sum + count, 0) }
  })
}

/** Exact decimals as texts. */
export const chargeReport = (charge: Charge): ChargeReport => ({
  invocations: charge.invocations,
  vCPUSeconds: charge.vCPUSeconds.toFixed(),
  memoryGBSeconds: charge.memoryGBSeconds.toFixed(),
  diskGBSeconds: charge.diskGBSeconds.toFixed(),
  gpuGBSeconds: charge.gpuGBSeconds.toFixed(),
  cuExact: charge.cuExact.toFixed(),
  cu: charge.cu.toFixed(),
  amount: charge.amount.toFixed(),
})
