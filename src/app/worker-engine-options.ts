// What the worker's engine is given.
import type { Lang } from '../model/cause.ts'
import type { AttemptCounter, AttemptRowTaker, SpanTaker } from '../pipeline/emission.ts'
import type { DeadLetter } from '../pipeline/engine.ts'
import type { FunctionFigures } from './unknown-functions.ts'

export interface WorkerEngineOptions {
  readonly maxOpen: number
  readonly silenceMs: number
  readonly allowedLatenessMs: number
  readonly settleAfterMs: number
  readonly timeZone: string
  readonly logTimeZone: string
  readonly lang: Lang
  /** Lines of one batch. */
  readonly maxRows: number
  readonly figures: FunctionFigures
  /** `isFull`: the batch must be closed, though it has few rows. */
  readonly attemptRows: AttemptRowTaker & { readonly rows: number; readonly isFull?: boolean }
  readonly attemptCounter: AttemptCounter
  /** Not given where no spans are sent. */
  readonly spans?: (SpanTaker & { readonly isFull: boolean }) | null
  readonly onDeadLetter: (reason: DeadLetter['reason']) => void
}
