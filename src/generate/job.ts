// All records of one request id: when the last of them is out, nothing more can be learnt about its attempts but lines without an id.
import type { Emission } from './emission.ts'
import type { SeenAttempt } from './seen-attempt.ts'

export class Job {
  /** Records made and not yet read. */
  outstanding = 0
  /** True when the scenario makes no further records. */
  isComplete = false
  /** The attempts that the reader has found so far, and the metrics rows that wait for them. */
  readonly seen: SeenAttempt[] = []
  readonly rows: Emission[] = []
  isSettled = false
}
