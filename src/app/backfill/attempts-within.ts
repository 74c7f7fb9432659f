// Which attempts a back-fill gives out: those that touch its range, unless the end of what was read cuts them. What is cut would
// replace what the store knows better.
import type { Attempt } from '../../model/attempt.ts'
import type { ReadRange } from './range-parts.ts'

export interface AttemptsWithin {
  readonly range: ReadRange
  /** The rows were chosen by a query: what is not there may have been left out. */
  readonly isFiltered: boolean
  /** Of an attempt without any time. */
  readonly isBeside: (attempt: Attempt) => boolean
}

/** True for an attempt that is to be stored. */
export function wantsAttempt({ range, isFiltered, isBeside }: AttemptsWithin): (attempt: Attempt) => boolean {
  const { within, all, marginSeconds } = range
  const fromMs = within.from * 1000
  const toMs = within.to * 1000
  const firstMs = all.from * 1000
  const lastMs = all.to * 1000
  /** One that began later and has no End may be under way still, or end behind what was read. */
  const endedMs = Math.min(toMs, lastMs - marginSeconds * 1000)
  return attempt => {
    const { startTimeMs: startMs, endTimeMs: endMs } = attempt
    if (isFiltered && (startMs === null || endMs === null)) return false
    if (startMs === null && endMs === null) return !isBeside(attempt)
    const first = startMs ?? endMs!
    const last = endMs ?? startMs!
    const touches = first < toMs && last >= fromMs
    const isCut = first < firstMs || last >= lastMs || (endMs === null && first >= endedMs)
    return touches && !isCut
  }
}
