// Hot path: the text of a JSON string that holds escapes, as UTF-8 bytes in a buffer that is used again and again.
import type { FlatScan } from './flat-scan/flat-scan.ts'
import { hexQuad } from './json-scan.ts'

const BACKSLASH = 0x5c
const SIMPLE = new Uint8Array(256)
for (const [letter, value] of [
  ['"', 0x22],
  ['\\', 0x5c],
  ['/', 0x2f],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
] as const)
  SIMPLE[letter.charCodeAt(0)] = value

/**
 * Unescapes one string at a time. The result is `bytes[0 .. length)` and lasts until the next call.
 * The buffer grows to the longest string seen and no further: unescaping never makes a string longer
 * (six bytes of `\uXXXX` become at most three, twelve of a surrogate pair four).
 */
export class JsonUnescaper {
  bytes: Buffer = Buffer.alloc(4096)
  length = 0
  #own = this.bytes
  readonly #kernel: FlatScan | null

  /** The buffer seen last, and whether it is a view of the kernel's memory: asking a buffer for its memory is a native call. */
  #checked: Buffer | null = null
  #inKernel = false

  /** `kernel` unescapes what lies in its memory. */
  constructor(kernel: FlatScan | null = null) {
    this.#kernel = kernel
  }

  /**
   * `buf[start .. end)` must be the inside of a valid JSON string, whose first escape is not before `plainUntil`.
   * Lone surrogates become U+FFFD.
   */
  unescape(buf: Buffer, start: number, end: number, plainUntil: number): void {
    const kernel = this.#kernel
    if (buf !== this.#checked) this.#check(buf)
    if (kernel !== null && this.#inKernel) {
      this.bytes = kernel.text
      this.length = kernel.unescape(start, end)
      if (this.length >= 0) return
    }
    if (this.#own.length < end - start) this.#own = Buffer.alloc(Math.max(end - start, this.#own.length * 2))
    const out = this.#own
    this.bytes = out
    let from = plainUntil
    let to = buf.copy(out, 0, start, plainUntil)
    while (from < end) {
      const c = buf[from]!
      if (c !== BACKSLASH) {
        out[to] = c
        to += 1
        from += 1
        continue
      }
      const letter = buf[from + 1]!
      if (letter !== 0x75) {
        out[to] = SIMPLE[letter]!
        to += 1
        from += 2
        continue
      }
      const code = codePointAt(buf, from, end)
      from += code > 0xffff ? 12 : 6
      to = putCodePoint(out, to, code)
    }
    this.length = to
  }

  #check(buf: Buffer): void {
    this.#checked = buf
    this.#inKernel = buf.buffer === this.#kernel?.buffer && buf.byteOffset === 0
  }
}

/** The code point of the `\uXXXX` at `at`, taking a second one along when both make a surrogate pair. */
function codePointAt(buf: Uint8Array, at: number, end: number): number {
  const unit = hexQuad(buf, at + 2)
  if (unit < 0xd800 || unit > 0xdfff) return unit
  if (unit < 0xdc00 && at + 12 <= end && buf[at + 6] === BACKSLASH && buf[at + 7] === 0x75) {
    const low = hexQuad(buf, at + 8)
    if (low >= 0xdc00 && low <= 0xdfff) return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)
  }
  return 0xfffd
}

/** Writes a code point as UTF-8 at `at`; returns the position behind it. */
function putCodePoint(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code
    return at + 1
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6)
    out[at + 1] = 0x80 | (code & 0x3f)
    return at + 2
  }
  if (code < 0x10000) {
    out[at] = 0xe0 | (code >> 12)
    out[at + 1] = 0x80 | ((code >> 6) & 0x3f)
    out[at + 2] = 0x80 | (code & 0x3f)
    return at + 3
  }
  out[at] = 0xf0 | (code >> 18)
  out[at + 1] = 0x80 | ((code >> 12) & 0x3f)
  out[at + 2] = 0x80 | ((code >> 6) & 0x3f)
  out[at + 3] = 0x80 | (code & 0x3f)
  return at + 4
}
