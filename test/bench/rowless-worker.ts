// The worker's own loop and engine on one partitioned source, without a store: what becomes rows is dropped.
import { unknownFunctions } from '../../src/app/unknown-functions.ts'
import { defaultWorkerConfig } from '../../src/app/worker-config.ts'
import { WorkerEngine } from '../../src/app/worker-engine.ts'
import type { PartitionedSource } from '../../src/model/partitioned-source.ts'
import { Worker } from '../../src/pipeline/worker.ts'
import type { PartitionParts } from '../../src/pipeline/worker-parts.ts'
import { AttemptMetrics } from '../../src/sinks/prometheus/attempt-metrics.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { WorkerMetrics } from '../../src/telemetry/worker-metrics.ts'

/** As the worker has them. */
const snapshotBytes = 256 * 1024 * 1024
const snapshotMs = 30_000

export const quietLog = createLog({
  lang: 'en',
  level: 'error',
  isTerminal: false,
  nowMs: Date.now,
  write: text => process.stderr.write(text),
})

/** Nobody else has anything, and nothing is stored. */
const nobody: PartitionParts['handover'] = {
  worker: 1,
  read: async () => new Map(),
  write: async () => {},
  takeOver: () => {},
  expectStored: () => {},
  exclude: () => {},
}

/** Runs until so many rows came. */
export class RowlessWorker {
  readonly #engine: WorkerEngine
  readonly #worker: Worker

  constructor(source: PartitionedSource, { rows }: { readonly rows: number }) {
    const { reconstruct, batch, metrics: counting } = defaultWorkerConfig('/').settings
    const metrics = new WorkerMetrics()
    const counters = new AttemptMetrics({
      registry: metrics.registry,
      maxFunctions: counting.maxFunctions,
      costs: null,
    })
    this.#engine = new WorkerEngine({
      isAnyStored: false,
      ...reconstruct,
      lang: 'en',
      maxRows: batch.maxRows,
      figures: unknownFunctions,
      attemptRows: { rows: 0, add: () => {}, withdraw: () => {} },
      attemptCounter: counters,
      onDeadLetter: () => {},
    })
    this.#worker = new Worker(
      {
        engine: this.#engine,
        sources: [source],
        state: { commit: () => {}, saveSnapshot: async () => {} },
        stagers: [],
        outboxes: new Map(),
        metrics,
        counters,
        times: { lingerMs: batch.lingerMs, snapshotBytes, snapshotMs },
        partitions: { handover: nobody, allowedLatenessMs: reconstruct.allowedLatenessMs, before: new Map() },
        once: false,
        log: quietLog,
        nowMs: Date.now,
        isTransient: () => false,
        onBatch: () => {
          if (this.rows >= rows) this.#worker.stop()
        },
      },
      { lastBatch: 0, positions: [] },
    )
  }

  get rows(): number {
    return this.#engine.ledger.received
  }

  get attempts(): number {
    return this.#engine.ledger.attempts
  }

  get unaccounted(): number {
    return this.#engine.ledger.unaccounted
  }

  wake(): void {
    this.#worker.wake()
  }

  run(): Promise<void> {
    return this.#worker.run()
  }
}
