// Hot path: copies messages into the worker's window. Per message: its bytes, where they end, its number; no object, no text.
import { type PartitionChunk, recordPosition } from '../../model/partitioned-source.ts'
import type { HeldPartition } from './held-partition.ts'
import type { MessageRenderer } from './render-message.ts'

/** Records of one chunk. Those without bytes would have no bound else. */
const maxRecords = 65_536

/** A record that is read in pieces. */
interface CutRecord {
  readonly partition: HeldPartition
  readonly number: number
  readonly bytes: Uint8Array
}

/** Fills windows, and remembers what the last one was filled with. */
export class WindowFiller {
  readonly #renderer: MessageRenderer
  readonly #ends = new Uint32Array(maxRecords)
  readonly #numbers = new Float64Array(maxRecords)
  #count = 0
  /** Bytes in the window. */
  #at = 0
  #isCut = false
  #cut: CutRecord | null = null
  #chunk: PartitionChunk | null = null
  #partition: HeldPartition | null = null

  constructor(renderer: MessageRenderer) {
    this.#renderer = renderer
  }

  /** Of a partition that is readable. The next call makes {@link advance} of this chunk mean nothing. */
  fill(partition: HeldPartition, window: Uint8Array): PartitionChunk {
    const first = partition.queue.headNumber
    const { skipped } = partition
    this.#count = 0
    this.#at = 0
    this.#isCut = false
    const isPiece = skipped > 0 || this.#renderer.put(partition.queue.head, window, 0) < 0
    if (isPiece) this.#putPiece(partition, window)
    if (!this.#isCut) this.#putWhole(partition, { window, limit: partition.limitFor(first) })
    const before = partition.streamBefore(first)
    const count = this.#count
    this.#partition = partition
    this.#chunk = {
      stream: partition.streamOf(first),
      position: recordPosition(first, skipped),
      length: this.#at,
      isLast: false,
      ...(before === null ? {} : { continues: before.id }),
      records: {
        partition: partition.name,
        count,
        ends: this.#ends.slice(0, count),
        numbers: this.#numbers.slice(0, count),
        skipped,
        isCut: this.#isCut,
      },
    }
    return this.#chunk
  }

  /** The first record, or as much of its rest as fits. */
  #putPiece(partition: HeldPartition, window: Uint8Array): void {
    const { queue, skipped } = partition
    const number = queue.headNumber
    if (this.#cut?.partition !== partition || this.#cut.number !== number)
      this.#cut = { partition, number, bytes: this.#renderer.render(queue.head) }
    const { bytes } = this.#cut
    const length = Math.min(bytes.length - skipped, window.length)
    window.set(bytes.subarray(skipped, skipped + length))
    this.#at = length
    this.#isCut = skipped + length < bytes.length
    this.#ends[0] = length
    this.#numbers[0] = number
    this.#count = 1
  }

  /** Records as long as they fit, from the one behind those that were put before. */
  #putWhole(partition: HeldPartition, { window, limit }: { window: Uint8Array; limit: number }): void {
    const { queue } = partition
    const { batches } = queue
    const renderer = this.#renderer
    const ends = this.#ends
    const numbers = this.#numbers
    let count = this.#count
    let at = this.#at
    let index = queue.at + count
    filling: for (const batch of batches) {
      const { messages, isDense, first } = batch
      const { length } = messages
      for (; index < length; index += 1) {
        const number = isDense ? first + index : queue.numberOf(batch, index)
        if (number >= limit || count === maxRecords) break filling
        const end = renderer.put(messages[index]!, window, at)
        if (end < 0) break filling
        at = end
        ends[count] = end
        numbers[count] = number
        count += 1
      }
      index -= length
    }
    this.#count = count
    this.#at = at
  }

  /** The first `bytes` of the chunk that was filled last were taken. Means nothing for any other. */
  advance(chunk: unknown, bytes: number): void {
    const given = this.#chunk
    const partition = this.#partition
    this.#chunk = null
    this.#partition = null
    if (given === null || given !== chunk || partition === null || partition.state !== 'reading') return
    if (bytes === 0 && given.length > 0) return
    const { ends, count, isCut, skipped } = given.records
    let whole = 0
    const last = isCut ? count - 1 : count
    while (whole < last && ends[whole]! <= bytes) whole += 1
    if (whole > 0) partition.lastReadMs = Number(partition.queue.peek(whole - 1).timestamp)
    partition.queue.drop(whole)
    const begin = whole === 0 ? -skipped : ends[whole - 1]!
    partition.skipped = whole === count ? 0 : bytes - begin
    if (whole > 0 && partition.skipped === 0) this.#cut = null
  }
}
