// A worker as small as can be: takes shards, reads lines, stores them in batches, and lets shards go. Workers that share a store
// share its notes, as the real ones do.
import type { ChunkRecords, PartitionChunk, PartitionedSource } from '../../../src/model/partitioned-source.ts'
import { nextNumber, RecordPlaces } from '../../../src/pipeline/record-places.ts'

/** What is stored, by whomever. */
export class TinyStore {
  /** Lines by stream and position. */
  readonly lines = new Map<string, string>()
  /** Before it everything is stored. */
  readonly notes = new Map<string, number>()
  /** Places that had another line before, and lines that had another place. */
  readonly clashes: string[] = []
  readonly #places = new Map<string, string>()

  /** The same line of the same place is stored once, as a store does it. */
  add(place: string, text: string): void {
    const isClash = (this.lines.get(place) ?? text) !== text || (this.#places.get(text) ?? place) !== place
    if (isClash) this.clashes.push(`${place} ${text}`)
    this.lines.set(place, text)
    this.#places.set(text, place)
  }

  /** The field `id` of all lines. */
  get ids(): readonly string[] {
    return [...this.lines.values()].map(line => String(JSON.parse(line).id)).toSorted()
  }
}

interface PendingLine {
  readonly partition: string
  readonly place: string
  readonly text: string
}

export interface TinyWorkerOptions {
  readonly source: PartitionedSource
  readonly store: TinyStore
  readonly windowBytes?: number
  /** Lines that a batch can hold. */
  readonly batchLines?: number
}

export class TinyWorker {
  readonly #source: PartitionedSource
  readonly #store: TinyStore
  readonly #batchLines: number
  readonly #window: Uint8Array
  readonly #large: Uint8Array
  readonly #next = new Map<string, number>()
  /** Bytes of the next record that were taken. */
  readonly #skips = new Map<string, number>()
  #lines: PendingLine[] = []
  #isTooSmall = false
  #isStopping = false
  #isDead = false
  /** Moves in the order in which they came, as `assigned 0`. */
  readonly moves: string[] = []
  /** Partitions that nobody will have any more. */
  readonly ended: string[] = []
  readonly chunks: PartitionChunk[] = []
  readonly done: Promise<unknown>

  /** Runs at once, until it is stopped or the source is done. */
  constructor({ source, store, windowBytes = 64 * 1024, batchLines = 500 }: TinyWorkerOptions) {
    this.#source = source
    this.#store = store
    this.#batchLines = batchLines
    this.#window = new Uint8Array(windowBytes)
    this.#large = new Uint8Array(4 * 1024 * 1024)
    this.done = this.#run().catch((error: unknown) => error)
  }

  /** What it holds. */
  get partitions(): readonly string[] {
    return [...this.#next.keys()].toSorted()
  }

  /** Stores what was read, tells the group, and leaves. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.done
    this.#commit()
    await this.#source.stop()
  }

  /** Nobody is told; what was read and not stored is gone. */
  async die(): Promise<void> {
    this.#isDead = true
    this.#isStopping = true
    await this.done
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#settle()
      const chunk = this.#source.read(this.#isTooSmall ? this.#large : this.#window) as PartitionChunk | null
      if (chunk !== null) this.#take(chunk)
      else {
        this.#commit()
        if (this.#source.isDone()) return
        await new Promise(resolve => setTimeout(resolve, 5))
      }
      if (this.chunks.length % 16 === 0) await new Promise(setImmediate)
    }
  }

  #settle(): void {
    for (const move of this.#source.takeMoves()) {
      const { kind, partition } = move
      this.moves.push(`${kind} ${partition}`)
      if (move.kind === 'revoked' && move.hasEnded === true) this.ended.push(partition)
      if (kind === 'assigned') {
        const from = this.#store.notes.get(partition) ?? move.position
        this.#next.set(partition, from)
        this.#skips.delete(partition)
        this.#source.begin(partition, from, [])
      } else {
        if (kind === 'revoked') this.#commit()
        this.#lines = this.#lines.filter(line => line.partition !== partition)
        this.#next.delete(partition)
        if (kind === 'revoked') this.#source.letGo(partition)
      }
    }
  }

  #take(chunk: PartitionChunk): void {
    const window = this.#isTooSmall ? this.#large : this.#window
    this.#check(chunk)
    const bytes = this.#takeLines(chunk, window)
    this.chunks.push(chunk)
    this.#isTooSmall = bytes === 0 && chunk.length === window.length
    const { partition } = chunk.records
    if (bytes > 0 || chunk.length === 0) {
      const next = nextNumber(chunk.records, bytes)
      const at = chunk.records.numbers.indexOf(next)
      this.#next.set(partition, next)
      this.#skips.set(partition, at < 0 ? 0 : bytes - (at === 0 ? -chunk.records.skipped : chunk.records.ends[at - 1]!))
    }
    this.#source.advance(chunk, bytes)
    if (this.#lines.length >= this.#batchLines) this.#commit()
  }

  /** Nothing comes twice, and nothing of what is not held. */
  #check({ records, length }: PartitionChunk): void {
    const { partition, numbers, ends, count, skipped } = records
    const next = this.#next.get(partition)
    const skip = this.#skips.get(partition) ?? 0
    if (next === undefined || count !== numbers.length || count !== ends.length || ends.at(-1) !== length)
      throw new Error(`a chunk of ${partition} that cannot be`)
    if (numbers[0]! < next || skipped !== (numbers[0] === next ? skip : 0)) throw new Error(`${partition} goes back`)
  }

  #takeLines(chunk: PartitionChunk, window: Uint8Array): number {
    const places = new RecordPlaces()
    places.enter(chunk.records)
    let from = 0
    while (this.#lines.length < this.#batchLines) {
      const end = window.subarray(0, chunk.length).indexOf(0x0a, from)
      if (end < 0) return from
      const text = Buffer.from(window.subarray(from, end)).toString()
      this.#lines.push({
        partition: chunk.records.partition,
        place: `${chunk.stream.id}:${places.of(from)}`,
        text,
      })
      from = end + 1
    }
    return from
  }

  #commit(): void {
    if (this.#isDead) return
    for (const { place, text } of this.#lines) this.#store.add(place, text)
    this.#lines = []
    for (const [partition, next] of this.#next) {
      // A record of which lines are stored would be read again from its beginning: the store would tell its lines by their places.
      this.#source.hasEnded?.(partition)
      this.#store.notes.set(partition, next)
      this.#source.delivered(partition, next)
    }
  }
}

/** Numbers of all records that chunks told of. */
export const numbersOf = (chunks: readonly PartitionChunk[]): readonly number[] =>
  chunks.flatMap(({ records }: { records: ChunkRecords }) => [...records.numbers])
