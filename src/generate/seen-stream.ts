// What the reader keeps of one stream (docs/semantics.md §2).
import type { Emission } from './emission.ts'
import type { SeenAttempt } from './seen-attempt.ts'

/** Lines that may belong to one of several attempts; rows may tell later which (docs/semantics.md §4, rule 5). */
export interface WaitingLines {
  readonly candidates: readonly SeenAttempt[]
  readonly atMs: number
  readonly lines: Emission[]
}

/** The record before on the stream, as far as a continuation can follow it. */
export type Previous =
  | { readonly kind: 'line'; readonly attempt: SeenAttempt }
  | { readonly kind: 'marker'; readonly attempt: SeenAttempt }
  | { readonly kind: 'waiting'; readonly group: WaitingLines }

export class SeenStream {
  open: SeenAttempt[] = []
  /** The attempt that ended here last, and when (null where the format shows no times). */
  lastEnded: SeenAttempt | null = null
  lastEndedMs: number | null = null
  previous: Previous | null = null
  /** A runtimeStart or initialize attempt waits for its first invocation. */
  isColdStartPending = false
  initialize: SeenAttempt | null = null
  /** Invoke attempts that ended since the last summary. */
  endedSinceSummary = 0
  lastEndedInvoke: SeenAttempt | null = null
  waiting: WaitingLines[] = []
  /** Bodies of failed starts that wait for a row. */
  startFailures: Emission[] = []
  /** Attempts found here and not yet given out. */
  unfinished: SeenAttempt[] = []
  isClosed = false

  /** True while records without an id could still change the attempt. */
  needs(attempt: SeenAttempt): boolean {
    if (this.isClosed) return false
    return (
      attempt.isOpen ||
      attempt.waitingLines > 0 ||
      attempt === this.lastEnded ||
      attempt === this.initialize ||
      (attempt === this.lastEndedInvoke && this.endedSinceSummary === 1) ||
      (this.previous !== null && this.previous.kind !== 'waiting' && this.previous.attempt === attempt)
    )
  }
}

/** The instance is gone, and with it what was open on it. */
export function destroyInstance(stream: SeenStream): void {
  for (const attempt of stream.open) {
    attempt.isOpen = false
    attempt.closedEarly = 'instanceDestroyed'
  }
  stream.open = []
}

/** An End came, or a sentence after which nothing more can run. */
export function noteEnded(stream: SeenStream, attempt: SeenAttempt, atMs: number | null): void {
  stream.open = stream.open.filter(other => other !== attempt)
  stream.lastEnded = attempt
  stream.lastEndedMs = atMs
  if (attempt.phase !== 'invoke') return
  stream.endedSinceSummary += 1
  stream.lastEndedInvoke = attempt
}
