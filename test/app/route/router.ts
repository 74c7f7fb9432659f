// A router of partitions in this process, between a group and a topic that are in memory.
import { RouteLines } from '../../../src/app/route-lines.ts'
import type { PartitionMove } from '../../../src/model/partitioned-source.ts'
import { RouteBatch, RouteBatches } from '../../../src/pipeline/route-batch.ts'
import { RouteLanes } from '../../../src/pipeline/route-lanes.ts'
import { RoutePartitions } from '../../../src/pipeline/route-partitions.ts'
import { RouteSlots } from '../../../src/pipeline/route-slots.ts'
import { RouteTroubles } from '../../../src/pipeline/route-troubles.ts'
import type { Log, LogFields } from '../../../src/telemetry/log.ts'
import { type MemoryGroup, MemorySource } from '../partitions/memory-group.ts'
import { FencedError, type MemoryTopic } from './memory-topic.ts'

export interface RouterOptions {
  readonly group: MemoryGroup
  readonly topic: MemoryTopic
  readonly once?: boolean
  readonly maxBufferedBytes?: number
  readonly maxLineBytes?: number
  readonly stopWaitMs?: number
  /** False while dead letters cannot be kept. */
  readonly mayBury?: () => boolean
}

/** Knows, as real ones do, that what is begun may be gone again, and tells that once. */
class GroupSource extends MemorySource {
  readonly #mayBegin = new Set<string>()

  override move(move: PartitionMove): void {
    const isNews = move.kind === 'assigned' || this.#mayBegin.has(move.partition)
    if (move.kind === 'assigned') this.#mayBegin.add(move.partition)
    else this.#mayBegin.delete(move.partition)
    if (isNews) super.move(move)
  }

  override begin(partition: string, from: number, stops: readonly number[]): void {
    if (this.#mayBegin.has(partition)) super.begin(partition, from, stops)
  }
}

/** Enough partitions that a mistake shows. */
const partitions = 5

export class Router {
  readonly source: MemorySource
  readonly events: (readonly [string, LogFields])[] = []
  /** The most that waited at any time. */
  peakBytes = 0
  records = 0
  readonly letters: string[] = []
  /** True when everything that was read is in the topic; an error when it was killed. */
  readonly ended: Promise<boolean | Error>
  readonly #loop: RoutePartitions
  readonly #group: MemoryGroup

  constructor(options: RouterOptions) {
    const {
      group,
      topic,
      once = false,
      maxBufferedBytes = 10_000,
      maxLineBytes = 100_000,
      mayBury = () => true,
      stopWaitMs = 10_000,
    } = options
    this.#group = group
    this.source = new GroupSource(group, { wake: () => this.#loop.wake(), once })
    const log: Log = { write: (_severity, event, _text, fields = {}) => this.events.push([event, fields]) }
    const lines = new RouteLines(
      {
        kind: 'function',
        keyOf: text => ({ text, bytes: Buffer.from(text), partition: hashOf(text) % partitions }),
        maxLineBytesOf: () => maxLineBytes,
        isFull: null,
        onDeadLetter: () => {},
      },
      new RouteBatch(),
    )
    const lanes = new RouteLanes({
      transactionsOf: (_source, partition) => topic.transactionsOf(partition),
      troubles: new RouteTroubles({ topic: 'topic', log, nowMs: () => performance.now() }),
      slots: new RouteSlots(2),
      batches: new RouteBatches(),
      maxMessageBytes: 300,
      retry: { firstMs: 2, maxMs: 10, fencedMs: 20 },
      random: () => topic.random.float(),
      isFenced: error => error instanceof FencedError,
      onDelivered: batch => {
        this.records += batch.lines
        this.#loop.wake()
      },
      onFailed: () => {},
      onBegun: () => this.#loop.wake(),
      log,
    })
    this.#loop = new RoutePartitions({
      sources: [this.source],
      // So small that records and rows are cut.
      lines: {
        window: lines.window.subarray(0, 2000),
        chunkBytes: 150,
        take: (chunk, from, batch) => lines.take(chunk, from, batch),
      },
      lanes,
      bury: () => {
        this.peakBytes = Math.max(this.peakBytes, lanes.bytes)
        if (!mayBury()) return false
        this.letters.push(...lines.letters.letters.map(({ position }) => String(position)))
        lines.letters.clear()
        return true
      },
      limits: { maxBatchBytes: 2000, maxBufferedBytes, lingerMs: 3, stopWaitMs, lastWaitMs: 10 * 60_000 },
    })
    this.ended = this.source
      .start()
      .then(() => this.#loop.run())
      .catch((error: Error) => error)
  }

  saw(event: string): readonly LogFields[] {
    return this.events.filter(([name]) => name === event).map(([, fields]) => fields)
  }

  /** There is more to read. */
  wake(): void {
    this.#loop.wake()
  }

  stop(): void {
    this.#loop.stop()
  }

  /** It reads no more; what it is about to write may still come, and it does not know that others go on. */
  kill(): void {
    this.source.isDead = true
    this.#loop.wake()
    this.#group.expel(this.source)
  }

  /** The group does not hear of it any more; it hears so later. */
  expel(): void {
    this.#group.expel(this.source)
  }
}

const hashOf = (text: string): number => [...text].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
