// Hot path: cuts bytes in the scanner's window into lines and hands them on. A line is a range of the window; one that goes on
// behind the bytes at hand is left for the next call.

import { isUtf8 } from 'node:buffer'
import type { LineCursor } from '../lib/line-scan/line-cursor.ts'
import { LineScanner, ScanWindow } from '../lib/line-scan/line-scanner.ts'
import type { LinearMemory } from '../lib/linear-memory.ts'
import { type DeadLetterReason, maxLineBytes } from '../model/dead-letter.ts'

/** Bytes scanned at a time: large enough that calls do not count, small enough to stay in the processor's cache. */
export const chunkBytes = 256 * 1024

/** What becomes of lines. Ranges are valid during the call only, and exclude the line end. */
export interface LineTaker {
  /** True when no line must be handed over now; asked before each. */
  readonly isFull: boolean
  /**
   * May take any number of lines from the cursor on, all of them valid, and moves it behind them. What it leaves comes one by
   * one to {@link takeLine}.
   */
  takeLines(scanner: LineScanner, cursor: LineCursor): void
  /** A line in valid UTF-8. `candidate`: position of the first `FC`, or `cepa` as in `traceparent`, in it, or -1. */
  takeLine(buf: Buffer, start: number, end: number, candidate: number): void
  /** A line that cannot be taken in; for `tooLong` the range is its beginning. */
  takeBrokenLine(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void
}

/** Reserves what {@link LineCutter} needs; the first thing to be reserved in a memory. */
export const reserveWindow = (memory: LinearMemory): ScanWindow =>
  new ScanWindow(memory, { windowBytes: maxLineBytes + chunkBytes, scanBytes: chunkBytes + 4 })

/** Cuts lines out of one window. */
export class LineCutter {
  readonly #scanner: LineScanner
  readonly #taker: LineTaker
  readonly #cursor: LineCursor = { line: 0, start: 0, pair: 0 }
  /** The candidate of the line that is not whole yet, or -1. */
  #candidate = -1
  /** The rest of a line that was too long is passed over. */
  isSkipping = false
  /** True when the taker was full before the last call was done. */
  stopped = false

  constructor(options: { memory: LinearMemory; window: ScanWindow; taker: LineTaker }) {
    this.#scanner = new LineScanner(options.memory, options.window)
    this.#taker = options.taker
  }

  get window(): Buffer {
    return this.#scanner.bytes
  }

  /** What comes next is the beginning of a line, or, when `isSkipping`, more of one that was too long. */
  begin(isSkipping: boolean): void {
    this.#candidate = -1
    this.isSkipping = isSkipping
  }

  /**
   * Takes `[from, to)`, at most {@link chunkBytes}, behind the beginning of a line that stands at `start` (`from` when none
   * does). Returns where the first line that was not taken begins: one that is not whole, or any when {@link stopped}.
   */
  take(start: number, from: number, to: number): number {
    const scanner = this.#scanner
    const { bytes, lineEnds, pairs } = scanner
    this.stopped = false
    // Earlier by what is looked for, but for its last letter: it may have come in two pieces.
    scanner.scan(Math.max(start, from - 3), to)
    const { lineCount, pairCount } = scanner
    if (lineCount === 0) {
      if (this.#candidate < 0 && pairCount > 0) this.#candidate = pairs[0]!
      return this.#leave(start, to)
    }
    const cursor = this.#cursor
    cursor.line = 0
    cursor.start = start
    cursor.pair = 0
    const behind = lineEnds[lineCount - 1]! + 1
    const allValid = isUtf8(bytes.subarray(start, behind))
    this.#takeFirst(cursor)
    if (allValid) this.#takeValid(cursor)
    else this.#takeDoubtful(cursor)
    this.#candidate = firstAtOrBehind(pairs, pairCount, behind)
    return this.stopped ? cursor.start : this.#leave(behind, to)
  }

  /** Takes the window's first `length` bytes, piece by piece; with `isLast` nothing comes behind them. Returns what {@link take} does. */
  takeAll({ length, isLast }: { readonly length: number; readonly isLast: boolean }): number {
    let start = 0
    for (let from = 0; from < length; from += chunkBytes) {
      start = this.take(start, from, Math.min(length, from + chunkBytes))
      if (this.stopped) return start
    }
    return isLast ? this.end(start, length) : start
  }

  /** The last line needs no line end. Returns `to`, or `start` when {@link stopped}. */
  end(start: number, to: number): number {
    this.stopped = start < to && this.#taker.isFull
    if (this.stopped) return start
    if (start < to && !this.isSkipping) this.#takeChecked(this.#scanner.bytes, start, to, this.#candidate)
    this.begin(false)
    return to
  }

  /** The window's bytes were moved to the front by so many. */
  moved(by: number): void {
    if (this.#candidate >= 0) this.#candidate -= by
  }

  /** The first line may have begun before, and may be the end of one that is passed over. */
  #takeFirst(cursor: LineCursor): void {
    const { bytes, lineEnds, pairs, pairCount } = this.#scanner
    const end = lineEnds[0]!
    if (this.isSkipping) this.isSkipping = false
    else {
      this.stopped = this.#taker.isFull
      if (this.stopped) return
      const candidate = this.#candidate >= 0 || pairCount === 0 ? this.#candidate : pairs[0]!
      this.#takeChecked(bytes, cursor.start, end, candidate < end ? candidate : -1)
    }
    cursor.line = 1
    cursor.start = end + 1
  }

  /** A function of its own, and the loop the last thing in it: entered once per piece, it is optimised as a whole. */
  #takeValid(cursor: LineCursor): void {
    const scanner = this.#scanner
    const taker = this.#taker
    const { bytes, lineEnds, lineCount } = scanner
    while (cursor.line < lineCount && !this.stopped) {
      taker.takeLines(scanner, cursor)
      if (cursor.line === lineCount) return
      if (taker.isFull) {
        this.stopped = true
        return
      }
      const { start } = cursor
      const end = lineEnds[cursor.line]!
      const candidate = this.#nextCandidate(cursor, end)
      if (end - start > maxLineBytes) taker.takeBrokenLine('tooLong', bytes, start, end)
      else taker.takeLine(bytes, start, end, candidate)
      cursor.start = end + 1
      cursor.line++
    }
  }

  /** Somewhere in the piece is something that is not UTF-8: every line is looked at. */
  #takeDoubtful(cursor: LineCursor): void {
    const { bytes, lineEnds, lineCount } = this.#scanner
    while (cursor.line < lineCount && !this.stopped) {
      if (this.#taker.isFull) {
        this.stopped = true
        return
      }
      const end = lineEnds[cursor.line]!
      this.#takeChecked(bytes, cursor.start, end, this.#nextCandidate(cursor, end))
      cursor.start = end + 1
      cursor.line++
    }
  }

  /** The candidate of the line at the cursor, or -1. */
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

  /** The unfinished line `[start, to)` stays, unless it is too long already. */
  #leave(start: number, to: number): number {
    if (!this.isSkipping && to - start > maxLineBytes) {
      this.stopped = this.#taker.isFull
      if (this.stopped) return start
      this.#taker.takeBrokenLine('tooLong', this.#scanner.bytes, start, to)
      this.isSkipping = true
    }
    if (!this.isSkipping) return start
    this.#candidate = -1
    return to
  }
}

/** The first of the ascending `positions` that is not before `from`; -1 when there is none. */
function firstAtOrBehind(positions: Uint32Array, count: number, from: number): number {
  let found = -1
  for (let at = count - 1; at >= 0 && positions[at]! >= from; at--) found = positions[at]!
  return found
}
