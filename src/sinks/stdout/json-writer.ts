// Hot path: JSON as bytes, from bytes. Values are appended to one buffer that is used again after every flush; text that
// came as bytes never becomes a string, and room is asked for once per value, not per byte.
import { isUtcTime, UtcTimeWriter, utcTimeLength } from '../../lib/utc-time.ts'
import { sequenceLength } from './utf8-sequence.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Above what a number or a time needs, so that those need not ask how long they become. */
const SMALL = 64
/** The longest a byte becomes: `\u001f`. */
const MAX_ESCAPE = 6

const PLAIN = 0
const ESCAPED = 1
const WIDE = 2
const byteKinds = new Uint8Array(256).fill(ESCAPED, 0, 0x20).fill(WIDE, 0x80)
byteKinds[QUOTE] = ESCAPED
byteKinds[BACKSLASH] = ESCAPED

/** Letters of the short escapes; 0 for control characters that have none. */
const shortEscapes = new Uint8Array(128)
for (const [code, letter] of [
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [QUOTE, '"'],
  [BACKSLASH, '\\'],
] as const)
  shortEscapes[code] = letter.charCodeAt(0)

const hexDigits = Buffer.from('0123456789abcdef', 'latin1')
const nullWord = Buffer.from('null', 'latin1').readInt32LE(0)

/** A fixed part of the output (`,"kind":`): copied by words, for most are a few words long and a call costs more. */
export interface JsonPart {
  readonly words: Int32Array
  /** In bytes; the last word may hold zeros behind them. */
  readonly length: number
}

/** Makes a part, once. The text must be ASCII and is not escaped. */
export function jsonPart(text: string): JsonPart {
  const bytes = Buffer.alloc(Math.ceil(text.length / 4) * 4)
  bytes.write(text, 'latin1')
  const words = new Int32Array(bytes.length / 4)
  for (let word = 0; word < words.length; word++) words[word] = bytes.readInt32LE(word * 4)
  return { words, length: text.length }
}

/** Appends JSON. `bytes[0 .. length)` is what was written since the last `clear`. */
export class JsonWriter {
  bytes = Buffer.allocUnsafeSlow(64 * 1024)
  length = 0
  /** Views of `bytes` and of the last source: they move four bytes where an array moves one. */
  #view = viewOf(this.bytes)
  #source: Uint8Array = this.bytes
  #sourceView = this.#view
  readonly #times = new UtcTimeWriter()

  clear(): void {
    this.length = 0
  }

  /** A part that is JSON already. */
  part(part: JsonPart): void {
    const { words } = part
    this.#reserve(words.length * 4)
    const view = this.#view
    let to = this.length
    for (let word = 0; word < words.length; word++, to += 4) view.setInt32(to, words[word]!, true)
    this.length += part.length
  }

  /** Any value as JSON.stringify writes it; for what is rare. */
  value(value: unknown): void {
    const bytes = Buffer.from(JSON.stringify(value) ?? 'null', 'utf8')
    this.#reserve(bytes.length)
    bytes.copy(this.bytes, this.length)
    this.length += bytes.length
  }

  null(): void {
    this.#reserve(4)
    this.#view.setInt32(this.length, nullWord, true)
    this.length += 4
  }

