// Puts the parts of a worker together: engine, sources, sinks, metrics.
import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readListen } from '../lib/option-schema.ts'
import type { Delivery, DeliverySink } from '../model/delivery.ts'
import type { Ledger } from '../model/ledger.ts'
import { isPartitioned } from '../model/partitioned-source.ts'
import type { Source } from '../model/source.ts'
import { Worker } from '../pipeline/worker.ts'
import type { StreamPosition, WorkerParts } from '../pipeline/worker-parts.ts'
import { AttemptRows } from '../sinks/clickhouse/attempt-rows.ts'
import { ClickHouseSink } from '../sinks/clickhouse/clickhouse-sink.ts'
import { AttemptMetrics } from '../sinks/prometheus/attempt-metrics.ts'
import { DeliveryQueue } from '../sinks/shared/delivery-queue.ts'
import { ReplayFolder } from '../sources/dead-letters/replay-folder.ts'
import { ReplaySource } from '../sources/dead-letters/replay-source.ts'
import type { Remembered, WorkerState } from '../state/worker-state.ts'
import { WorkerMetrics } from '../telemetry/worker-metrics.ts'
import { AttemptMessages, RowsAndMessages } from './attempt-messages.ts'
import { WantedAttempts } from './backfill/wanted-attempts.ts'
import type { MetricsServerOptions } from './metrics-server.ts'
import { NotedStreams } from './noted-streams.ts'
import { isPassing } from './passing-failure.ts'
import type { RunOptions } from './run-options.ts'
import { SideSinks } from './side-sinks.ts'
import { SpanExport } from './span-export.ts'
import { type OwnPlace, ownPlaces, StoreHandover } from './store-handover.ts'
import { StoreStager } from './store-stager.ts'
import { letterFolderOf } from './topic-sections.ts'
import type { FunctionFigures } from './unknown-functions.ts'
import { WorkerEngine } from './worker-engine.ts'
import { figuresOf } from './worker-figures.ts'
import type { WorkerStore } from './worker-store.ts'

/** The engine's state is saved after so many bytes or so long, whatever comes first. */
const snapshotBytes = 256 * 1024 * 1024
const snapshotMs = 30_000

/** A sink that has been failing for so long makes the worker not ready. */
const failingMs = 15_000

/** All parts of one worker. */
export class Assembly {
  readonly engine: WorkerEngine
  readonly sources: readonly Source[]
  readonly queues: readonly DeliveryQueue[]
  readonly metrics = new WorkerMetrics()
  readonly attemptMetrics: AttemptMetrics
  readonly worker: Worker
  /** Null where no source has partitions. */
  readonly handover: StoreHandover | null
  readonly places: ReadonlyMap<string, OwnPlace>
  readonly figures: FunctionFigures
  /** Where files wait for sinks. */
  readonly spillFolder: string
  readonly #attemptRows = new AttemptRows()
  /** Null where attempts go to the store only. */
  readonly #messages: AttemptMessages | null
  /** Null where no spans are sent. */
  readonly #spans: SpanExport | null
  readonly #sideSinks: SideSinks
  readonly #notedStreams: NotedStreams
  readonly #options: RunOptions
  #isReady = false
  #bytes = 0

