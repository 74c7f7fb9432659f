// Routes sources that remember nothing by themselves: the worker's loop and state, with lines in place of attempts. A batch waits
// in a file until it is in the topic.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DeliverySink } from '../model/delivery.ts'
import type { Source } from '../model/source.ts'
import { Recovery } from '../pipeline/recover.ts'
import { Worker } from '../pipeline/worker.ts'
import { type LetterSink, letterSinkName } from '../sinks/dead-letter/dead-letter-sink.ts'
import { KafkaSink } from '../sinks/kafka/kafka-sink.ts'
import type { KeyedRecord } from '../sinks/kafka/keyed-record.ts'
import { DeliveryQueue } from '../sinks/shared/delivery-queue.ts'
import { type Remembered, WorkerState } from '../state/worker-state.ts'
import { stateRecovered } from '../telemetry/events/worker.ts'
import type { Log } from '../telemetry/log.ts'
import { deliverRest } from './deliver-rest.ts'
import { createLetterSink } from './letter-sink.ts'
import type { OpenRoute } from './open-route.ts'
import { isPassing } from './passing-failure.ts'
import { RouteEngine } from './route-engine.ts'
import { damagedRouteState, undeliveredRoute } from './route-failure.ts'
import type { RouteOptions } from './route-options.ts'
import type { RouteTally } from './route-tally.ts'
import { keyMaker, maxLineBytesOf, maxMessageBytesOf } from './route-transactions.ts'
import type { WorkerSettings } from './worker-sections.ts'

const snapshotBytes = 256 * 1024 * 1024
const snapshotMs = 30_000

export interface RouteLocalsParts {
  readonly settings: WorkerSettings
  readonly options: RouteOptions
  /** Of `fcscope route` alone; positions of the sources and what waits for the topic. */
  readonly folder: string
  readonly route: OpenRoute
  readonly tally: RouteTally
  readonly maxBatchBytes: number
  readonly once: boolean
  readonly log: Log
  readonly nowMs: () => number
  readonly random: () => number
  readonly onProgress: () => void
}

export class RouteLocals {
  readonly #parts: RouteLocalsParts
  readonly #state: WorkerState
  readonly #remembered: Remembered
  readonly #engine: RouteEngine
  readonly #sink: KafkaSink
  readonly #letters: LetterSink
  readonly #queues: readonly DeliveryQueue[]
  readonly #spill: string
  readonly #sources: readonly Source[]
  readonly #worker: Worker

