// Hot path: cuts an input into lines. Bytes are read straight into the scanner's window; a line is a range of it.

import { isUtf8 } from 'node:buffer'
import type { LineCursor } from '../lib/line-scan/line-cursor.ts'
import { LineScanner, ScanWindow } from '../lib/line-scan/line-scanner.ts'
import type { LinearMemory } from '../lib/linear-memory.ts'
import { type DeadLetterReason, maxLineBytes } from '../model/dead-letter.ts'
import type { Input } from '../model/input.ts'

/** Bytes asked for at a time: large enough that calls do not count, small enough to stay in the processor's cache. */
const chunkBytes = 256 * 1024

/** What becomes of lines. Ranges are valid during the call only, and exclude the line end. */
export interface LineTaker {
  /**
   * May take any number of lines from the cursor on, all of them valid, and moves it behind them. What it leaves comes one by
   * one to {@link takeLine}.
   */
  takeLines(scanner: LineScanner, cursor: LineCursor): void
  /** A line in valid UTF-8. `candidate`: position of the first `FC` in it, or -1. */
  takeLine(buf: Buffer, start: number, end: number, candidate: number): void
  /** A line that cannot be taken in; for `tooLong` the range is its beginning. */
  takeBrokenLine(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void
  /** Called between chunks; its promise is the back-pressure. */
  drain(): void | Promise<void>
}

/** Reserves what {@link LineReading} needs; the first thing to be reserved in a memory. */
export const reserveWindow = (memory: LinearMemory): ScanWindow =>
  new ScanWindow(memory, { windowBytes: maxLineBytes + chunkBytes, scanBytes: chunkBytes + 2 })

/** Reads inputs line by line, one after the other, in one window. */
export class LineReading {
  readonly #scanner: LineScanner
  readonly #taker: LineTaker
  readonly #cursor: LineCursor = { line: 0, start: 0, pair: 0 }
  /** Bytes of the line that the last chunk left unfinished, at the front of the window. */
  #carried = 0
  /** First `FC` among them, or -1. */
  #carriedCandidate = -1
  /** The rest of a line that was too long is passed over. */
  #skipping = false

  constructor(options: { memory: LinearMemory; window: ScanWindow; taker: LineTaker }) {
    this.#scanner = new LineScanner(options.memory, options.window)
    this.#taker = options.taker
  }

  /** Reads one input to its end. A fault of the input comes after everything readable was taken. */
  async read(input: Input, onChunk: () => void): Promise<void> {
    this.#carried = 0
    this.#carriedCandidate = -1
    this.#skipping = false
    const window = this.#scanner.bytes
    try {
      for (;;) {
        const reading = input.readInto(window, this.#carried, chunkBytes)
        const count = typeof reading === 'number' ? reading : await reading
        if (count === 0) break
        this.#takeChunk(this.#carried + count)
        const draining = this.#taker.drain()
        if (draining !== undefined) await draining
        onChunk()
      }
    } finally {
      this.#takeLast()
    }
    await this.#taker.drain()
  }

  #takeChunk(filled: number): void {
    const scanner = this.#scanner
    const { bytes, lineEnds, pairs } = scanner
    // One byte earlier: the two letters of a pair may have come in two chunks.
    scanner.scan(Math.max(0, this.#carried - 1), filled)
    const { lineCount, pairCount } = scanner
    if (lineCount === 0) {
      const candidate = this.#carriedCandidate < 0 && pairCount > 0 ? pairs[0]! : this.#carriedCandidate
      this.#carry(0, filled, candidate)
      return
    }
    const cursor = this.#cursor
    cursor.line = 0
    cursor.start = 0
    cursor.pair = 0
    const behind = lineEnds[lineCount - 1]! + 1
    const allValid = isUtf8(bytes.subarray(0, behind))
    this.#takeFirst(cursor)
    if (allValid) this.#takeValid(cursor)
    else this.#takeDoubtful(cursor)
    this.#carry(behind, filled, firstAtOrBehind(pairs, pairCount, behind))
  }

  /** The chunk's first line may have begun in chunks before, and may be the end of one that is passed over. */
  #takeFirst(cursor: LineCursor): void {
    const { bytes, lineEnds, pairs, pairCount } = this.#scanner
    const end = lineEnds[0]!
    cursor.line = 1
    cursor.start = end + 1
    if (this.#skipping) {
      this.#skipping = false
      return
    }
    const candidate = this.#carriedCandidate >= 0 || pairCount === 0 ? this.#carriedCandidate : pairs[0]!
    this.#takeChecked(bytes, 0, end, candidate < end ? candidate : -1)
  }

  /** A function of its own, and the loop the last thing in it: entered once per chunk, it is optimised as a whole. */
  #takeValid(cursor: LineCursor): void {
    const scanner = this.#scanner
    const taker = this.#taker
    const { bytes, lineEnds, lineCount } = scanner
    while (cursor.line < lineCount) {
      taker.takeLines(scanner, cursor)
      if (cursor.line === lineCount) return
      const { start } = cursor
      const end = lineEnds[cursor.line]!
      const candidate = this.#nextCandidate(cursor, end)
      if (end - start > maxLineBytes) taker.takeBrokenLine('tooLong', bytes, start, end)
      else taker.takeLine(bytes, start, end, candidate)
      cursor.start = end + 1
      cursor.line++
    }
  }

