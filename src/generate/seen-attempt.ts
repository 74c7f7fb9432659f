// One attempt as a perfect reader of the records sees it, before anything is judged.

import type { LevelCounts } from '../model/attempt.ts'
import type { ErrorSignal } from '../model/attempt-signals.ts'
import type { CauseCode } from '../model/cause.ts'
import type { OutcomeName } from '../model/outcome.ts'
import type { PhaseName } from '../model/record-kind.ts'
import type { Emission, Figures } from './emission.ts'
import type { FunctionProfile } from './functions.ts'
import type { MetricsFields } from './metrics-fields.ts'

/** What the reader has found of one request id. */
export class SeenRequest {
  readonly attempts: SeenAttempt[] = []
  /** Metrics rows, until all records are out. */
  readonly rows: Emission[] = []
  /** All its records are out: rows are matched, attempts are numbered. */
  isSettled = false
}

export class SeenAttempt {
  readonly request: SeenRequest
  readonly requestId: string | null
  readonly phase: PhaseName
  /** Null in text, which does not say which function it is. */
  readonly profile: FunctionProfile | null
  instanceID: string | null
  /** Number in its request and phase; set when the request is over. */
  attempt = 0
  isRetried = false
  hasStart = false
  hasEnd = false
  /** Open for lines and for its End. */
  isOpen = true
  /** A sentence or the end of its instance closed it before an End came. */
  closedEarly: 'errorText' | 'instanceDestroyed' | null = null
  isLateEnd = false
  hasDuplicateMarkers = false
  endCameFirst = false
  outcome: OutcomeName | null = null
  canceledFigures: Figures | null = null
  summary: Figures | null = null
  row: MetricsFields | null = null
  /** Times of the Start and End records, unix ms, as the format shows them. */
  startMs: number | null = null
  endMs: number | null = null
  /** Those times are known to the second only. */
  isWholeSeconds = false
  /** First after a runtimeStart or an initialize attempt, and that attempt. */
  isFirstOnInstance = false
  initialize: SeenAttempt | null = null
  readonly errors: ErrorSignal[] = []
  cause: CauseCode | null = null
  lines = 0
  linesAfterEnd = 0
  readonly levels: LevelCounts = { fatal: 0, error: 0, warn: 0, info: 0, debug: 0, trace: 0, other: 0 }
  /** Lines of several open attempts wait for rows that tell them apart. */
  waitingLines = 0
  isGiven = false

  constructor(fields: {
    request: SeenRequest
    requestId: string | null
    phase: PhaseName
    profile: FunctionProfile | null
    instanceID: string | null
  }) {
    this.request = fields.request
    this.requestId = fields.requestId
    this.phase = fields.phase
    this.profile = fields.profile
    this.instanceID = fields.instanceID
  }
}

/** `endTime` of a row (docs/semantics.md §5). */
export const rowEndMs = (row: MetricsFields): number => Math.round(row.startMs + row.durationMs)

/** What an End says of its attempt. */
export function takeOutcome(attempt: SeenAttempt, emission: Emission): void {
  attempt.outcome = emission.outcome
  attempt.canceledFigures = emission.figures
  if (emission.cause !== null) attempt.cause = emission.cause
}