  /** Fails with `FCS_STATE_LOCKED` or `FCS_STATE_UNUSABLE`. */
  constructor(parts: RouteLocalsParts, sources: readonly Source[]) {
    this.#parts = parts
    this.#sources = sources
    this.#state = WorkerState.open(parts.folder)
    this.#spill = join(parts.folder, 'spill')
    mkdirSync(this.#spill, { recursive: true, mode: 0o700 })
    this.#remembered = this.#state.remember()
    this.#engine = this.#createEngine()
    const { log, random } = parts
    const workerNumber = createHash('sha256').update(this.#state.id).digest().readUInt32LE(0)
    const folder = this.#spill
    this.#sink = new KafkaSink({ name: 'route', options: parts.route.sink, folder, workerNumber, log, random })
    this.#letters = this.#createLetters(workerNumber)
    this.#queues = [this.#sink, this.#letters].map(sink => this.#createQueue(sink))
    this.#worker = this.#createWorker()
  }

  #createEngine(): RouteEngine {
    const { options, settings, route, tally, maxBatchBytes } = this.#parts
    return new RouteEngine({
      kind: options.key,
      keyOf: keyMaker(route.topic),
      maxLineBytesOf: key => maxLineBytesOf(route.topic, key),
      maxMessageBytes: maxMessageBytesOf(route.topic, options.maxMessageBytes),
      maxBatchBytes,
      maxBatchLines: settings.batch.maxRows,
      ledger: tally.ledger,
      onDeadLetter: reason => tally.metrics.deadLettered(reason),
    })
  }

  #createLetters(workerNumber: number): LetterSink {
    const { settings, tally, log, random } = this.#parts
    const onTooLarge = (letters: number): void => tally.metrics.tooLarge(letterSinkName, letters)
    return createLetterSink({ settings, waiting: this.#spill, workerNumber, log, random, onTooLarge })
  }

  #createQueue(sink: DeliverySink): DeliveryQueue {
    const { settings, tally, log, nowMs, random } = this.#parts
    const { metrics } = tally
    const queue: DeliveryQueue = new DeliveryQueue({
      sink,
      maxBytes: settings.spill.maxBytes,
      onDelivered: delivery => {
        this.#state.delivered(delivery)
        metrics.waiting(sink.name, queue.bytes)
        if (sink === this.#sink) tally.messages += delivery.rows
      },
      onTry: ({ ok, seconds }) =>
        metrics.delivered({ sink: sink.name, result: ok ? 'ok' : 'failed', seconds, unixMs: nowMs() }),
      log,
      nowMs,
      random,
    })
    return queue
  }

  #createWorker(): Worker {
    const { options, tally, once, log, nowMs, onProgress } = this.#parts
    const engine = this.#engine
    const state = this.#state
    const { streams, lastBatch } = this.#remembered
    const positions = [...streams].flatMap(([source, list]) => list.map(stream => ({ source, stream })))
    return new Worker(
      {
        engine,
        sources: this.#sources,
        state: {
          commit: commit => {
            state.commit({ ...commit, counters: tally.withUnsaved(commit.counters) })
            tally.saved()
          },
          saveSnapshot: (batch, bytes) => state.saveSnapshot(batch, bytes),
        },
        stagers: [
          { stage: batch => this.#sink.stage(batch, recordsOf(engine)), clear: () => {} },
          { stage: (batch, { deadLetters }) => this.#letters.stage(batch, deadLetters), clear: () => {} },
        ],
        outboxes: new Map(this.#queues.map(queue => [queue.name, queue])),
        metrics: tally.metrics,
        counters: { takeChanges: () => [], expose: () => {} },
        times: { lingerMs: options.lingerMs, snapshotBytes, snapshotMs },
        partitions: null,
        once,
        log,
        nowMs,
        isTransient: isPassing,
        onBatch: ({ bytes }) => {
          tally.bytes += bytes
          onProgress()
        },
      },
      { lastBatch, positions },
    )
  }

  wake(): void {
    this.#worker.wake()
  }

  stop(): void {
    this.#worker.stop()
  }

  /** Sinks that take nothing, for so long. */
  failing(forMs: number): readonly string[] {
    const nowMs = this.#parts.nowMs()
    const late = this.#queues.filter(({ failingSinceMs: since }) => since !== null && nowMs - since >= forMs)
    return late.map(({ name }) => `sink ${name} takes nothing`)
  }

  /** Opens the sources where the last commit left them, and brings the state back. */
  async start(): Promise<void> {
    await this.#letters.open()
    for (const source of this.#sources) await source.start(this.#remembered.streams.get(source.name) ?? [])
    const { tally, log, nowMs } = this.#parts
    const beganMs = nowMs()
    const { batches, deliveries, counters, lastBatch } = this.#remembered
    const bytes = await this.#recover()
    tally.metrics.load(counters)
    tally.metrics.begin(tally.ledger)
    this.#deliverAgain()
    if (lastBatch === 0) return
    const seconds = Math.round((nowMs() - beganMs) / 100) / 10
    stateRecovered(log, { batches: batches.length, bytes, seconds, deliveries: deliveries.length })
  }

  /** The engine as it was when the last batch was committed. Resolves with the bytes that were read again for it. */
  async #recover(): Promise<number> {
    const { tally, log } = this.#parts
    const { snapshot, batches } = this.#remembered
    if (snapshot !== null) {
      const bytes = await this.#state.readSnapshot(snapshot)
      if (bytes === null) throw damagedRouteState(this.#state.folder)
      this.#engine.load(bytes)
    }
    const forget = (): void => {
      this.#engine.clearRows()
      tally.metrics.takeChanges()
    }
    const recovery = new Recovery({ engine: this.#engine, sources: this.#sources, log, clearRows: forget })
    for (const { steps } of batches) await recovery.replay(steps)
    forget()
    return recovery.bytes
  }

  /** Files that an earlier run left; those of batches that were not committed are made again. */
  #deliverAgain(): void {
    const { deliveries } = this.#remembered
    const named = new Set(deliveries.map(({ file }) => file))
    for (const name of readdirSync(this.#spill)) {
      const file = join(this.#spill, name)
      if (!named.has(file)) rmSync(file, { force: true })
    }
    for (const queue of this.#queues) {
      queue.add(
        deliveries.filter(({ sink }) => sink === queue.name),
        { mayBeThere: true },
      )
    }
  }

  /** Until it is told to stop, or nothing more can come; then everything that can be delivered is. */
  async run(): Promise<void> {
    await this.#worker.run()
    for (const source of this.#sources) await source.stop()
    const { nowMs, route } = this.#parts
    const late = await deliverRest({ queues: this.#queues, worker: this.#worker, nowMs })
    if (late.length > 0) throw undeliveredRoute(route.topic.name)
  }

  /** Safe after {@link run}, and without it. */
  async close(): Promise<void> {
    for (const source of this.#sources) await source.stop()
    for (const queue of this.#queues) await queue.stop()
    await this.#sink.stop()
    await this.#letters.stop()
    this.#state.close()
  }
}

const recordsOf = (engine: RouteEngine): readonly KeyedRecord[] =>
  engine.messages().map(({ key: { bytes: key }, value }) => ({ key, value }))
