// A what-if as it is given out: exact decimals as texts, and what the history says.
import Big from 'big.js'
import type { Variant } from '../../billing/what-if/what-if.ts'
import { type ChargeReport, chargeReport } from './estimate-report.ts'
import type { WhatIfAnswer, WhatIfRequest } from './what-if.ts'

export interface VariantReport extends ChargeReport {
  /** Of all functions: another size of one moves the tiers of the others. */
  readonly totalAmount: string
  /** Against now, of the whole bill; below zero it is less. */
  readonly difference: string
}

/**
 * `unknown`: no peak was seen; `tooSmall`: calls took more than the new limit; `tight`: calls took more than nine tenths of it; `fits`: none
 * did. `unchanged`: the limit stays.
 */
export type MemoryRisk = 'unchanged' | 'unknown' | 'tooSmall' | 'tight' | 'fits'

export interface WhatIfReport {
  readonly functionName: string
  readonly serviceName: string | null
  readonly change: WhatIfRequest['change']
  readonly book: string
  readonly currency: string
  readonly now: VariantReport
  readonly sameDurations: VariantReport
  readonly allComputing: VariantReport | null
  readonly asObserved: VariantReport | null
  readonly memory: {
    readonly risk: MemoryRisk
    readonly calls: number
    readonly above: number
    readonly near: number
    readonly maxMB: number | null
  }
  /** Calls that would run into the timeout if they did nothing but compute; null where no timeout is known, or the vCPU stays. */
  readonly timeouts: number | null
  readonly history: readonly {
    /** From then on, RFC 3339; null for the first time. */
    readonly from: string | null
    readonly vCPU: number | null
    readonly memoryMB: number | null
    readonly calls: number
    readonly meanMs: number | null
    readonly p50Ms: number | null
    readonly p99Ms: number | null
    readonly maxMs: number | null
    readonly p99PeakMB: number | null
    readonly maxPeakMB: number | null
  }[]
}

export function whatIfReport(
  { target, change }: Pick<WhatIfRequest, 'target' | 'change'>,
  answer: WhatIfAnswer,
): WhatIfReport {
  const { now, sameDurations, allComputing, asObserved, book, eras } = answer
  const report = (variant: Variant): VariantReport => ({
    ...chargeReport(variant.ofFunction),
    totalAmount: variant.total.amount.toFixed(),
    difference: variant.total.amount.minus(now.total.amount).toFixed(),
  })
  const known = eras.filter(({ slowMs }) => slowMs !== null)
  return {
    ...target,
    change,
    book: book.book,
    currency: book.currency,
    now: report(now),
    sameDurations: report(sameDurations),
    allComputing: allComputing === null ? null : report(allComputing),
    asObserved: asObserved === null ? null : report(asObserved),
    memory: memoryOf(change, eras),
    timeouts: change.vCPU === null || known.length === 0 ? null : sum(known.map(({ slow }) => slow)),
    history: eras.map(({ fromMs, vCPU, memoryMB, calls, meanMs, p50Ms, p99Ms, maxMs, p99PeakMB, maxPeakMB }) => ({
      from: fromMs === null ? null : new Date(fromMs).toISOString(),
      vCPU,
      memoryMB,
      calls,
      meanMs: meanMs === null ? null : Number(new Big(meanMs).round(3)),
      p50Ms,
      p99Ms,
      maxMs,
      p99PeakMB,
      maxPeakMB,
    })),
  }
}

function memoryOf({ memoryMB }: WhatIfRequest['change'], eras: WhatIfAnswer['eras']): WhatIfReport['memory'] {
  const calls = sum(eras.map(({ peaks }) => peaks))
  const above = sum(eras.map(each => each.above))
  const near = sum(eras.map(each => each.near))
  const peaks = eras.map(({ maxPeakMB }) => maxPeakMB).filter(peak => peak !== null)
  const risk: MemoryRisk =
    memoryMB === null ? 'unchanged' : calls === 0 ? 'unknown' : above > 0 ? 'tooSmall' : near > 0 ? 'tight' : 'fits'
  return { risk, calls, above, near, maxMB: peaks.length === 0 ? null : Math.max(...peaks) }
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
