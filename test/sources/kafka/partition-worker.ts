// A worker as small as the contract of a partitioned source allows: reads, delivers a little later, and gives partitions up when asked.
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import {
  hasRecords,
  type PartitionChunk,
  type PartitionedSource,
  type PartitionMove,
} from '../../../src/model/partitioned-source.ts'

/** A line as a store has it. */
export interface StoredLine {
  readonly partition: string
  readonly streamId: string
  readonly position: number
  readonly text: string
}

/** Tells lines apart as the store does: by stream and position. */
export class LineStore {
  readonly #lines = new Map<string, StoredLine>()
  /** Lines that came again. */
  again = 0

  add(line: StoredLine): void {
    const key = `${line.streamId}@${line.position}`
    const known = this.#lines.get(key)
    if (known === undefined) this.#lines.set(key, line)
    else {
      this.again += 1
      assert.equal(line.text, known.text, `another line at ${key}`)
    }
  }

  get size(): number {
    return this.#lines.size
  }

  /** In the order of partitions and positions. */
  get lines(): readonly StoredLine[] {
    return [...this.#lines.values()].toSorted(
      (a, b) => a.partition.localeCompare(b.partition) || a.position - b.position,
    )
  }

  get texts(): readonly string[] {
    return this.lines.map(({ text }) => text)
  }
}

interface Read {
  readonly lines: readonly StoredLine[]
  readonly partition: string
  /** The next record. */
  readonly next: number
}

export interface WorkerOptions {
  readonly store: { add(line: StoredLine): void }
  readonly windowBytes?: number
  /** Between reading and delivering. */
  readonly deliverAfterMs?: number
  readonly stops?: readonly number[]
}

const lineFeed = 10

export class PartitionWorker {
  readonly source: PartitionedSource
  readonly #options: WorkerOptions
  readonly #window: Uint8Array
  #read: Read[] = []
  #moves: PartitionMove[] = []
  #readSinceMs = 0
  #isStopping = false
  /** Waits for deliveries, as if the store were away. */
  isBlocked = false
  readonly events: string[] = []
  /** Records of chunks, in their order. */
  readonly chunks: PartitionChunk[] = []
  records = 0

  constructor(source: PartitionedSource, options: WorkerOptions) {
    this.source = source
    this.#options = options
    this.#window = new Uint8Array(options.windowBytes ?? 64 * 1024)
  }

  /** Until it is stopped, or the source is done. */
  async run(): Promise<void> {
    while (!this.#isStopping) {
      await this.#move()
      if (this.#takeNext()) continue
      if (this.source.isDone()) break
      await pause(5)
    }
    this.#deliver()
    await this.source.stop()
  }

  stop(): void {
    this.#isStopping = true
  }

  async #move(): Promise<void> {
    this.#collect()
    while (this.#moves.length > 0 && !this.#isStopping) {
      const moves = this.#moves
      this.#moves = []
      const revoked = moves.filter(({ kind }) => kind === 'revoked').map(({ partition }) => partition)
      if (revoked.length > 0) await this.#giveUp(revoked)
      for (const move of moves)
        if (move.kind === 'assigned') this.source.begin(move.partition, move.position, this.#options.stops ?? [])
      this.#collect()
    }
    const isDue = this.#read.length > 0 && performance.now() - this.#readSinceMs >= (this.#options.deliverAfterMs ?? 0)
    if (isDue && !this.isBlocked) this.#deliver()
  }

  /** What was lost must not be delivered any more. */
  #collect(): void {
    for (const move of this.source.takeMoves()) {
      this.events.push(`${move.kind} ${move.partition}`)
      this.#moves.push(move)
      if (move.kind === 'lost') this.#read = this.#read.filter(({ partition }) => partition !== move.partition)
    }
  }

  async #giveUp(revoked: readonly string[]): Promise<void> {
    while (this.isBlocked && !this.#isStopping) {
      await pause(5)
      this.#collect()
    }
    this.#deliver()
    for (const partition of revoked) this.source.letGo(partition)
  }

  #takeNext(): boolean {
    const chunk = this.source.read(this.#window)
    assert.ok(!(chunk instanceof Promise))
    if (chunk === null) return false
    assert.ok(hasRecords(chunk))
    this.chunks.push(chunk)
    const { records } = chunk
    assert.ok(chunk.length <= this.#window.length)
    assert.equal(records.ends.at(-1), chunk.length)
    const bytes = Buffer.from(this.#window.subarray(0, chunk.length))
    const wholeLines = bytes.lastIndexOf(lineFeed) + 1
    const taken = wholeLines === 0 ? chunk.length : wholeLines
    if (this.#read.length === 0) this.#readSinceMs = performance.now()
    this.#read.push(readOf(chunk, bytes, taken))
    this.records += records.count
    this.source.advance(chunk, taken)
    return true
  }

  #deliver(): void {
    const next = new Map<string, number>()
    for (const read of this.#read) {
      for (const line of read.lines) this.#options.store.add(line)
      next.set(read.partition, read.next)
    }
    this.#read = []
    for (const [partition, number] of next) this.source.delivered(partition, number)
  }
}

/** The lines of a chunk; one that is cut is a line of its own where the window ends. */
function readOf(chunk: PartitionChunk, bytes: Buffer, taken: number): Read {
  const { partition, numbers, ends, skipped, isCut, count } = chunk.records
  const lines: StoredLine[] = []
  let next = numbers[0]!
  for (let record = 0; record < count; record += 1) {
    const begin = record === 0 ? 0 : ends[record - 1]!
    const end = Math.min(ends[record]!, taken)
    for (let at = begin; at < end; ) {
      const found = bytes.indexOf(lineFeed, at)
      const lineEnd = found < 0 || found >= end ? end : found + 1
      const offset = at - begin + (record === 0 ? skipped : 0)
      const position = (numbers[record]! % 2 ** 27) * 2 ** 26 + offset
      lines.push({ partition, streamId: chunk.stream.id, position, text: bytes.toString('latin1', at, lineEnd) })
      at = lineEnd
    }
    const isWhole = ends[record]! <= taken && !(isCut && record === count - 1)
    if (isWhole) next = numbers[record]! + 1
  }
  return { lines, partition, next }
}
