// Brings a batch to an end: its rows into files, everything about it into one commit, the files on their way.
import { rmSync } from 'node:fs'
import { Backoff } from '../lib/backoff.ts'
import type { BatchCommit } from '../model/batch-commit.ts'
import type { Delivery } from '../model/delivery.ts'
import { commitFailed, recordsUnaccounted } from '../telemetry/events/worker.ts'
import type { Batch } from './batch.ts'
import type { StreamPosition, WorkerParts } from './worker-parts.ts'

const firstCommitRetryMs = 500
const maxCommitRetryMs = 15_000

/** Commits batches, one after the other. */
export class BatchCommits {
  readonly #parts: WorkerParts
  readonly #isStopping: () => boolean
  /** Waits for so long, or until there is something to do. */
  readonly #sleep: (ms: number) => Promise<void>
  /** Called when a batch is committed, before its files are on their way. */
  readonly #onCommitted: (commit: BatchCommit) => void
  #lastBatch: number
  #unaccounted = 0

  constructor(
    parts: WorkerParts,
    options: {
      lastBatch: number
      isStopping: () => boolean
      sleep: (ms: number) => Promise<void>
      onCommitted: (commit: BatchCommit) => void
    },
  ) {
    this.#parts = parts
    this.#lastBatch = options.lastBatch
    this.#isStopping = options.isStopping
    this.#sleep = options.sleep
    this.#onCommitted = options.onCommitted
  }

  /** The number of the last batch; 0 when there was none. */
  get lastBatch(): number {
    return this.#lastBatch
  }

  /** Commits the batch, and hands its files to the sinks. Fails when it cannot be written and nobody may wait any more. */
  async commit(batch: Batch, streams: readonly StreamPosition[]): Promise<BatchCommit> {
    const { engine, metrics, counters, stagers, outboxes } = this.#parts
    metrics.count(null, engine.ledger)
    const commit = await this.#stageAndCommit(batch, streams)
    metrics.expose()
    counters.expose()
    for (const stager of stagers) stager.clear()
    this.#onCommitted(commit)
    for (const [sink, outbox] of outboxes) {
      const deliveries = commit.deliveries.filter(delivery => delivery.sink === sink)
      outbox.add(deliveries, { mayBeThere: false })
    }
    this.#lastBatch = commit.batch
    this.#checkLedger()
    return commit
  }

  /** A bug must be heard of once, not once a batch. */
  #checkLedger(): void {
    const { engine, log } = this.#parts
    const { unaccounted } = engine.ledger
    if (unaccounted !== 0 && unaccounted !== this.#unaccounted) recordsUnaccounted(log, { records: unaccounted })
    this.#unaccounted = unaccounted
  }

  /**
   * Writes the batch's files and commits it. On a full disk it is tried again until there is room, or until it is time to stop:
   * then nothing of the batch has happened, and it is read again by the next run.
   */
  async #stageAndCommit({ steps }: Batch, streams: readonly StreamPosition[]): Promise<BatchCommit> {
    const { state, sources, metrics, counters, nowMs, isTransient, log } = this.#parts
    const backoff = new Backoff({ firstMs: firstCommitRetryMs, maxMs: maxCommitRetryMs, random: () => 1 })
    const batch = this.#lastBatch + 1
    const storedMs = nowMs()
    const changes = [...metrics.takeChanges(), ...counters.takeChanges()]
    const forgotten = sources.flatMap(source =>
      source.takeForgotten().map(streamId => ({ source: source.name, streamId })),
    )
    for (;;) {
      const deliveries: Delivery[] = []
      try {
        await this.#stage({ batch, storedMs }, deliveries)
        const commit = { batch, steps, streams, forgotten, deliveries, counters: changes }
        state.commit(commit)
        return commit
      } catch (error) {
        for (const { file } of deliveries) rmSync(file, { force: true })
        if (!isTransient(error) || this.#isStopping()) throw error
        const nextTryMs = backoff.nextMs()
        commitFailed(log, { batch, nextTryMs, reason: error instanceof Error ? error.message : String(error) })
        await this.#sleep(nextTryMs)
      }
    }
  }

  async #stage(batch: { batch: number; storedMs: number }, into: Delivery[]): Promise<void> {
    const { engine, stagers } = this.#parts
    const rows = engine.rows()
    for (const stager of stagers) into.push(...(await stager.stage(batch, rows)))
  }
}
