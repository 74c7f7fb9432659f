// Hot path: one JSON object's known fields as byte ranges. One instance is filled again and again; no object, key or
// value is made while scanning, and `JSON.parse` sees only what is odd (nested values, escaped names).
import { type FlatScan, NOT_SCANNED } from './flat-scan/flat-scan.ts'
import { closingQuote, NOT_JSON, scanNested, scanNumber, scanWord, skipBlank, skipPlain } from './json-scan.ts'
import { decimalOf, readDecimal } from './read-decimal.ts'
import { Field, fieldAt, fieldNameLength, fieldNames, namesField, UNKNOWN_FIELD } from './row-field.ts'

/** What {@link FlatObject.scan} found: something else than an object, the beginning of one, a whole one. */
export const Scanned = { notObject: 0, broken: 1, object: 2 } as const
export type Scanned = (typeof Scanned)[keyof typeof Scanned]

/** What a field's value is. Ranges of `text` and `escaped` lie between the quotes. */
export const ValueType = { none: 0, text: 1, escaped: 2, number: 3, true: 4, false: 5, null: 6, nested: 7 } as const

const QUOTE = 0x22
const COLON = 0x3a
const COMMA = 0x2c
const CLOSE = 0x7d

/** The object that was scanned last; says nothing after any other answer than `Scanned.object`. Valid until the buffer changes. */
export class FlatObject {
  buffer: Buffer = Buffer.alloc(0)
  /** The same bytes, for comparing four at a time. */
  view = new DataView(this.buffer.buffer)
  readonly types: Uint8Array
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** True when a value begins like an instance event's name, or with an escape, behind which one could hide. */
  maybeEvent = false
  /** The first escape in an escaped message: what comes before needs no unescaping. */
  messageEscapeAt = 0
  /** What the kernel answered (`FlatScan.scan`), or {@link NOT_SCANNED} when it had no part in it. */
  scanned: number = NOT_SCANNED
  /** Scans ordinary objects in its own memory. */
  readonly #kernel: FlatScan | null
  /** True while `buffer` is a view of the kernel's memory from its address 0 on. */
  #inKernel = false
  /** Which field came behind which one last time (index 0: first of all): rows of one Logstore repeat their order. */
  readonly #successors = new Int8Array(fieldNames.length + 1).fill(UNKNOWN_FIELD)
  /** The last text made for each field: most fields have few values. */
  readonly #lastTexts: string[] = fieldNames.map(() => '')

  constructor(kernel: FlatScan | null = null) {
    this.#kernel = kernel
    this.types = kernel === null ? new Uint8Array(fieldNames.length) : kernel.types
    this.starts = kernel === null ? new Int32Array(fieldNames.length) : kernel.starts
    this.ends = kernel === null ? new Int32Array(fieldNames.length) : kernel.ends
  }

  /** Reads `buf[start .. end)`. Of a name that comes twice the last value counts. */
  scan(buf: Buffer, start: number, end: number): Scanned {
    // First of all, because most lines of text files end here.
    const at = skipBlank(buf, start, end)
    if (at >= end || buf[at] !== 0x7b) return Scanned.notObject
    if (this.buffer !== buf) this.#exchange(buf)
    const kernel = this.#kernel
    if (kernel !== null && this.#inKernel) {
      const scanned = kernel.scan(at, end)
      this.scanned = scanned
      if (scanned !== NOT_SCANNED) {
        this.maybeEvent = kernel.marks[0] !== 0
        this.messageEscapeAt = kernel.marks[1]!
        return Scanned.object
      }
    }
    return this.#scanAny(buf, at, end)
  }

