// What the worker's engine is given.
import type { AttemptRowTaker, SpanTaker } from '../pipeline/emission.ts'
import type { DeadLetter } from '../pipeline/engine.ts'
import type { SavedHeld } from '../sinks/otlp/held-attempts.ts'
import type { EmissionOptions } from './engine-emission.ts'

/** Where spans are made, as the engine sees it. */
export interface EngineSpans extends SpanTaker {
  /** The batch must be closed, though it has few rows. */
  readonly isFull: boolean
  /** Attempts are held that time will let go. */
  readonly hasWaiting: boolean
  /** Makes spans of what was held long enough; returns of how many attempts. With infinity, of everything. */
  sendDue(nowMs: number): number
  save(): SavedHeld
  load(saved: SavedHeld): void
}

export interface WorkerEngineOptions extends EmissionOptions {
  readonly maxOpen: number
  readonly silenceMs: number
  readonly allowedLatenessMs: number
  readonly settleAfterMs: number
  readonly timeZone: string
  readonly logTimeZone: string
  /** Lines of one batch. */
  readonly maxRows: number
  /** `isFull`: the batch must be closed, though it has few rows. */
  readonly attemptRows: AttemptRowTaker & { readonly rows: number; readonly isFull?: boolean }
  /** Not given where no spans are sent. */
  readonly spans?: EngineSpans | null
  readonly onDeadLetter: (reason: DeadLetter['reason']) => void
}
