// Routes sources whose partitions are divided among processes: puts the loop, its lanes and what it keeps of odd lines together.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Delivery } from '../model/delivery.ts'
import type { PartitionedSource } from '../model/partitioned-source.ts'
import { RouteBatch, RouteBatches } from '../pipeline/route-batch.ts'
import { RouteLanes } from '../pipeline/route-lanes.ts'
import { RoutePartitions } from '../pipeline/route-partitions.ts'
import { RouteSlots } from '../pipeline/route-slots.ts'
import { RouteTroubles } from '../pipeline/route-troubles.ts'
import { type LetterSink, letterSinkName } from '../sinks/dead-letter/dead-letter-sink.ts'
import { routeLettersFailed } from '../telemetry/events/route.ts'
import type { Log } from '../telemetry/log.ts'
import { createLetterSink } from './letter-sink.ts'
import type { OpenRoute } from './open-route.ts'
import { undeliveredRoute } from './route-failure.ts'
import { RouteLines } from './route-lines.ts'
import type { RouteOptions } from './route-options.ts'
import type { RouteTally } from './route-tally.ts'
import { isFenced, keyMaker, maxLineBytesOf, maxMessageBytesOf } from './route-transactions.ts'
import type { WorkerSettings } from './worker-sections.ts'

/** Transactions at the same time: each holds its messages some eight times while kafkajs encodes them. */
const maxTransactions = 8
/** So long letters that are under way may take when it is time to stop. */
const buryWaitMs = 10_000
const waits = { stopWaitMs: 12_000, lastWaitMs: 10 * 60_000 } as const
const retry = { firstMs: 200, maxMs: 5000, fencedMs: 10_000 } as const

export interface RouteSharedParts {
  readonly settings: WorkerSettings
  readonly options: RouteOptions
  readonly folder: string
  readonly route: OpenRoute
  readonly tally: RouteTally
  readonly maxBatchBytes: number
  readonly log: Log
  readonly nowMs: () => number
  readonly random: () => number
  readonly onProgress: () => void
}

export class RouteShared {
  readonly #parts: RouteSharedParts
  readonly #sources: readonly PartitionedSource[]
  readonly #lines: RouteLines
  readonly #lanes: RouteLanes
  readonly #troubles: RouteTroubles
  readonly #letters: LetterSink
  /** Aborted when it has been time to stop for a while. */
  readonly #stopping = new AbortController()
  readonly #loop: RoutePartitions
  #letterFiles = 0

  constructor(parts: RouteSharedParts, sources: readonly PartitionedSource[]) {
    this.#parts = parts
    this.#sources = sources
    const { options, route, tally, log, nowMs } = parts
    this.#troubles = new RouteTroubles({ topic: route.topic.name, log, nowMs })
    this.#lines = new RouteLines(
      {
        kind: options.key,
        keyOf: keyMaker(route.topic),
        maxLineBytesOf: key => maxLineBytesOf(route.topic, key),
        isFull: null,
        onDeadLetter: reason => tally.metrics.deadLettered(reason),
      },
      new RouteBatch(),
    )
    this.#letters = this.#createLetters()
    this.#lanes = this.#createLanes()
    const { maxBufferedBytes, lingerMs } = options
    this.#loop = new RoutePartitions({
      sources,
      lines: this.#lines,
      lanes: this.#lanes,
      bury: () => this.#bury(),
      limits: { maxBatchBytes: parts.maxBatchBytes, maxBufferedBytes, lingerMs, ...waits },
    })
  }

  #createLetters(): LetterSink {
    const { settings, folder, tally, log, random } = this.#parts
    const waiting = join(folder, 'letters')
    mkdirSync(waiting, { recursive: true, mode: 0o700 })
    const onTooLarge = (letters: number): void => tally.metrics.tooLarge(letterSinkName, letters)
    return createLetterSink({
      settings,
      waiting,
      workerNumber: Math.floor(random() * 2 ** 32),
      log,
      random,
      onTooLarge,
    })
  }

  #createLanes(): RouteLanes {
    const { options, route, tally, log, random, onProgress } = this.#parts
    return new RouteLanes({
      transactionsOf: (source, partition) => route.transactionsOf(`${source.group}.${partition}`),
      troubles: this.#troubles,
      slots: new RouteSlots(maxTransactions),
      batches: new RouteBatches(),
      retry,
      maxMessageBytes: maxMessageBytesOf(route.topic, options.maxMessageBytes),
      random,
      isFenced,
      onDelivered: (batch, { lane, messages, seconds }) => {
        tally.delivered(lane.source.name, batch)
        tally.messages += messages
        tally.tried('ok', seconds)
        onProgress()
        this.#loop.wake()
      },
      onFailed: seconds => tally.tried('failed', seconds),
      onBegun: () => this.#loop.wake(),
      log,
    })
  }

  /** Before the batches that they were found in go on; so a letter may be there twice after a crash, but never not at all. */
  #bury(): boolean | Promise<boolean> {
    return this.#lines.letters.letters.length === 0 || this.#buryAll()
  }

  async #buryAll(): Promise<boolean> {
    const { letters } = this.#lines.letters
    const { log, nowMs } = this.#parts
    const staged: Delivery[] = []
    try {
      // One that failed has the same letters when it is tried again: nothing is read until then. So it has the same number.
      const batch = this.#letterFiles + 1
      staged.push(...this.#letters.stage({ batch, storedMs: nowMs() }, letters))
      const how = { mayBeThere: false, signal: this.#stopping.signal }
      for (const delivery of staged) await this.#letters.deliver(delivery, how)
      this.#letterFiles = batch
      this.#lines.letters.clear()
      return true
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      routeLettersFailed(log, { letters: letters.length, reason })
      return false
    } finally {
      for (const { file } of staged) rmSync(file, { force: true })
    }
  }

  wake(): void {
    this.#loop.wake()
  }

  stop(): void {
    this.#loop.stop()
    setTimeout(() => this.#stopping.abort(), buryWaitMs).unref()
  }

  /** What has been failing for so long. */
  failing(forMs: number): readonly string[] {
    const { sinceMs } = this.#troubles
    return sinceMs !== null && this.#parts.nowMs() - sinceMs >= forMs ? ['the topic takes nothing'] : []
  }

  async start(): Promise<void> {
    await this.#letters.open()
    for (const source of this.#sources) await source.start([])
  }

  /** Until it is told to stop, or nothing more can come; then everything that was read is in the topic, or is read again. */
  async run(): Promise<void> {
    const isWhole = await this.#loop.run()
    for (const source of this.#sources) await source.stop()
    if (!isWhole) throw undeliveredRoute(this.#parts.route.topic.name)
  }

  /** Safe after {@link run}, and without it. */
  async close(): Promise<void> {
    await this.#lanes.end()
    for (const source of this.#sources) await source.stop()
    await this.#letters.stop()
  }
}
