// Hot path: cuts what was read into lines, finds the key of each, and puts them into a batch as they are.
import { FlatScan } from '../../parsers/shared/flat-scan/flat-scan.ts'
import type { LineCursor } from '../lib/line-scan/line-cursor.ts'
import type { LineScanner } from '../lib/line-scan/line-scanner.ts'
import { LinearMemory } from '../lib/linear-memory.ts'
import type { InputFormat } from '../model/batch-options.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import { type ChunkRecords, hasRecords } from '../model/partitioned-source.ts'
import type { RouteKey, RouteKind } from '../model/route.ts'
import type { Chunk } from '../model/source.ts'
import { chunkBytes, LineCutter, type LineTaker, reserveWindow } from '../pipeline/cut-lines.ts'
import { RecordPlaces } from '../pipeline/record-places.ts'
import type { RouteBatch } from '../pipeline/route-batch.ts'
import { DeadLetterBatch } from './dead-letter-batch.ts'
import { reserveRows } from './record-parsers.ts'
import { RouteKeys } from './route-keys.ts'
import { RouteStreams } from './route-streams.ts'

export interface RouteLinesOptions {
  readonly kind: RouteKind
  readonly keyOf: (text: string) => RouteKey
  /** The longest line, with its line end, that the topic takes under a key. */
  readonly maxLineBytesOf: (key: RouteKey) => number
  /** True when the batch must be closed before it takes another line; null when it takes all of every chunk. */
  readonly isFull: ((batch: RouteBatch) => boolean) | null
  readonly onDeadLetter: (reason: DeadLetterReason) => void
}

export class RouteLines implements LineTaker {
  readonly window: Uint8Array
  readonly chunkBytes = chunkBytes
  readonly streams = new RouteStreams()
  readonly letters = new DeadLetterBatch()
  readonly #options: RouteLinesOptions
  readonly #cutter: LineCutter
  readonly #keys: RouteKeys
  readonly #places = new RecordPlaces()
  // Of the chunk at hand:
  #batch: RouteBatch
  #records: ChunkRecords | null = null
  #record = 0
  #position = 0
  #format: InputFormat = 'auto'
  #streamKey: RouteKey | null = null

  /** `batch`: the first one that lines go into. */
  constructor(options: RouteLinesOptions, batch: RouteBatch) {
    this.#options = options
    this.#batch = batch
    const memory = new LinearMemory()
    const window = reserveWindow(memory)
    const room = reserveRows(memory)
    const { kind, keyOf } = options
    this.#keys = new RouteKeys({ kind, keyOf, kernel: new FlatScan(memory, room) })
    this.#cutter = new LineCutter({ memory, window, taker: this })
    this.window = this.#cutter.window.subarray(0, window.windowBytes)
  }

  /** See `RouteLineReader`. */
  take(chunk: Chunk, from: { readonly format: InputFormat; readonly source: string }, batch: RouteBatch): number {
    const { id } = chunk.stream
    this.#batch = batch
    this.#format = from.format
    this.#position = chunk.position
    this.#records = hasRecords(chunk) ? chunk.records : null
    this.#record = 0
    if (this.#records !== null) this.#places.enter(this.#records)
    this.letters.enter(chunk, from.source)
    this.#streamKey = this.#keys.of(this.streams.firstOf(id))
    this.#cutter.begin(this.streams.isSkipping(id))
    const taken = this.#cutter.takeAll(chunk)
    batch.takeBytes(this.window)
    this.streams.setSkipping(id, this.#cutter.isSkipping)
    return taken
  }

  get isFull(): boolean {
    const { isFull } = this.#options
    return isFull !== null && (this.letters.isFull || isFull(this.#batch))
  }

  takeLines({ bytes, lineEnds, lineCount }: LineScanner, cursor: LineCursor): void {
    while (cursor.line < lineCount && !this.isFull) {
      const end = lineEnds[cursor.line]!
      this.takeLine(bytes, cursor.start, end)
      cursor.start = end + 1
      cursor.line++
    }
  }

  takeLine(buf: Buffer, start: number, end: number): void {
    const key = this.#keyOf(buf, start, end)
    if (end - start >= this.#options.maxLineBytesOf(key)) this.#bury('tooLong', buf, start, end)
    else this.#batch.add(key, start, end, this.#numberOf(start))
  }

  /** What is not UTF-8 goes on as it is: whoever reads the topic says what becomes of it. */
  takeBrokenLine(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void {
    if (reason === 'tooLong') this.#bury(reason, buf, start, end)
    else this.takeLine(buf, start, end)
  }

  #keyOf(buf: Buffer, start: number, end: number): RouteKey {
    const found = this.#format === 'text' ? null : this.#keys.find(buf, start, end, this.#format === 'sls')
    // Set with the chunk.
    return found ?? this.#streamKey!
  }

  /** Lines come in rising order. */
  #numberOf(start: number): number {
    const records = this.#records
    if (records === null) return 0
    while (records.ends[this.#record]! <= start) this.#record++
    return records.numbers[this.#record]!
  }

  #bury(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void {
    const position = this.#records === null ? this.#position + start : this.#places.of(start)
    this.letters.bury(reason, buf.subarray(start, end), position)
    this.#batch.deadLetters++
    this.#options.onDeadLetter(reason)
  }
}
