// Hot path: one JSON object's known fields as byte ranges. One instance is filled again and again; no object, key or
// value is made while scanning, and `JSON.parse` sees only what is odd (nested values, escaped names).
import { NOT_JSON, scanNested, scanNumber, scanString, scanWord, skipBlank } from './json-scan.ts'
import { decimalOf, readDecimal } from './read-decimal.ts'
import { fieldAt, fieldNameLength, fieldNames, namesField, UNKNOWN_FIELD } from './row-field.ts'

/** What {@link FlatObject.scan} found: something else than an object, the beginning of one, a whole one. */
export const Scanned = { notObject: 0, broken: 1, object: 2 } as const
export type Scanned = (typeof Scanned)[keyof typeof Scanned]

/** What a field's value is. Ranges of `text` and `escaped` lie between the quotes. */
export const ValueType = { none: 0, text: 1, escaped: 2, number: 3, true: 4, false: 5, null: 6, nested: 7 } as const

const QUOTE = 0x22
const COLON = 0x3a
const COMMA = 0x2c
const CLOSE = 0x7d

/** The last whole object that was scanned. Valid until the buffer changes or the next scan. */
export class FlatObject {
  buffer: Buffer = Buffer.alloc(0)
  #source: Uint8Array = this.buffer
  readonly types = new Uint8Array(fieldNames.length)
  readonly starts = new Int32Array(fieldNames.length)
  readonly ends = new Int32Array(fieldNames.length)
  /** True when a value begins like an instance event's name, or with an escape, behind which one could hide. */
  maybeEvent = false
  /** Which field came behind which one last time (index 0: first of all): rows of one Logstore repeat their order. */
  readonly #successors = new Int8Array(fieldNames.length + 1).fill(UNKNOWN_FIELD)
  /** The last text made for each field: most fields have few values. */
  readonly #lastTexts: string[] = fieldNames.map(() => '')

  /** Reads `buf[start .. end)`. Of a name that comes twice the last value counts. */
  scan(buf: Uint8Array, start: number, end: number): Scanned {
    if (this.#source !== buf) {
      this.#source = buf
      this.buffer = Buffer.from(buf.buffer, buf.byteOffset, buf.length)
    }
    this.types.fill(ValueType.none)
    this.maybeEvent = false
    let at = skipBlank(buf, start, end)
    if (at >= end || buf[at] !== 0x7b) return Scanned.notObject
    at = skipBlank(buf, at + 1, end)
    if (at < end && buf[at] === CLOSE) return skipBlank(buf, at + 1, end) === end ? Scanned.object : Scanned.broken
    let before = UNKNOWN_FIELD
    while (at < end && buf[at] === QUOTE) {
      let field = this.#successors[before + 1]!
      let close = at + 1
      if (field >= 0) close += fieldNameLength(field)
      if (field < 0 || close >= end || buf[close] !== QUOTE || !namesField(buf, at + 1, field)) {
        close = scanString(buf, at + 1, end)
        if (close === NOT_JSON) return Scanned.broken
        if (close < 0) {
          close = ~close
          field = this.#escapedName(at, close)
        } else field = fieldAt(buf, at + 1, close)
        this.#successors[before + 1] = field
      }
      before = field
      at = skipBlank(buf, close + 1, end)
      if (at >= end || buf[at] !== COLON) return Scanned.broken
      at = this.#value(buf, skipBlank(buf, at + 1, end), end, field)
      if (at === NOT_JSON) return Scanned.broken
      at = skipBlank(buf, at, end)
      if (at < end && buf[at] === CLOSE) return skipBlank(buf, at + 1, end) === end ? Scanned.object : Scanned.broken
      if (at >= end || buf[at] !== COMMA) return Scanned.broken
      at = skipBlank(buf, at + 1, end)
    }
    return Scanned.broken
  }

  /** Notes the value at `at`; returns the position behind it or {@link NOT_JSON}. */
  #value(buf: Uint8Array, at: number, end: number, field: number): number {
    if (at >= end) return NOT_JSON
    if (buf[at] !== QUOTE) return this.#bareValue(buf, at, end, field)
    let close = scanString(buf, at + 1, end)
    let type: number = ValueType.text
    if (close < 0) {
      if (close === NOT_JSON) return NOT_JSON
      close = ~close
      type = ValueType.escaped
    }
    const first = buf[at + 1]
    if (first === 0x66 ? beginsLikeEvent(buf, at + 1) : first === 0x5c) this.maybeEvent = true
    if (field >= 0) {
      this.types[field] = type
      this.starts[field] = at + 1
      this.ends[field] = close
    }
    return close + 1
  }

  #bareValue(buf: Uint8Array, at: number, end: number, field: number): number {
    let behind: number
    let type: number = ValueType.number
    const first = buf[at]
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
    if (type !== ValueType.text && type !== ValueType.escaped) return null
    const text = this.text(field)
    return text === 'true' ? true : text === 'false' ? false : null
  }

  #unescaped(field: number): string {
    const text: unknown = JSON.parse(this.buffer.toString('utf8', this.starts[field]! - 1, this.ends[field]! + 1))
    return typeof text === 'string' ? text.toWellFormed() : ''
  }
}

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
