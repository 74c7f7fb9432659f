// Hot path: cuts an input into lines. Bytes are read straight into the scanner's window; a line is a range of it.
import { isUtf8 } from 'node:buffer'
import { LineScanner } from '../lib/line-scan/line-scanner.ts'
import { type DeadLetterReason, maxLineBytes } from '../model/dead-letter.ts'
import type { Input } from '../model/input.ts'

/** Bytes asked for at a time: large enough that calls do not count, small enough to stay in the processor's cache. */
const chunkBytes = 512 * 1024

/** What becomes of lines. Ranges are valid during the call only, and exclude the line end. */
export interface LineTaker {
  /** A line in valid UTF-8. `candidate`: position of the first `FC` in it, or -1. */
  takeLine(buf: Buffer, start: number, end: number, candidate: number): void
  /** A line that cannot be taken in; for `tooLong` the range is its beginning. */
  takeBrokenLine(reason: DeadLetterReason, buf: Buffer, start: number, end: number): void
  /** Called between chunks; its promise is the back-pressure. */
  drain(): void | Promise<void>
}

/** Reads inputs line by line, one after the other, in one window. */
export class LineReading {
  readonly #scanner = new LineScanner(maxLineBytes + chunkBytes, chunkBytes + 1)
  readonly #taker: LineTaker
  /** Bytes of the line that the last chunk left unfinished, at the front of the window. */
  #carried = 0
  /** First `FC` among them, or -1. */
  #carriedCandidate = -1
  /** The rest of a line that was too long is passed over. */
  #skipping = false

  constructor(taker: LineTaker) {
    this.#taker = taker
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
    let start = 0
    let line = 0
    let candidate = this.#carriedCandidate
    if (this.#skipping && lineCount > 0) {
      start = lineEnds[line++]! + 1
      this.#skipping = false
      candidate = -1
    }
    const valid = lineCount === 0 || isUtf8(bytes.subarray(start, lineEnds[lineCount - 1]! + 1))
    if (line < lineCount) {
      this.#takeLines({ line, lineCount, start, candidate, valid })
      start = lineEnds[lineCount - 1]! + 1
      candidate = -1
    }
    this.#carry(start, filled, candidate < 0 ? firstAtOrBehind(pairs, pairCount, start) : candidate)
  }

  /** A function of its own, and the loop the last thing in it: entered once per chunk, it is optimised as a whole. */
  #takeLines(from: { line: number; lineCount: number; start: number; candidate: number; valid: boolean }): void {
    const { bytes, lineEnds, pairs, pairCount } = this.#scanner
    const taker = this.#taker
    const { lineCount, valid } = from
    let { start, candidate } = from
    let pair = 0
    for (let line = from.line; line < lineCount; line++) {
      const end = lineEnds[line]!
      while (pair < pairCount && pairs[pair]! < start) pair++
      if (candidate < 0 && pair < pairCount && pairs[pair]! < end) candidate = pairs[pair]!
      if (valid && end - start <= maxLineBytes) taker.takeLine(bytes, start, end, candidate)
      else this.#takeDoubtful(start, end, candidate)
      start = end + 1
      candidate = -1
    }
  }

  #takeDoubtful(start: number, end: number, candidate: number): void {
    const { bytes } = this.#scanner
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
    this.#takeDoubtful(0, end, this.#carriedCandidate)
  }
}

/** The first of the ascending `positions` that is not before `from`; -1 when there is none. */
function firstAtOrBehind(positions: Uint32Array, count: number, from: number): number {
  for (let at = count - 1, found = -1; ; at--) {
    if (at < 0 || positions[at]! < from) return found
    found = positions[at]!
  }
}
