// Hot path: which spans an attempt is made of, and where they lie. An attempt without a start or a length has none: nothing is invented.
import type { Attempt } from '../../model/attempt.ts'
import { behindLastSpanMs, firstSpanMs, maxSpanMs, Step, stepNames } from '../../model/span-names.ts'

/** The steps before an attempt; filled again and again. Index as in `stepNames`. */
export class SpanSteps {
  /** Whole ms of unix time at which the attempt began. */
  startMs = 0
  /** Nanoseconds. */
  durationNs = 0
  /** 1 where there is such a step. */
  readonly has = new Uint8Array(stepNames.length)
  /** Nanoseconds from the beginning of the attempt to that of the step: 0 or less. */
  readonly beginNs = new Float64Array(stepNames.length)
  readonly lengthNs = new Float64Array(stepNames.length)

  /** False when there is no span at all. */
  read(attempt: Attempt): boolean {
    const { startTimeMs, durationMs } = attempt
    if (startTimeMs === null || durationMs === null) return false
    // The store has whole ms, and so a fraction is not sent either.
    const startMs = Math.floor(startTimeMs)
    if (!(startMs >= firstSpanMs && startMs < behindLastSpanMs && durationMs >= 0 && durationMs <= maxSpanMs))
      return false
    this.startMs = startMs
    this.durationNs = nanoseconds(durationMs)
    this.has.fill(0)
    this.#place(Step.schedule, 0, attempt.scheduleMs)
    // Where lines were seen, so were those of the hook: it is an attempt, and a span, of its own.
    const initializeMs = attempt.flags.includes('metricsOnly') ? attempt.initializeMs : null
    this.#place(Step.initialize, 0, initializeMs)
    if (attempt.coldStart !== true) return true
    const readyNs = this.#beginOf(Step.initialize, 0)
    this.#place(Step.coldStart, readyNs, attempt.coldStartMs)
    this.#place(Step.runtimeInit, readyNs, attempt.runtimeInitMs)
    this.#place(Step.prepareCode, this.#beginOf(Step.runtimeInit, readyNs), attempt.prepareCodeMs)
    return true
  }

  /** A step of which only the length is known ends where the next one begins. */
  #place(step: number, endNs: number, lengthMs: number | null): void {
    if (lengthMs === null || !(lengthMs >= 0 && lengthMs <= maxSpanMs)) return
    const lengthNs = nanoseconds(lengthMs)
    this.has[step] = 1
    this.beginNs[step] = endNs - lengthNs
    this.lengthNs[step] = lengthNs
  }

  #beginOf(step: number, otherwise: number): number {
    return this.has[step] === 1 ? this.beginNs[step]! : otherwise
  }
}

/** Half of one goes up, as in the view. */
const nanoseconds = (ms: number): number => Math.floor(ms * 1e6 + 0.5)