  #exchange(buf: Buffer): void {
    this.buffer = buf
    this.view = new DataView(buf.buffer, buf.byteOffset, buf.length)
    this.#inKernel = this.#kernel !== null && buf.buffer === this.#kernel.buffer && buf.byteOffset === 0
    this.scanned = NOT_SCANNED
  }

  /** Reads the object that begins at `open`, whatever is in it. */
  #scanAny(buf: Buffer, open: number, end: number): Scanned {
    this.types.fill(ValueType.none)
    this.maybeEvent = false
    let at = skipBlank(buf, open + 1, end)
    if (at < end && buf[at] === CLOSE) return skipBlank(buf, at + 1, end) === end ? Scanned.object : Scanned.broken
    const view = this.view
    const successors = this.#successors
    let before = UNKNOWN_FIELD
    // A byte is compared before `end` is: what stands behind the line may match, but then the next test of `at` fails.
    while (at < end && buf[at] === QUOTE) {
      let field = successors[before + 1]!
      let close = field < 0 ? end : at + 1 + fieldNameLength(field)
      if (close >= end || buf[close] !== QUOTE || !namesField(view, at + 1, field)) {
        const stop = skipPlain(buf, at + 1, end)
        close = closingQuote(buf, stop, end)
        if (close === NOT_JSON) return Scanned.broken
        field = stop === close ? fieldAt(buf, view, at + 1, close) : this.#escapedName(at, close)
        successors[before + 1] = field
      }
      before = field
      at = close + 1
      if (buf[at] !== COLON) at = skipBlank(buf, at, end)
      if (at >= end || buf[at] !== COLON) return Scanned.broken
      at += 1
      at = buf[at] === QUOTE ? this.#text(buf, at, end, field) : this.#value(buf, skipBlank(buf, at, end), end, field)
      if (at === NOT_JSON) return Scanned.broken
      if (buf[at] !== COMMA) {
        at = skipBlank(buf, at, end)
        if (at < end && buf[at] === CLOSE) return skipBlank(buf, at + 1, end) === end ? Scanned.object : Scanned.broken
        if (at >= end || buf[at] !== COMMA) return Scanned.broken
      }
      at += 1
      if (buf[at] !== QUOTE) at = skipBlank(buf, at, end)
    }
    return Scanned.broken
  }

  /** Notes the string at `at`; returns the position behind it or {@link NOT_JSON}. */
  #text(buf: Uint8Array, at: number, end: number, field: number): number {
    const start = at + 1
    const stop = skipPlain(buf, start, end)
    const close = stop < end && buf[stop] === QUOTE ? stop : closingQuote(buf, stop, end)
    if (close === NOT_JSON) return NOT_JSON
    const first = buf[start]
    if (first === 0x66 ? beginsLikeEvent(buf, start) : first === 0x5c) this.maybeEvent = true
    if (field >= 0) {
      this.types[field] = stop === close ? ValueType.text : ValueType.escaped
      this.starts[field] = start
      this.ends[field] = close
      if (field === Field.message) this.messageEscapeAt = stop
    }
    return close + 1
  }

  /** Notes the value at `at`; returns the position behind it or {@link NOT_JSON}. */
  #value(buf: Uint8Array, at: number, end: number, field: number): number {
    if (at >= end) return NOT_JSON
    let behind: number
    let type: number = ValueType.number
    const first = buf[at]
    if (first === QUOTE) return this.#text(buf, at, end, field)
    if (first === 0x7b || first === 0x5b) {
      behind = scanNested(buf, at, end)
      type = ValueType.nested
    } else if (first === 0x74) {
      behind = scanWord(buf, at, end, 'true')
      type = ValueType.true
    } else if (first === 0x66) {
      behind = scanWord(buf, at, end, 'false')
      type = ValueType.false
    } else if (first === 0x6e) {
      behind = scanWord(buf, at, end, 'null')
      type = ValueType.null
    } else behind = scanNumber(buf, at, end)
    if (field >= 0) {
      this.types[field] = type
      this.starts[field] = at
      this.ends[field] = behind
    }
    return behind
  }

  /** A name written with escapes. Not hot: no writer escapes these names. */
  #escapedName(open: number, close: number): number {
    const name: unknown = JSON.parse(this.buffer.toString('utf8', open, close + 1))
    const known: readonly unknown[] = fieldNames
    return known.indexOf(name)
  }

  /** True when the field's value is a JSON string, empty or not. */
  isString(field: number): boolean {
    const type = this.types[field]
    return type === ValueType.text || type === ValueType.escaped
  }

  /** A string, or a number or truth value as written; null for everything else and for the empty string. */
  text(field: number): string | null {
    const type = this.types[field]!
    if (type === ValueType.none || type >= ValueType.null) return null
    const start = this.starts[field]!
    const end = this.ends[field]!
    if (start === end) return null
    if (type === ValueType.escaped) return this.#unescaped(field)
    const last = this.#lastTexts[field]!
    if (spells(this.buffer, start, end, last)) return last
    const text = this.buffer.toString('utf8', start, end)
    // Long ones (request ids, paths) rarely repeat and would only keep memory.
    if (text.length <= 64) this.#lastTexts[field] = text
    return text
  }

  /** A number, or the number a string spells; NaN for everything else. */
  number(field: number): number {
    const type = this.types[field]!
    if (type === ValueType.text || type === ValueType.number)
      return readDecimal(this.buffer, this.starts[field]!, this.ends[field]!)
    return type === ValueType.escaped ? decimalOf(this.#unescaped(field)) : Number.NaN
  }

  /** `true` and `false`, bare or in quotes; null for everything else. */
  truth(field: number): boolean | null {
    const type = this.types[field]!
    if (type === ValueType.true) return true
    if (type === ValueType.false) return false
    if (type === ValueType.escaped) return truthOf(this.#unescaped(field))
    if (type !== ValueType.text) return null
    const start = this.starts[field]!
    // Both words' lengths say which one it can only be; no text is made.
    const word = this.ends[field]! - start === 4 ? 'true' : 'false'
    return spells(this.buffer, start, this.ends[field]!, word) ? word === 'true' : null
  }

  #unescaped(field: number): string {
    const text: unknown = JSON.parse(this.buffer.toString('utf8', this.starts[field]! - 1, this.ends[field]! + 1))
    return typeof text === 'string' ? text.toWellFormed() : ''
  }
}

const truthOf = (text: string): boolean | null => (text === 'true' ? true : text === 'false' ? false : null)

/** `fc:` – enough to look closer; the opening quote's string has a closing quote, so the bytes behind are in the buffer. */
const beginsLikeEvent = (buf: Uint8Array, at: number): boolean => buf[at + 1] === 0x63 && buf[at + 2] === 0x3a

/** True when `buf[start .. end)` is `text`, which is ASCII or does not match. */
function spells(buf: Uint8Array, start: number, end: number, text: string): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; i += 1) {
    const c = buf[start + i]!
    if (c !== text.charCodeAt(i) || c >= 0x80) return false
  }
  return true
}
