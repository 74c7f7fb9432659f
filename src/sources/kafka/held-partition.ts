// One partition that this worker has: what was fetched of it, how far it was read, and where reading has to pause.
import { createHash } from 'node:crypto'
import { numbersPerStream, streamIndexOf } from '../../model/partitioned-source.ts'
import type { SourceStream } from '../../model/source.ts'
import { type Message, MessageQueue } from './message-queue.ts'
import { OffsetNumbers } from './offset-numbers.ts'

/** What the cluster says of a partition. All are offsets; `committed` is null when the group says nothing. */
export interface PartitionPlace {
  readonly topic: string
  readonly partition: number
  /** Of the oldest message that is still there. */
  readonly low: string
  /** Behind the newest message that may be read. */
  readonly high: string
  readonly committed: string | null
}

/** `waiting` for {@link HeldPartition.begin}; `leaving`: nothing more is given, and it stays ours until it is let go. */
export type PartitionState = 'waiting' | 'reading' | 'leaving'

export const nameOf = (topic: string, partition: number): string => `${topic}-${partition}`

/** Numbers are those of records, see {@link OffsetNumbers}. */
export class HeldPartition {
  readonly name: string
  readonly topic: string
  readonly partition: number
  readonly numbers: OffsetNumbers
  readonly queue: MessageQueue
  state: PartitionState = 'waiting'
  readonly low: number
  /** Behind the newest message, as far as is known. */
  high: number
  /** Null when the group says nothing. */
  readonly committed: number | null
  /** Behind the last message that was fetched: the next fetch brings what follows. */
  fetchedTo: number
  /** Messages are not there any more where reading is; nobody knows yet where it goes on. */
  isAstray = false
  /** Of the next message: so many of its bytes were read. */
  skipped = 0
  /** Nothing from here on is read; infinite unless only what was there at the start is. */
  end = Number.POSITIVE_INFINITY
  /** All before it are stored for good, as the worker said; -1 when it said nothing. */
  delivered = -1
  /** Unix ms of the message that was read last; 0 before. */
  lastReadMs = 0
  readonly #source: string
  #stops: readonly number[] = []
  #stream: SourceStream | null = null
  #streamIndex = -1

  constructor(source: string, place: PartitionPlace) {
    const { topic, partition, low, high, committed } = place
    this.#source = source
    this.name = nameOf(topic, partition)
    this.topic = topic
    this.partition = partition
    this.numbers = new OffsetNumbers(low)
    this.queue = new MessageQueue(this.numbers)
    this.low = this.numbers.numberOf(low)
    this.high = this.numbers.numberOf(high)
    this.committed = committed === null ? null : this.numbers.numberOf(committed)
    this.fetchedTo = this.committed ?? this.low
  }

  /** Reading begins at `from`; see `PartitionedSource.begin` for `stops`. */
  begin(from: number, stops: readonly number[]): void {
    this.state = 'reading'
    this.#stops = stops
    this.fetchedTo = from
  }

  /** Takes messages that were fetched; `behind` is the number behind the last of them and whatever was left out behind it. */
  take(messages: readonly Message[], behind: number): void {
    if (this.isFetched) return
    this.queue.push(messages, this.fetchedTo)
    this.fetchedTo = Math.max(this.fetchedTo, behind)
  }

  /** Everything up to where reading ends was fetched. */
  get isFetched(): boolean {
    return this.fetchedTo >= this.end
  }

  /** The next record to be read, or where it will be. */
  get next(): number {
    return this.queue.isEmpty ? this.fetchedTo : this.queue.headNumber
  }

  /** Offsets to the end of the log, or to where reading ends. */
  get unread(): number {
    return Math.max(0, Math.min(this.high, this.end) - this.next)
  }

  /** False while records before the last stop are missing. A stop that lies behind the end of the log is as good as its end. */
  get hasReachedStops(): boolean {
    const last = this.#stops.at(-1)
    return this.state !== 'reading' || last === undefined || this.next >= Math.min(last, this.high)
  }

  /** There are messages that may be read. */
  get isReadable(): boolean {
    return this.state === 'reading' && !this.queue.isEmpty && this.queue.headNumber < this.end
  }

  get isAtEnd(): boolean {
    return this.state === 'reading' && !this.isAstray && this.next >= this.end
  }

  /** Where a chunk that begins with this record must end. */
  limitFor(number: number): number {
    const stop = this.#stops.find(each => each > number) ?? Number.POSITIVE_INFINITY
    return Math.min(stop, (streamIndexOf(number) + 1) * numbersPerStream, this.end)
  }

  /** The stream of a record. */
  streamOf(number: number): SourceStream {
    const index = streamIndexOf(number)
    if (this.#stream === null || this.#streamIndex !== index) {
      this.#streamIndex = index
      this.#stream = { id: this.#streamId(index), label: this.name }
    }
    return this.#stream
  }

  /** The stream before the one of `number` when records of both were read one behind the other; else null. */
  streamBefore(number: number): SourceStream | null {
    const before = this.#stream
    return before !== null && this.#streamIndex === streamIndexOf(number) - 1 ? before : null
  }

  #streamId(index: number): string {
    const parts = ['kafka', this.#source, this.topic, this.partition, this.numbers.key, index]
    const id = createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)
    return /^0+$/.test(id) ? `${id.slice(1)}1` : id
  }
}