  /** UTF-8 text as a JSON string. Whatever is not UTF-8 becomes U+FFFD, so that the output always is. */
  text(buf: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start) * MAX_ESCAPE + 2)
    const out = this.bytes
    let to = this.length
    out[to++] = QUOTE
    const from = buf === this.#source ? this.#sourceView : this.#viewSource(buf)
    const view = this.#view
    for (let i = start; i < end; ) {
      // Four at a time as long as all four are plain.
      while (i + 4 <= end) {
        const word = from.getInt32(i, true)
        if (!isPlainWord(word)) break
        view.setInt32(to, word, true)
        to += 4
        i += 4
      }
      if (i >= end) break
      const c = buf[i]!
      const kind = byteKinds[c]!
      if (kind === PLAIN) {
        out[to++] = c
        i += 1
      } else if (kind === ESCAPED) {
        to = putEscape(out, to, c)
        i += 1
      } else {
        const length = sequenceLength(buf, i, end)
        if (length > 0) for (let k = 0; k < length; k += 1) out[to++] = buf[i + k]!
        else to = putReplacement(out, to)
        i += Math.abs(length)
      }
    }
    out[to++] = QUOTE
    this.length = to
  }

  /** A string as a JSON string; halves of surrogate pairs become U+FFFD. */
  string(text: string): void {
    this.#reserve(text.length + 2)
    const out = this.bytes
    let to = this.length
    out[to++] = QUOTE
    for (let i = 0; i < text.length; i += 1) {
      const c = text.charCodeAt(i)
      // Anything but plain ASCII: `text` above knows how, starting over.
      if (c > 0x7f || byteKinds[c] !== PLAIN) {
        const encoded = Buffer.from(text, 'utf8')
        this.text(encoded, 0, encoded.length)
        return
      }
      out[to++] = c
    }
    out[to++] = QUOTE
    this.length = to
  }

  stringOrNull(text: string | null): void {
    if (text === null) this.null()
    else this.string(text)
  }

  /** A number as JSON.stringify writes it; `null` for NaN and infinities. */
  number(value: number): void {
    this.#reserve(SMALL)
    if (value >= 0 && value < 1e9) {
      const whole = Math.floor(value)
      if (whole === value) {
        this.#digits(whole)
        return
      }
      // Up to three decimals is what durations and memory have. Within 15 digits the shortest spelling of the nearest
      // double is the decimal itself, so digits can be written without asking for that spelling.
      const thousandths = Math.round(value * 1000)
      if (thousandths / 1000 === value) {
        this.#digits(whole)
        this.#decimals(thousandths - whole * 1000)
        return
      }
    }
    if (!Number.isFinite(value)) this.null()
    else this.length += this.bytes.write(String(value), this.length, 'latin1')
  }

  numberOrNull(value: number | null): void {
    if (value === null) this.null()
    else this.number(value)
  }

  /** A unix time as an RFC 3339 string; `null` for NaN, null and what RFC 3339 cannot write. */
  time(ms: number | null): void {
    if (ms === null || !isUtcTime(ms)) {
      this.null()
      return
    }
    this.#reserve(utcTimeLength + 2)
    this.bytes[this.length] = QUOTE
    const behind = this.#times.write(this.bytes, this.length + 1, ms)
    this.bytes[behind] = QUOTE
    this.length = behind + 1
  }

  #digits(whole: number): void {
    const out = this.bytes
    let count = 1
    for (let bound = 10; whole >= bound; bound *= 10) count += 1
    let rest = whole | 0
    for (let i = this.length + count - 1; i >= this.length; i -= 1) {
      const tenth = (rest / 10) | 0
      out[i] = 0x30 + rest - tenth * 10
      rest = tenth
    }
    this.length += count
  }

  /** `.` and up to three digits without zeros behind. `thousandths` is 1 to 999. */
  #decimals(thousandths: number): void {
    const out = this.bytes
    out[this.length++] = 0x2e
    for (let rest = thousandths, unit = 100; rest > 0; unit /= 10) {
      const digit = (rest / unit) | 0
      out[this.length++] = 0x30 + digit
      rest -= digit * unit
    }
  }

  /** One record is bounded by the longest line, so this ends at a few times `maxLineBytes`. */
  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
    this.#view = viewOf(grown)
  }

  #viewSource(buf: Uint8Array): DataView {
    this.#source = buf
    this.#sourceView = viewOf(buf)
    return this.#sourceView
  }
}

const viewOf = (buf: Uint8Array): DataView => new DataView(buf.buffer, buf.byteOffset, buf.byteLength)

/**
 * True when none of four bytes is a control character, a quote, a backslash or above ASCII. The usual test for a zero byte in
 * a word (`(x - 0x01…) & ~x & 0x80…`) on the word with each of the two characters taken away, and the like for `< 0x20`.
 */
function isPlainWord(word: number): boolean {
  const quotes = word ^ 0x22222222
  const backslashes = word ^ 0x5c5c5c5c
  const strange =
    word |
    ((word - 0x20202020) & ~word) |
    ((quotes - 0x01010101) & ~quotes) |
    ((backslashes - 0x01010101) & ~backslashes)
  return (strange & 0x80808080) === 0
}

function putEscape(out: Uint8Array, at: number, c: number): number {
  out[at] = BACKSLASH
  const letter = shortEscapes[c]!
  if (letter !== 0) {
    out[at + 1] = letter
    return at + 2
  }
  out[at + 1] = 0x75
  out[at + 2] = 0x30
  out[at + 3] = 0x30
  out[at + 4] = hexDigits[c >> 4]!
  out[at + 5] = hexDigits[c & 15]!
  return at + 6
}

/** U+FFFD. */
function putReplacement(out: Uint8Array, at: number): number {
  out[at] = 0xef
  out[at + 1] = 0xbf
  out[at + 2] = 0xbd
  return at + 3
}
