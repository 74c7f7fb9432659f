// What a run of the worker is asked to do, and what it tells whoever watches.
import type { Attempt } from '../model/attempt.ts'
import type { Lang } from '../model/cause.ts'
import type { LineChoice } from '../sinks/clickhouse/clickhouse-sink.ts'
import type { Log } from '../telemetry/log.ts'
import type { WorkerConfig } from './worker-config.ts'

/** What a worker run is asked to do. */
export interface RunOptions {
  readonly config: WorkerConfig
  readonly once: boolean
  readonly lang: Lang
  readonly version: string
  readonly log: Log
  readonly nowMs: () => number
  readonly random: () => number
  /** Called with a function that stops the worker gracefully; safe to call at any time, and twice. */
  readonly onStoppable: (stop: () => void) => void
  /** Called when everything is open and the sources are about to be read. */
  readonly onStarted: () => void
  readonly onProgress: ((progress: WorkerProgress) => void) | null
  /** Given for a run that brings what the store may have in part. */
  readonly backfill?: BackfillPart
}

/** What a back-fill changes of a worker. Dead letters that wait to be tried again are left to others. */
export interface BackfillPart {
  /** False for an attempt that must not be stored. */
  readonly wantsAttempt: (attempt: Attempt) => boolean
  readonly lineChoice: LineChoice
}

/** How far a run is. */
export interface WorkerProgress {
  readonly records: number
  /** Bytes taken since the start, and bytes that are there and were not taken. */
  readonly bytes: number
  readonly waitingBytes: number
  readonly lagSeconds: number
}
