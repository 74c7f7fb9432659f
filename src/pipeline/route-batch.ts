// Hot path: lines that wait to be routed: their bytes as they came, where each begins and ends, its key, its record's number.
import type { RouteKey } from '../model/route.ts'

const firstBytes = 256 * 1024
const firstLines = 1024
const lineFeed = 0x0a
/** Batches that are kept for the next ones, and what they may hold for that. */
const maxSpares = 16
const maxSpareBytes = 16 * 1024 * 1024

/** Lines of one transaction. */
export class RouteBatch {
  /** When the first of it came, by the clock that only grows. */
  openedMs = Number.NaN
  /** The first record that is not part of it. */
  next = Number.NaN
  bytes = Buffer.allocUnsafeSlow(firstBytes)
  length = 0
  lines = 0
  /** Lines that could not be routed. */
  deadLetters = 0
  /** By line; an end is behind the line's line end. */
  starts = new Uint32Array(firstLines)
  ends = new Uint32Array(firstLines)
  numbers = new Float64Array(firstLines)
  readonly keys: RouteKey[] = []
  /** Lines of the chunk at hand begin at this line; their places are still those in the window. */
  #chunkLine = 0

  /** Makes it empty; what it needs for as much again it keeps. */
  clear(): void {
    this.openedMs = this.next = Number.NaN
    this.length = this.lines = this.deadLetters = 0
    this.keys.length = 0
    this.#chunkLine = 0
  }

  /** A line of the chunk at hand: `[start, end)` in the window, without the line end. */
  add(key: RouteKey, start: number, end: number, number: number): void {
    const { lines } = this
    if (lines === this.starts.length) this.#growLines()
    this.starts[lines] = start
    this.ends[lines] = end + 1
    this.numbers[lines] = number
    this.keys.push(key)
    this.lines = lines + 1
  }

  /** Takes the bytes of the lines that were added since the last call out of the window. */
  takeBytes(window: Uint8Array): void {
    const { lines, starts, ends, length } = this
    const line = this.#chunkLine
    if (line === lines) return
    const from = starts[line]!
    const to = ends[lines - 1]! - 1
    this.#growBytes(length + to - from + 1)
    this.bytes.set(window.subarray(from, to), length)
    // The last line of a stream may lack it.
    this.bytes[length + to - from] = lineFeed
    this.length = length + to - from + 1
    const shift = length - from
    for (let at = line; at < lines; at++) {
      starts[at]! += shift
      ends[at]! += shift
    }
    this.#chunkLine = lines
  }

  /** Drops the lines of records from this number on, which are the last ones. */
  dropFrom(number: number): void {
    while (this.lines > 0 && this.numbers[this.lines - 1]! >= number) {
      this.lines--
      this.keys.pop()
    }
    this.length = this.lines === 0 ? 0 : this.ends[this.lines - 1]!
    this.#chunkLine = this.lines
  }

  #growLines(): void {
    const { lines } = this
    const grow = <A extends Uint32Array | Float64Array>(from: A, to: A): A => {
      to.set(from)
      return to
    }
    this.starts = grow(this.starts, new Uint32Array(lines * 2))
    this.ends = grow(this.ends, new Uint32Array(lines * 2))
    this.numbers = grow(this.numbers, new Float64Array(lines * 2))
  }

  #growBytes(needed: number): void {
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}

/** Batches that are used again: large pieces of memory that come and go are what costs most here. */
export class RouteBatches {
  readonly #spares: RouteBatch[] = []

  take(openedMs: number): RouteBatch {
    const batch = this.#spares.pop() ?? new RouteBatch()
    batch.openedMs = openedMs
    return batch
  }

  /** Nobody has to do with it any more. */
  giveBack(batch: RouteBatch): void {
    if (this.#spares.length === maxSpares || batch.bytes.length > maxSpareBytes) return
    batch.clear()
    this.#spares.push(batch)
  }
}
