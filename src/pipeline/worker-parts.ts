// What the worker is made of, as contracts: the concrete parts meet it in src/app.
import type { BatchCommit, SavedSeries } from '../model/batch-commit.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Handover } from '../model/handover.ts'
import type { Source, StoredStream } from '../model/source.ts'
import type { Log } from '../telemetry/log.ts'
import type { WorkerMetrics } from '../telemetry/worker-metrics.ts'
import type { BatchRows, Engine } from './engine.ts'

/** Where the worker commits batches. */
export interface CommitStore {
  /** All of it or, with an exception, nothing. */
  commit(commit: BatchCommit): void
  /** Resolves when the engine's state as of a committed batch is on disk. */
  saveSnapshot(batch: number, bytes: Buffer): Promise<void>
}

/** Turns a batch's rows into files for one sink. What was written is removed when it fails. */
export interface Stager {
  stage(batch: { readonly batch: number; readonly storedMs: number }, rows: BatchRows): Delivery[] | Promise<Delivery[]>
  /** Forgets what it collected for the batch by itself; called when the batch is committed. */
  clear(): void
}

/** Where deliveries wait. */
export interface Outbox {
  readonly hasRoom: boolean
  readonly isEmpty: boolean
  add(deliveries: readonly Delivery[], options: { mayBeThere: boolean }): void
  changed(): Promise<void>
}

/** How far a stream was taken. */
export interface StreamPosition {
  readonly source: string
  readonly stream: StoredStream
}

export interface WorkerTimes {
  /** So long a batch waits for more. */
  readonly lingerMs: number
  /** So much is taken, and so long it is, until the engine's state is saved again. */
  readonly snapshotBytes: number
  readonly snapshotMs: number
}

/** What partitions need beside the rest; null where no source has any. */
export interface PartitionParts {
  readonly handover: Handover
  readonly allowedLatenessMs: number
  /** How far this worker had come, by home. */
  readonly before: ReadonlyMap<string, { readonly taken: number }>
}

export interface WorkerParts {
  readonly engine: Engine & { readonly beyondHorizon: number }
  readonly sources: readonly Source[]
  readonly state: CommitStore
  readonly stagers: readonly Stager[]
  readonly outboxes: ReadonlyMap<string, Outbox>
  readonly metrics: WorkerMetrics
  /** Counters beside those of `metrics` that survive a restart. */
  readonly counters: { takeChanges(): readonly SavedSeries[]; expose(): void }
  readonly times: WorkerTimes
  readonly partitions: PartitionParts | null
  /** Read to the present end and be done. */
  readonly once: boolean
  readonly log: Log
  /** Unix ms. */
  readonly nowMs: () => number
  /** True when a failed commit may succeed later: a full disk. */
  readonly isTransient: (error: unknown) => boolean
  /** Called after each batch, for progress. */
  readonly onBatch: (batch: { readonly bytes: number }) => void
}