  constructor(parts: { options: RunOptions; state: WorkerState; store: WorkerStore; remembered: Remembered }) {
    const { options, state, store, remembered } = parts
    const { settings } = options.config
    this.#options = options
    this.figures = figuresOf(settings)
    this.spillFolder = makeFolder(join(state.folder, 'spill'))
    this.attemptMetrics = new AttemptMetrics({
      registry: this.metrics.registry,
      maxFunctions: settings.metrics.maxFunctions,
      costs: this.figures.costs,
    })
    this.#messages = settings.attempts === undefined ? null : new AttemptMessages()
    const { log, nowMs } = options
    // What is filled in afterwards was sent when it happened, or is too old for a backend.
    this.#spans =
      settings.traces === undefined || options.backfill !== undefined
        ? null
        : new SpanExport({ options: settings.traces, folder: this.spillFolder, metrics: this.metrics, log, nowMs })
    const generation = Number(state.meta('generation') ?? 0)
    this.engine = this.#createEngine(generation > 0 || options.backfill !== undefined)
    const sources = settings.sources.map(({ name, definition, options: chosen }) =>
      definition.create(chosen, {
        name,
        once: options.once,
        folder: makeFolder(join(state.folder, 'sources', name)),
        log: options.log,
        nowMs: options.nowMs,
        wake: () => this.worker.wake(),
      }),
    )
    const replays = new ReplayFolder(letterFolderOf(settings))
    const replaySource = new ReplaySource({ folder: replays, wake: () => this.worker.wake() })
    this.sources = options.backfill === undefined ? [...sources, replaySource] : sources
    const workerNumber = workerNumberOf(state.id)
    const storeSink = new ClickHouseSink(
      {
        store: store.connection,
        folder: this.spillFolder,
        workerNumber,
        generation,
        retentionDays: settings.store.options.retentionDays,
        nowMs: options.nowMs,
        log: options.log,
        ...(options.backfill && { lineChoice: options.backfill.lineChoice }),
      },
      this.#attemptRows,
    )
    this.#sideSinks = new SideSinks({
      settings,
      messages: this.#messages,
      spans: this.#spans,
      waiting: this.spillFolder,
      workerNumber,
      log: options.log,
      random: options.random,
      onTooLarge: (sink, messages) => this.metrics.tooLarge(sink, messages),
    })
    this.queues = [storeSink, ...this.#sideSinks.all].map(sink => this.#createQueue(sink, state))
    const partitioned = new Set(this.sources.filter(isPartitioned).map(({ name }) => name))
    this.#notedStreams = new NotedStreams(store.connection, options.nowMs)
    const storeStager = new StoreStager({ sink: storeSink, attempts: this.#attemptRows, stored: store.stored })
    this.places = ownPlaces(this.sources, remembered.streams)
    this.handover = this.sources.some(isPartitioned)
      ? new StoreHandover({
          worker: workerNumber,
          generation,
          store: store.connection,
          state,
          sink: storeSink,
          stored: store.stored,
          queues: this.queues,
        })
      : null
    this.worker = new Worker(
      {
        engine: this.engine,
        sources: this.sources,
        state: {
          commit: commit => {
            state.commit(commit)
            this.#notedStreams.add(commit.streams.filter(({ source }) => !partitioned.has(source)))
          },
          saveSnapshot: (batch, bytes) => state.saveSnapshot(batch, bytes),
        },
        stagers: [storeStager, ...this.#sideSinks.stagers()],
        outboxes: new Map(this.queues.map(queue => [queue.name, queue])),
        metrics: this.metrics,
        counters: this.attemptMetrics,
        times: { lingerMs: settings.batch.lingerMs, snapshotBytes, snapshotMs },
        partitions: this.handover && {
          handover: this.handover,
          allowedLatenessMs: settings.reconstruct.allowedLatenessMs,
          before: this.places,
        },
        once: options.once,
        log: options.log,
        nowMs: options.nowMs,
        isTransient: isPassing,
        onBatch: batch => this.#tellProgress(batch.bytes),
      } satisfies WorkerParts,
      { lastBatch: remembered.lastBatch, positions: positionsOf(remembered) },
    )
  }

  #createEngine(isAnyStored: boolean): WorkerEngine {
    const { config, lang, backfill } = this.#options
    const { reconstruct, batch } = config.settings
    const attemptRows =
      this.#messages === null ? this.#attemptRows : new RowsAndMessages(this.#attemptRows, this.#messages)
    return new WorkerEngine({
      ...reconstruct,
      lang,
      maxRows: batch.maxRows,
      figures: this.figures,
      attemptRows: backfill === undefined ? attemptRows : new WantedAttempts(this.#attemptRows, backfill.wantsAttempt),
      attemptCounter: this.attemptMetrics,
      spans: this.#spans,
      onDeadLetter: reason => this.metrics.deadLettered(reason),
      isAnyStored,
    })
  }

  #createQueue(sink: DeliverySink, state: WorkerState): DeliveryQueue {
    const { config, log, nowMs, random } = this.#options
    const queue: DeliveryQueue = new DeliveryQueue({
      sink,
      maxBytes: config.settings.spill.maxBytes,
      onDelivered: delivery => {
        state.delivered(delivery)
        this.worker.delivered(delivery.batch)
        this.metrics.waiting(sink.name, queue.bytes)
      },
      onTry: ({ ok, seconds }) =>
        this.metrics.delivered({ sink: sink.name, result: ok ? 'ok' : 'failed', seconds, unixMs: nowMs() }),
      log,
      nowMs,
      random,
    })
    return queue
  }

  get ledger(): Ledger {
    return this.engine.ledger
  }

  get metricsServer(): MetricsServerOptions {
    const { listen } = this.#options.config.settings.metrics
    // Checked with the configuration.
    const { host, port } = readListen(listen) ?? { host: '127.0.0.1', port: 0 }
    const { registry } = this.metrics
    return { host, port, registry, observe: () => this.#observe(), notReady: () => this.#notReady() }
  }

  setReady(isReady: boolean): void {
    this.#isReady = isReady
  }

  /** Drops what going through old batches again has collected. */
  forgetBatch(): void {
    this.engine.clearRows()
    this.#attemptRows.clear()
    this.#messages?.clear()
    this.#spans?.clear()
    this.metrics.takeChanges()
    this.attemptMetrics.takeChanges()
  }

  /** Files that an earlier run left; without the lines of `excluded` streams. */
  deliverAgain(deliveries: readonly Delivery[], excluded: readonly string[]): void {
    for (const queue of this.queues) {
      queue.add(
        deliveries.filter(({ sink }) => sink === queue.name),
        { mayBeThere: true, excluded },
      )
    }
  }

  /** Tells the store what is known of the streams by now. */
  async noteStreams(): Promise<void> {
    await this.#notedStreams.flush()
  }

  #observe(): void {
    const { received } = this.ledger
    for (const source of this.sources) this.metrics.observeLag(source.name, source.lag(), this.#bytes / received)
    for (const queue of this.queues) this.metrics.waiting(queue.name, queue.bytes)
    this.metrics.observeEngine(this.engine)
  }

  #notReady(): readonly string[] {
    if (!this.#isReady) return ['the worker is starting or stopping']
    const failing = this.queues.filter(({ failingSinceMs }) => {
      return failingSinceMs !== null && this.#options.nowMs() - failingSinceMs >= failingMs
    })
    return failing.map(({ name }) => `sink ${name} takes nothing`)
  }

  #tellProgress(bytes: number): void {
    this.#bytes += bytes
    this.#notedStreams.flushIfDue()
    const { onProgress } = this.#options
    if (onProgress === null) return
    const lags = this.sources.map(source => source.lag())
    onProgress({
      records: this.ledger.received,
      bytes: this.#bytes,
      waitingBytes: lags.reduce((sum, lag) => sum + lag.bytes, 0),
      lagSeconds: Math.max(0, ...lags.map(lag => lag.seconds)),
    })
  }

  /** See {@link SideSinks.open}. */
  openTopics(): Promise<void> {
    return this.#sideSinks.open()
  }

  async close(): Promise<void> {
    for (const queue of this.queues) await queue.stop()
    await this.#sideSinks.stop()
  }
}

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  return path
}

/** 32 bits that tell this state's batches from those of others in the same store. */
const workerNumberOf = (stateId: string): number => createHash('sha256').update(stateId).digest().readUInt32LE(0)

const positionsOf = ({ streams }: Remembered): readonly StreamPosition[] =>
  [...streams].flatMap(([source, list]) => list.map(stream => ({ source, stream })))
