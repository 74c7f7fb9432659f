// What reconstruct hands on: an attempt with everything but the judgement, and the signals to judge it by.
import type { Attempt, AttemptFlag } from './attempt.ts'
import type { AttemptSignals } from './attempt-signals.ts'

/**
 * One settled attempt. The object and what it holds are filled again for the next attempt: whoever keeps it must copy it.
 * `attempt.status`, `errorCode`, `errorType`, `errorMessage`, `causes`, `cu`, the ids of tracing and `sources.status` are
 * left for the steps behind.
 */
export interface SettledAttempt {
  readonly attempt: Attempt
  readonly signals: AttemptSignals
  /** The attempt's flags; the same array as `attempt.flags`. */
  readonly flags: AttemptFlag[]
  /** `traceContext` of the row, else a `traceparent` that a line names; null when there is neither. */
  traceContext: string | null
  /** Tells attempts without a request id apart: instance and order of coming. Empty with a request id. */
  position: string
  /** False when later records may still change it, and it is given out again then. */
  isFinal: boolean
  /** Where its records came from (`homeOf`); empty where that is nothing that comes and goes. */
  home: string
  /** The store may have more of it than is known here: it must not take the place of what is there (`Rereading`). */
  mayKnowLess: boolean
  /** Trace id (4 words) and span id (2 words) that follow from the identity, as `src/lib/trace-id.ts` packs them. */
  readonly identityWords: Int32Array
  /** Span ids (2 words each) that its lines were kept with: what followed from the identity as it was known when the first of them came. */
  readonly lineSpans: readonly number[]
}
