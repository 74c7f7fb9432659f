// What whoever follows attempts is told and asked beyond the attempts themselves: they are given out again when they change.
import type { SettledAttempt } from '../model/settled-attempt.ts'

export interface Follower {
  /** Takes the identity of what was given out and is no attempt any more. */
  withdraw(settled: SettledAttempt): void
  /**
   * Asked with the ids (`SettledAttempt.identityWords`) of an attempt that was given out, is as it was then, and stays so: true when that
   * was all, false when it has to be given out once more, for good.
   */
  isDone(identityWords: Int32Array): boolean
}
