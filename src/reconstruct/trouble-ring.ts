// Hot path: remembers error lines without making objects: most attempts that log an error do not fail, and then nobody
// looks. Bytes are copied into a ring; a position is good until the ring has come round.
import { maxTroubleBytes } from './attempt-notes.ts'

/** Every entry is its length in two bytes, then the bytes. */
const lengthBytes = 2

/** A ring of recent error lines. */
export class TroubleRing {
  readonly #bytes: Buffer
  /** Bytes ever written, so that a position never comes twice. Begins at 1: position 0 means "no line". */
  #written = 1

  constructor(size: number) {
    this.#bytes = Buffer.alloc(size)
  }

  /** Keeps `[start, end)`, cut to `maxTroubleBytes`; returns its position. */
  keep(buf: Buffer, start: number, end: number): number {
    const length = Math.min(end - start, maxTroubleBytes)
    const size = this.#bytes.length
    let at = this.#written % size
    if (at + length + lengthBytes > size) {
      // Entries do not wrap; what is left at the end stays unused.
      this.#written += size - at
      at = 0
    }
    const position = this.#written
    this.#bytes[at] = length & 0xff
    this.#bytes[at + 1] = length >> 8
    buf.copy(this.#bytes, at + lengthBytes, start, start + length)
    this.#written += length + lengthBytes
    return position
  }

  /** Like {@link keep}, for text that came out of {@link read}. */
  keepText(text: string): number {
    const bytes = Buffer.from(text, 'utf8')
    return this.keep(bytes, 0, bytes.length)
  }

  /** The line at a position; null when it has been overwritten. */
  read(position: number): string | null {
    if (position === 0 || this.#written - position > this.#bytes.length) return null
    const at = position % this.#bytes.length
    const length = this.#bytes[at]! | (this.#bytes[at + 1]! << 8)
    return this.#bytes.toString('utf8', at + lengthBytes, at + lengthBytes + length)
  }
}