  /** Somewhere in the chunk is something that is not UTF-8: every line is looked at. */
  #takeDoubtful(cursor: LineCursor): void {
    const { bytes, lineEnds, lineCount } = this.#scanner
    for (; cursor.line < lineCount; cursor.line++) {
      const end = lineEnds[cursor.line]!
      this.#takeChecked(bytes, cursor.start, end, this.#nextCandidate(cursor, end))
      cursor.start = end + 1
    }
  }

  /** The first `FC` of the line at the cursor, or -1. */
  #nextCandidate(cursor: LineCursor, end: number): number {
    const { pairs, pairCount } = this.#scanner
    while (cursor.pair < pairCount && pairs[cursor.pair]! < cursor.start) cursor.pair++
    return cursor.pair < pairCount && pairs[cursor.pair]! < end ? pairs[cursor.pair]! : -1
  }

  #takeChecked(bytes: Buffer, start: number, end: number, candidate: number): void {
    if (end - start > maxLineBytes) this.#taker.takeBrokenLine('tooLong', bytes, start, end)
    else if (!isUtf8(bytes.subarray(start, end))) this.#taker.takeBrokenLine('invalidUtf8', bytes, start, end)
    else this.#taker.takeLine(bytes, start, end, candidate)
  }

  #carry(start: number, filled: number, candidate: number): void {
    const { bytes } = this.#scanner
    const rest = filled - start
    if (!this.#skipping && rest > maxLineBytes) {
      this.#taker.takeBrokenLine('tooLong', bytes, start, filled)
      this.#skipping = true
    }
    if (this.#skipping) {
      this.#carried = 0
      this.#carriedCandidate = -1
      return
    }
    bytes.copyWithin(0, start, filled)
    this.#carried = rest
    this.#carriedCandidate = candidate < 0 ? -1 : candidate - start
  }

  /** The last line needs no line end. */
  #takeLast(): void {
    if (this.#carried === 0) return
    const end = this.#carried
    this.#carried = 0
    this.#takeChecked(this.#scanner.bytes, 0, end, this.#carriedCandidate)
  }
}

/** The first of the ascending `positions` that is not before `from`; -1 when there is none. */
function firstAtOrBehind(positions: Uint32Array, count: number, from: number): number {
  let found = -1
  for (let at = count - 1; at >= 0 && positions[at]! >= from; at--) found = positions[at]!
  return found
}
