// What was pulled of a shard and not yet taken by the worker, and how far reading has come.
import { numbersPerStream, type PartitionChunk, recordPosition, streamIndexOf } from '../../model/partitioned-source.ts'
import { RecordPage } from './record-page.ts'
import type { ShardNumbers } from './shard-numbers.ts'

/** The reply that is being read, and one that was pulled ahead. */
const maxPages = 2

export interface ShelfParts {
  readonly partition: string
  readonly numbers: ShardNumbers
  /** The first record to be read, and the numbers that no chunk may hold both sides of, rising. */
  readonly from: number
  readonly stops: readonly number[]
}

export class ShardShelf {
  readonly #parts: ShelfParts
  #stopIndex = 0
  readonly #pages: RecordPage[] = []
  #pullFrom: number
  #isClosed = false
  /** The last pull reached the shard's present end. */
  isAtEnd = false

  constructor(parts: ShelfParts) {
    this.#parts = parts
    this.#pullFrom = parts.from
  }

  /** The record at which the next pull begins. */
  get pullFrom(): number {
    return this.#pullFrom
  }

  get hasRoom(): boolean {
    return !this.#isClosed && this.#pages.length < maxPages
  }

  /** Something can be read. */
  get hasRecords(): boolean {
    return !this.#isClosed && this.#pages.length > 0
  }

  /** The last stop is still to come. At the end of the shard there is nothing more that could lead to it. */
  get isReplaying(): boolean {
    const lastStop = this.#parts.stops.at(-1)
    if (lastStop === undefined || this.#isClosed) return false
    const [page] = this.#pages
    return page === undefined ? !this.isAtEnd && this.#pullFrom < lastStop : page.next < lastStop
  }

  get bytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.bytesLeft, 0)
  }

  /** Since when the oldest record has been there, unix ms; null when there is none. */
  get sinceMs(): number | null {
    return this.#pages[0]?.sinceMs ?? null
  }

  /** What was pulled from {@link pullFrom} on. */
  add(page: RecordPage): void {
    this.#pullFrom = page.to
    this.#pages.push(page)
  }

  /** There are no rows before this record. */
  skipTo(number: number, sinceMs: number): void {
    const from = this.#pullFrom
    if (number === from) return
    const none = { bytes: new Uint8Array(0), ends: new Uint32Array(0) }
    this.add(new RecordPage({ from, to: number, first: from, ...none, sinceMs, release: () => {} }))
  }

  /** Must not be called without {@link hasRecords}. */
  read(window: Uint8Array): PartitionChunk {
    const { stops, numbers, partition } = this.#parts
    const page = this.#pages[0]!
    const { next } = page
    while ((stops[this.#stopIndex] ?? Number.POSITIVE_INFINITY) <= next) this.#stopIndex += 1
    const streamEnd = (streamIndexOf(next) + 1) * numbersPerStream
    const { length, skipped, ...records } = page.fill(window, Math.min(streamEnd, stops[this.#stopIndex] ?? streamEnd))
    return {
      stream: numbers.streamOf(next),
      position: recordPosition(next, skipped),
      length,
      isLast: false,
      records: { partition, count: records.numbers.length, skipped, ...records },
    }
  }

  /** The worker took the first `bytes` of what {@link read} gave last. */
  take({ records }: PartitionChunk, bytes: number): void {
    const [page] = this.#pages
    if (page === undefined) return
    page.take(records, bytes)
    if (!page.isTaken) return
    page.release()
    this.#pages.shift()
  }

  /** Nothing more is read of it. What was read last can still be taken. */
  close(): void {
    this.#isClosed = true
    for (const page of this.#pages.splice(1)) page.release()
  }

  /** Gives all memory back. Safe twice. */
  drop(): void {
    this.close()
    for (const page of this.#pages) page.release()
  }
}
