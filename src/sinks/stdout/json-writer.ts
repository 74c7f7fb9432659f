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
const nullBytes = Buffer.from('null', 'latin1')

/** Fixed parts of the output (`,"kind":`), made once. They must be ASCII and are not escaped. */
export const jsonPart = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** Appends JSON. `bytes[0 .. length)` is what was written since the last `clear`. */
export class JsonWriter {
  bytes = Buffer.allocUnsafe(64 * 1024)
  length = 0
  readonly #times = new UtcTimeWriter()

  clear(): void {
    this.length = 0
  }

  /** A part that is JSON already. */
  part(part: Uint8Array): void {
    this.#reserve(part.length)
    this.bytes.set(part, this.length)
    this.length += part.length
  }

  null(): void {
    this.part(nullBytes)
  }

  /** UTF-8 text as a JSON string. Whatever is not UTF-8 becomes U+FFFD, so that the output always is. */
  text(buf: Uint8Array, start: number, end: number): void {
    this.#reserve((end - start) * MAX_ESCAPE + 2)
    const out = this.bytes
    let to = this.length
    out[to++] = QUOTE
    for (let i = start; i < end; ) {
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
    const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + count))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
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
