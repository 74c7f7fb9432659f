// Hot path: remembers error lines without making objects: most attempts that log an error do not fail, and then nobody
// looks. Bytes are copied into a ring; a position is good until the ring has come round.
import { type ErrorLine, errorLevels, maxErrorLines } from '../model/error-line.ts'
import { behindLastSpanMs } from '../model/span-names.ts'
import { maxTroubleBytes } from './attempt-notes.ts'

/** What stands before the bytes of an entry, one behind the other: their number, the level, and two doubles. */
const lengthAt = 0
const levelAt = 2
const timeAt = 3
/** Position of the attempt's line before, 0 for none. */
const beforeAt = 11
const textAt = 19

const noLines: readonly ErrorLine[] = []

/** A ring of recent error lines. */
export class TroubleRing {
  readonly #bytes: Buffer
  /** Bytes ever written, so that a position never comes twice. Begins at 1: position 0 means "no line". */
  #written = 1

  constructor(size: number) {
    this.#bytes = Buffer.alloc(size)
  }

  /**
   * Keeps `[start, end)`, cut to `maxTroubleBytes`; returns its position. `level`: index in `errorLevels`. `timeMs`: NaN when not
   * known. `before`: position of the attempt's line before, 0 for none.
   */
  keep(buf: Buffer, start: number, end: number, level: number, timeMs: number, before: number): number {
    const bytes = this.#bytes
    const length = Math.min(end - start, maxTroubleBytes)
    let at = this.#written % bytes.length
    if (at + length + textAt > bytes.length) {
      // Entries do not wrap; what is left at the end stays unused.
      this.#written += bytes.length - at
      at = 0
    }
    const position = this.#written
    bytes.writeUInt16LE(length, at + lengthAt)
    bytes[at + levelAt] = level
    bytes.writeDoubleLE(timeMs, at + timeAt)
    bytes.writeDoubleLE(before, at + beforeAt)
    buf.copy(bytes, at + textAt, start, start + length)
    this.#written += length + textAt
    return position
  }

  /** Keeps what {@link linesOf} gave, in its order; returns the positions of the first and the last line, 0 where there is none. */
  keepLines(lines: readonly ErrorLine[]): readonly [first: number, last: number] {
    let first = 0
    let last = 0
    for (const { timeMs, level, text } of lines) {
      const bytes = Buffer.from(text, 'utf8')
      const position = this.keep(
        bytes,
        0,
        bytes.length,
        errorLevels.indexOf(level),
        timeMs ?? Number.NaN,
        last || first,
      )
      if (first === 0) first = position
      else last = position
    }
    return [first, last]
  }

  /** The line at a position; null when it has been overwritten. */
  read(position: number): string | null {
    if (!this.#has(position)) return null
    const at = position % this.#bytes.length
    const length = this.#bytes.readUInt16LE(at + lengthAt)
    const text = this.#bytes.toString('utf8', at + textAt, at + textAt + length)
    // It may have been cut within a character.
    return length === maxTroubleBytes ? text.replace(/\ufffd$/, '') : text
  }

  /** An attempt's first line and its last ones, in the order in which they came; none that have been overwritten. 0: no such line. */
  linesOf(first: number, last: number): readonly ErrorLine[] {
    if (first === 0) return noLines
    const lines: ErrorLine[] = []
    let at = last
    while (at !== 0 && at !== first && lines.length < maxErrorLines - 1 && this.#has(at)) {
      lines.push(this.#lineAt(at))
      at = this.#bytes.readDoubleLE((at % this.#bytes.length) + beforeAt)
    }
    if (this.#has(first)) lines.push(this.#lineAt(first))
    return lines.reverse()
  }

  #has(position: number): boolean {
    return position !== 0 && this.#written - position <= this.#bytes.length
  }

  #lineAt(position: number): ErrorLine {
    const at = position % this.#bytes.length
    const timeMs = Math.floor(this.#bytes.readDoubleLE(at + timeAt))
    return {
      timeMs: timeMs >= 0 && timeMs < behindLastSpanMs ? timeMs : null,
      level: errorLevels[this.#bytes[at + levelAt]!]!,
      text: this.read(position)!,
    }
  }
}
