// When an instance was active: from the start of a request to the end of the last one that overlaps it (facts §D.4).

/** Times in unix ms, pairs of start and end, in any order. */
export type Spans = readonly number[]

/** One stretch of time, unix ms. */
export interface Run {
  readonly startMs: number
  readonly endMs: number
}

/** The union of the spans as runs that do not overlap, in order of time. Spans that only touch are runs of their own. */
export function unionOf(spans: Spans): readonly Run[] {
  const order = Array.from({ length: spans.length / 2 }, (_, i) => 2 * i).sort((a, b) => spans[a]! - spans[b]!)
  const runs: { startMs: number; endMs: number }[] = []
  for (const at of order) {
    const startMs = spans[at]!
    const endMs = spans[at + 1]!
    const last = runs.at(-1)
    if (last !== undefined && startMs < last.endMs) last.endMs = Math.max(last.endMs, endMs)
    else runs.push({ startMs, endMs })
  }
  return runs
}

/** Rounded up to a multiple of `stepMs`. */
export const roundedUp = (ms: number, stepMs: number): number => Math.ceil(ms / stepMs) * stepMs

export const hourMs = 3_600_000

/**
 * Calls `each` for every hour that the run is in, with the ms in it. What the run's length is rounded up by belongs to its last hour.
 * Hours begin with those of UTC, as they do in Beijing.
 */
export function splitByHour(run: Run, stepMs: number, each: (hourStartMs: number, ms: number) => void): void {
  const { startMs, endMs } = run
  const more = roundedUp(endMs - startMs, stepMs) - (endMs - startMs)
  for (let at = startMs; at < endMs; ) {
    const hour = Math.floor(at / hourMs) * hourMs
    const to = Math.min(endMs, hour + hourMs)
    each(hour, to - at + (to === endMs ? more : 0))
    at = to
  }
}
