// Hot path: protobuf's wire format into memory that grows. A message whose length is not known beforehand is written behind room for a
// length of two bytes, which nearly all need; the few others are moved.

import { GrowingBytes } from '../../lib/growing-bytes.ts'

/** Longest text that is copied character by character. */
const smallText = 64
const two32 = 4_294_967_296

/** Wire type "length-delimited" of a field. */
const fieldTag = (field: number): number => (field << 3) | 2

/** An attribute's name as it stands in front of its value: the bytes of `KeyValue.key`. */
export class AttributeKey {
  readonly bytes: Uint8Array
  /** `tag`: of the field that holds the attributes. */
  readonly tag: number

  constructor(name: string, field: number) {
    const text = Buffer.from(name)
    this.bytes = Uint8Array.from([fieldTag(1), text.length, ...text])
    this.tag = fieldTag(field)
  }
}

export class ProtoWriter extends GrowingBytes {
  constructor(capacity = 64 * 1024) {
    super(capacity)
  }

  /** A small enum or truth value; fields up to 15. */
  small(field: number, value: number): void {
    this.reserve(2)
    this.bytes[this.length++] = field << 3
    this.bytes[this.length++] = value
  }

  /** Not negative, less than 2^32; fields up to 15. */
  uint32(field: number, value: number): void {
    this.reserve(6)
    this.bytes[this.length++] = field << 3
    this.varUInt(value)
  }

  /** Begins a message; returns what {@link end} wants. */
  begin(field: number): number {
    this.reserve(3)
    this.bytes[this.length] = fieldTag(field)
    this.length += 3
    return this.length
  }

  end(start: number): void {
    const size = this.length - start
    if (size >= 0x80 && size < 0x4000) {
      this.bytes[start - 2] = (size & 0x7f) | 0x80
      this.bytes[start - 1] = size >>> 7
      return
    }
    const width = varintBytes(size)
    this.reserve(width)
    this.bytes.copyWithin(start - 2 + width, start, this.length)
    this.length = start - 2
    this.varUInt(size)
    this.length += size
  }

  /** Words of an id, as they lie in memory. */
  id(field: number, words: Int32Array, count: number): void {
    this.reserve(2 + count * 4)
    const { bytes } = this
    let at = this.length
    bytes[at++] = fieldTag(field)
    bytes[at++] = count * 4
    for (let i = 0; i < count; i++) {
      const word = words[i]!
      bytes[at++] = word
      bytes[at++] = word >>> 8
      bytes[at++] = word >>> 16
      bytes[at++] = word >>> 24
    }
    this.length = at
  }

  /** `ms` whole milliseconds of unix time and `ns` nanoseconds, which may be negative, as fixed64. */
  time(field: number, ms: number, ns: number): void {
    const carriedMs = Math.floor(ns / 1e6)
    const whole = ms + carriedMs
    const rest = ns - carriedMs * 1e6
    // whole * 1e6 + rest needs 63 bits: 16 of them are kept apart, so that every product fits into 53.
    const upper = Math.floor(whole / 65_536)
    const product = upper * 1e6
    const low = (product % 65_536) * 65_536 + (whole - upper * 65_536) * 1e6 + rest
    const carry = Math.floor(low / two32)
    this.reserve(9)
    const { bytes } = this
    bytes[this.length] = (field << 3) | 1
    const at = bytes.writeUInt32LE(low - carry * two32, this.length + 1)
    this.length = bytes.writeUInt32LE(Math.floor(product / 65_536) + carry, at)
  }

  text(field: number, value: string): void {
    const start = this.length
    this.reserve(2 + smallText)
    if (value.length <= smallText && this.#ascii(start + 2, value)) {
      this.bytes[start] = fieldTag(field)
      this.bytes[start + 1] = value.length
      return
    }
    const size = Buffer.byteLength(value)
    this.reserve(11 + size)
    this.bytes[this.length++] = fieldTag(field)
    this.varUInt(size)
    this.length += this.bytes.write(value, this.length, size, 'utf8')
  }

  textAttribute(key: AttributeKey, value: string): void {
    const name = key.bytes
    const { length } = value
    const start = this.length
    this.reserve(name.length + 6 + smallText)
    // Two lengths behind the name, one before it; all of one byte where name and value are short.
    const valueAt = start + 2 + name.length + 4
    if (length <= smallText && name.length + length + 4 < 0x80 && this.#ascii(valueAt, value)) {
      const { bytes } = this
      bytes[start] = key.tag
      bytes[start + 1] = name.length + 4 + length
      this.#name(start + 2, name)
      bytes[valueAt - 4] = fieldTag(2)
      bytes[valueAt - 3] = length + 2
      bytes[valueAt - 2] = fieldTag(1)
      bytes[valueAt - 1] = length
      return
    }
    const size = Buffer.byteLength(value)
    const inner = 1 + varintBytes(size) + size
    this.#beginAttribute(key, inner)
    this.bytes[this.length++] = fieldTag(1)
    this.varUInt(size)
    this.reserve(size)
    this.length += this.bytes.write(value, this.length, size, 'utf8')
  }

  /** Not negative, and exact in a double. */
  integerAttribute(key: AttributeKey, value: number): void {
    this.#beginAttribute(key, 1 + varintBytes(value))
    this.bytes[this.length++] = 3 << 3
    this.varUInt(value)
  }

  flagAttribute(key: AttributeKey, value: boolean): void {
    this.#beginAttribute(key, 2)
    this.small(2, value ? 1 : 0)
  }

  /** Everything of an attribute but its value, which takes `inner` bytes. */
  #beginAttribute(key: AttributeKey, inner: number): void {
    const name = key.bytes
    this.reserve(name.length + 24)
    this.bytes[this.length++] = key.tag
    this.varUInt(name.length + 1 + varintBytes(inner) + inner)
    this.#name(this.length, name)
    this.length += name.length
    this.bytes[this.length++] = fieldTag(2)
    this.varUInt(inner)
  }

  #name(at: number, name: Uint8Array): void {
    const { bytes } = this
    for (let i = 0; i < name.length; i++) bytes[at + i] = name[i]!
  }

  /** Writes a short text at `at` and goes behind it; false, and nothing has happened, when it is not ASCII. Room was made before. */
  #ascii(at: number, value: string): boolean {
    const { bytes } = this
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i)
      if (unit > 0x7f) return false
      bytes[at + i] = unit
    }
    this.length = at + value.length
    return true
  }
}

/** Bytes that a number takes as a varint. */
export function varintBytes(value: number): number {
  let bytes = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) bytes += 1
  return bytes
}
