// A worker of small parts: everything it commits, delivers and says is kept.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BatchCommit } from '../../src/model/batch-commit.ts'
import type { Delivery } from '../../src/model/delivery.ts'
import type { Source } from '../../src/model/source.ts'
import type { BatchRows } from '../../src/pipeline/engine.ts'
import { Worker } from '../../src/pipeline/worker.ts'
import type { Outbox, StreamPosition, WorkerParts } from '../../src/pipeline/worker-parts.ts'
import type { LogFields } from '../../src/telemetry/log.ts'
import { WorkerMetrics } from '../../src/telemetry/worker-metrics.ts'
import { SmallEngine } from './small-engine.ts'

/** Files that wait; a test says how many may. */
export class SmallOutbox implements Outbox {
  readonly added: Delivery[] = []
  max = Number.POSITIVE_INFINITY
  waiting = 0
  #changed = Promise.withResolvers<void>()

  get hasRoom(): boolean {
    return this.waiting < this.max
  }

  get isEmpty(): boolean {
    return this.waiting === 0
  }

  add(deliveries: readonly Delivery[]): void {
    this.added.push(...deliveries)
    this.waiting += deliveries.length
  }

  changed(): Promise<void> {
    return this.#changed.promise
  }

  /** One file is gone. */
  deliver(): void {
    this.waiting -= 1
    const before = this.#changed
    this.#changed = Promise.withResolvers<void>()
    before.resolve()
  }
}

export interface RigOptions {
  readonly sources: readonly Source[]
  readonly engine?: SmallEngine
  readonly once?: boolean
  readonly lingerMs?: number
  readonly snapshotBytes?: number
  readonly folder?: string
  readonly partitions?: WorkerParts['partitions']
  readonly before?: { lastBatch: number; positions: readonly StreamPosition[] }
}

export class WorkerRig {
  readonly engine: SmallEngine
  readonly commits: BatchCommit[] = []
  readonly snapshots: { batch: number; bytes: Buffer }[] = []
  readonly outbox = new SmallOutbox()
  readonly events: (readonly [string, LogFields])[] = []
  readonly cleared: number[] = []
  readonly metrics = new WorkerMetrics()
  readonly worker: Worker
  nowMs = 1_700_000_000_000
  /** Asked before a batch is staged, committed, or saved; what it throws is what happened. */
  fail: (step: 'stage' | 'commit' | 'snapshot', batch: number) => void = () => {}
  onEvent: (event: string) => void = () => {}
  onCommit: () => void = () => {}
  isTransient: (error: unknown) => boolean = error => error instanceof Error && error.message.startsWith('ENOSPC')
  readonly #folder: string | null

  constructor(options: RigOptions) {
    const { sources, once = false, before = { lastBatch: 0, positions: [] } } = options
    this.engine = options.engine ?? new SmallEngine()
    this.#folder = options.folder ?? null
    const parts: WorkerParts = {
      engine: this.engine,
      sources,
      state: {
        commit: commit => {
          this.fail('commit', commit.batch)
          this.commits.push(commit)
          this.onCommit()
        },
        saveSnapshot: async (batch, bytes) => {
          this.fail('snapshot', batch)
          this.snapshots.push({ batch, bytes })
        },
      },
      stagers: [{ stage: (batch, rows) => this.#stage(batch, rows), clear: () => this.cleared.push(1) }],
      outboxes: new Map([['store', this.outbox]]),
      metrics: this.metrics,
      counters: {
        takeChanges: () => [{ family: 'f', labels: '{}', values: [this.commits.length] }],
        expose: () => {},
      },
      times: {
        lingerMs: options.lingerMs ?? 0,
        snapshotBytes: options.snapshotBytes ?? Number.POSITIVE_INFINITY,
        snapshotMs: Number.POSITIVE_INFINITY,
      },
      partitions: options.partitions ?? null,
      once,
      log: {
        write: (_, event, __, fields = {}) => {
          this.events.push([event, fields])
          this.onEvent(event)
        },
      },
      nowMs: () => this.nowMs,
      isTransient: error => this.isTransient(error),
      onBatch: () => {},
    }
    this.worker = new Worker(parts, before)
  }

  /** One file a batch, which must not be there yet. */
  #stage({ batch, storedMs }: { batch: number; storedMs: number }, rows: BatchRows): Delivery[] {
    this.fail('stage', batch)
    const file = join(this.#folder ?? '', `${batch}.file`)
    if (this.#folder !== null) writeFileSync(file, '', { flag: 'wx' })
    return [{ sink: 'store', batch, part: 'lines', file, rows: rows.lines.rows, bytes: 1, storedMs }]
  }

  /** Lines in the order of their commits, by batch. */
  get rows(): number[] {
    return this.outbox.added.map(delivery => delivery.rows)
  }

  get steps(): unknown[] {
    return this.commits.map(({ steps }) => steps)
  }

  /** Positions as of the last commit. */
  get positions(): Record<string, number> {
    const all = this.commits.flatMap(({ streams }) => streams)
    return Object.fromEntries(all.map(({ stream }) => [stream.streamId, stream.position]))
  }

  named(event: string): LogFields[] {
    return this.events.filter(([name]) => name === event).map(([, fields]) => fields)
  }
}
