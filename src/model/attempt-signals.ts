// Everything that bears on the question "how did this attempt go": what reconstruct hands to classify.
import type { ErrorDetail } from './error-detail.ts'
import type { OutcomeName } from './outcome.ts'
import type { PhaseName } from './record-kind.ts'

/** An error that one of the attempt's records spells out. */
export interface ErrorSignal {
  readonly detail: ErrorDetail
  /** True when it stood in an application line: the function logged it itself, perhaps after catching it. */
  readonly inAppLine: boolean
}

/** The parts of a request metrics row that say how it went. */
export interface MetricsSignal {
  readonly hasFunctionError: boolean | null
  readonly errorType: string | null
}

/** One attempt's signals. Figures are null when not known; nothing here is judged yet. */
export interface AttemptSignals {
  readonly phase: PhaseName
  readonly hasStart: boolean
  readonly hasEnd: boolean
  /** The End marker's outcome; null without an End. */
  readonly endOutcome: OutcomeName | null
  /** Null when no request metrics row was seen. */
  readonly metrics: MetricsSignal | null
  readonly httpMethod: string | null
  readonly httpStatus: number | null
  /** In the order in which they came, at most 8. */
  readonly errors: readonly ErrorSignal[]
  /**
   * Lines that look like trouble, in order, at most 8 of at most 1,000 characters each: error and fatal application lines,
   * first lines of exceptions (`Traceback (most recent call last):`, `panic: …`, `TypeError: …`) and their last lines.
   */
  readonly troubleLines: readonly string[]
  /** Number of lines that belong to the attempt (contract `lines`). */
  readonly lines: number
  readonly durationMs: number | null
  readonly memoryMB: number | null
  readonly maxMemoryUsedMB: number | null
  /** The function's time-out, when its configuration is known. */
  readonly timeoutMs: number | null
  /** Time between the end of the attempt before it on the same instance and this one's start; null when not known. */
  readonly idleBeforeMs: number | null
}
