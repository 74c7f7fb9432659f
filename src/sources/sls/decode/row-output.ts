// Hot path: the bytes that rows are written to. They grow, within a bound, and are used again.
import { DecodeError } from './decode-error.ts'
import { maxTextBytes, putText } from './json-text.ts'

const firstBytes = 1024 * 1024
/** What a single large reply needed is given back before the next one. */
const keptBytes = 64 * 1024 * 1024
/** Copies take whole words and write so many bytes too many; what follows overwrites them. */
const slackBytes = 8
/** From here on a native copy is quicker than its call costs. */
const longBytes = 256

const QUOTE = 0x22
const COMMA_QUOTE = 0x2c22
/** `":"` and a byte that what follows overwrites. */
const QUOTES = 0x223a2220
const CLOSE_ROW = 0x7d0a
const maxDigits = 10

/** A piece of text that is written again and again, with room behind it for whole words. */
export const fixedText = (text: string): DataView => {
  const bytes = new Uint8Array(text.length + slackBytes)
  bytes.set(Buffer.from(text, 'latin1'))
  return new DataView(bytes.buffer, 0, bytes.length)
}

/** Methods that begin with `put` need room that {@link reserve} made. */
export class RowOutput {
  bytes = Buffer.allocUnsafeSlow(firstBytes)
  /** Behind the last byte that counts. */
  at = 0
  #view = new DataView(this.bytes.buffer)
  readonly #maxBytes: number

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  reset(): void {
    this.at = 0
    if (this.bytes.length > keptBytes) this.#exchange(Buffer.allocUnsafeSlow(firstBytes))
  }

  /** Makes room for so many bytes and what copies write too much. */
  reserve(bytes: number): void {
    if (bytes + slackBytes > this.bytes.length - this.at) this.#grow(bytes + slackBytes)
  }

  #grow(bytes: number): void {
    const needed = this.at + bytes
    if (needed > this.#maxBytes) throw new DecodeError('tooLarge', `rows of more than ${this.#maxBytes} bytes`)
    const grown = Buffer.allocUnsafeSlow(Math.min(this.#maxBytes, Math.max(needed, this.bytes.length * 2)))
    grown.set(this.bytes.subarray(0, this.at))
    this.#exchange(grown)
  }

  #exchange(bytes: Buffer<ArrayBuffer>): void {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }

  putFixed(text: DataView): void {
    this.#putWords(text, 0, text.byteLength - slackBytes)
  }

  putBytes(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  /** What was written at `[start, end)` comes once more. */
  putAgain(start: number, end: number): void {
    if (end - start < longBytes) this.#putWords(this.#view, start, end)
    else {
      this.bytes.copyWithin(this.at, start, end)
      this.at += end - start
    }
  }

  #putWords(from: DataView, start: number, end: number): void {
    const to = this.#view
    let out = this.at
    for (let at = start; at < end; at += 8, out += 8) {
      to.setInt32(out, from.getInt32(at))
      to.setInt32(out + 4, from.getInt32(at + 4))
    }
    this.at += end - start
  }

  /** A whole number from 0 to 2 ** 32 - 1. */
  putDecimal(value: number): void {
    const to = this.#view
    let rest = value
    let digits = 1
    // Above 2 ** 31 the last digit is taken by itself: what is left divides as an integer.
    const isLarge = value > 0x7fffffff
    if (isLarge) rest = Math.floor(value / 10)
    for (let power = 10; digits < maxDigits && rest >= power; power *= 10) digits += 1
    let at = this.at + digits
    if (isLarge) to.setUint8(at, 0x30 + value - rest * 10)
    this.at = isLarge ? at + 1 : at
    for (; digits > 0; digits -= 1) {
      const tenth = (rest / 10) | 0
      at -= 1
      to.setUint8(at, 0x30 + rest - tenth * 10)
      rest = tenth
    }
  }

  /** `,"NAME":"VALUE"`: most of what is written, so it makes room itself and leaves no step to another call. */
  putMember(from: DataView, nameAt: number, nameEnd: number, valueAt: number, valueEnd: number): void {
    this.reserve(memberBytes(nameEnd - nameAt + valueEnd - valueAt))
    const to = this.#view
    to.setUint16(this.at, COMMA_QUOTE)
    let out = putText(from, nameAt, nameEnd, to, this.at + 2)
    to.setUint32(out, QUOTES)
    out = putText(from, valueAt, valueEnd, to, out + 3)
    to.setUint8(out, QUOTE)
    this.at = out + 1
  }

  /** The inside of a string. */
  putText(from: DataView, at: number, end: number): void {
    this.at = putText(from, at, end, this.#view, this.at)
  }

  putRowEnd(): void {
    this.#view.setUint16(this.at, CLOSE_ROW)
    this.at += 2
  }
}

/** Room for a member whose name and value have so many bytes together. */
export const memberBytes = (length: number): number => maxTextBytes(length) + 16
