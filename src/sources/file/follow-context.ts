// What the parts of a following file source share: its name, its clock, its voice, and the times that tests may change.
import type { Log } from '../../telemetry/log.ts'

/** Times and sizes that are no options. */
export interface FollowTuning {
  /** How long a file that lost its place may still get bytes from a writer that holds it open. */
  readonly graceMs: number
  /** How long a short file that looks like a copy of another may wait for the original to be truncated or deleted. */
  readonly doubtMs: number
  /** An archive that breaks off, or half a line in a file that only its name calls rotated, is ended after so long without more. */
  readonly stallMs: number
  /** First wait before a growing archive is tried again; it doubles up to {@link stallMs}. */
  readonly archiveRetryMs: number
  /** A path where nothing is any more is looked at as often as others for this long. */
  readonly vacantMs: number
  /** A file gives no more than about this many bytes before others have their turn. */
  readonly turnBytes: number
  /** After so many bytes the answer is a promise, so that signals and timers are seen. */
  readonly pauseBytes: number
  /** False when somebody else calls `poll`. */
  readonly hasTimer: boolean
}

export const defaultTuning: FollowTuning = {
  graceMs: 5000,
  doubtMs: 10_000,
  stallMs: 60_000,
  archiveRetryMs: 1000,
  vacantMs: 60_000,
  turnBytes: 4 * 1024 * 1024,
  pauseBytes: 32 * 1024 * 1024,
  hasTimer: true,
}

export interface FollowContext {
  readonly source: string
  readonly log: Log
  readonly nowMs: () => number
  readonly once: boolean
  readonly pollMs: number
  readonly scanMs: number
  readonly maxFiles: number
  readonly tuning: FollowTuning
}
