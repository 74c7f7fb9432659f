// The Kafka source: what is fetched of partitions waits here until the worker asks for it.
import type { EachBatchPayload } from 'kafkajs'
import type { InputFormat } from '../../model/batch-options.ts'
import type { PartitionChunk, PartitionedSource, PartitionMove } from '../../model/partitioned-source.ts'
import type { Chunk, SourceLag, StoredStream } from '../../model/source.ts'
import type { SourceDeps } from '../shared/source-definition.ts'
import { WindowFiller } from './fill-window.ts'
import { GroupMembership, type MembershipOptions } from './group-membership.ts'
import { nameOf } from './held-partition.ts'
import { HeldPartitions } from './held-partitions.ts'
import { ReadingLag } from './reading-lag.ts'
import { ReadingTurns } from './reading-turns.ts'
import { MessageRenderer, type RenderOptions } from './render-message.ts'

/** How often the group hears of a worker that has more than it can read. */
const heldUpMs = 1000

export interface ReaderOptions extends MembershipOptions {
  readonly format: InputFormat
  readonly startAt: 'beginning' | 'end'
  readonly rendering: RenderOptions
  readonly maxBufferedBytes: number
  /** See `ReadingLagParts`. */
  readonly countsOffsets: boolean
}

export class KafkaReader implements PartitionedSource {
  readonly isPartitioned = true
  readonly name: string
  readonly format: InputFormat
  /** Other sources may have a group of the same name at another cluster. */
  readonly group: string
  readonly #deps: SourceDeps
  readonly #held: HeldPartitions
  readonly #turns: ReadingTurns
  readonly #membership: GroupMembership
  readonly #filler: WindowFiller
  readonly #lag: ReadingLag
  #stopping: Promise<void> | null = null

  constructor(options: ReaderOptions, deps: SourceDeps) {
    const { format, startAt, groupId, maxBufferedBytes, countsOffsets } = options
    this.name = deps.name
    this.format = format
    this.group = `kafka/${deps.name}/${groupId}`
    this.#deps = deps
    this.#held = new HeldPartitions({ source: deps.name, startAt, wake: deps.wake })
    this.#filler = new WindowFiller(new MessageRenderer(options.rendering))
    this.#membership = new GroupMembership({
      options,
      held: this.#held,
      deps,
      onBatch: payload => this.#take(payload),
      onChange: () => this.#settle(),
    })
    this.#turns = new ReadingTurns({
      held: this.#held,
      maxBufferedBytes,
      pause: partition => this.#membership.pause(partition),
      resume: partition => this.#membership.resume(partition),
    })
    this.#lag = new ReadingLag({
      held: this.#held,
      places: () => this.#membership.places,
      countsOffsets,
      nowMs: deps.nowMs,
    })
  }

  start(): Promise<void> {
    return this.#membership.start()
  }

  takeMoves(): readonly PartitionMove[] {
    return this.#held.takeMoves()
  }

  begin(name: string, from: number, stops: readonly number[]): void {
    const partition = this.#held.of(name)
    // It may have gone again since the worker was told of it.
    if (partition === undefined || partition.state !== 'waiting') return
    partition.begin(from, stops)
    this.#membership.begin(partition)
    this.#turns.settle()
  }

  /** The partitions that may not be read now have to rest, and whoever waits for room has to look again. */
  #settle(): void {
    this.#turns.settle()
    this.#turns.tellRoom()
  }

  /** Keeps kafkajs from fetching more while too much waits to be read. */
  async #take({ batch, heartbeat, isRunning }: EachBatchPayload): Promise<void> {
    const partition = this.#held.of(nameOf(batch.topic, batch.partition))
    if (partition === undefined || partition.state !== 'reading' || partition.isAstray) return
    partition.high = partition.numbers.numberOf(batch.highWatermark)
    partition.take(batch.messages, partition.numbers.numberOf(batch.lastOffset()) + 1)
    this.#turns.settle()
    this.#deps.wake()
    while (!this.#turns.hasRoom && isRunning() && this.#stopping === null) {
      await this.#turns.room(heldUpMs)
      await heartbeat()
    }
  }

  /** The chunk and its records are valid until the next call. */
  read(window: Uint8Array): PartitionChunk | null {
    const partition = this.#stopping === null ? this.#turns.next() : null
    return partition === null ? null : this.#filler.fill(partition, window)
  }

  advance(chunk: Chunk, bytes: number): void {
    this.#filler.advance(chunk, bytes)
    this.#settle()
  }

  delivered(name: string, number: number): void {
    const partition = this.#held.of(name)
    if (partition !== undefined) this.#membership.delivered(partition, number)
  }

  letGo(name: string): void {
    const partition = this.#held.of(name)
    if (partition !== undefined) this.#membership.letGo(partition)
  }

  isDone(): boolean {
    if (!this.#deps.once || !this.#membership.isSettled) return false
    for (const partition of this.#held.all()) if (!partition.isAtEnd) return false
    return true
  }

  lag(): SourceLag {
    return this.#lag.get()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#membership.stop()
    this.#turns.tellRoom()
    return this.#stopping
  }

  takeChanges(): readonly StoredStream[] {
    return []
  }

  takeForgotten(): readonly string[] {
    return []
  }

  readAgain(): number {
    return 0
  }

  release(): void {}
}
