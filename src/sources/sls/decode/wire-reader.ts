// Hot path: reads protobuf fields where they lie. Every range is checked against the end of the message around it.
import { corrupt } from './decode-error.ts'

// A field begins with a varint: its number times 8 plus its wire type. The types that are left are 1 (8 bytes) and 5 (4 bytes);
// 3 and 4 are groups, which nobody writes.
const VARINT = 0
const EIGHT_BYTES = 1
const RANGE = 2
const FOUR_BYTES = 5

/** A position in a message. Callers keep `at` below their `end` before they read. */
export class WireReader {
  bytes: Uint8Array = new Uint8Array(0)
  view = new DataView(this.bytes.buffer)
  at = 0

  reset(bytes: Uint8Array): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = 0
  }

  /** The low 32 bits of a varint. Most are one byte, such as every field's beginning in a LogGroup. */
  varint(end: number): number {
    const at = this.at
    if (at >= end) throw corrupt('a message ends too early', at)
    const first = this.bytes[at]!
    this.at = at + 1
    return first < 0x80 ? first : this.#longVarint(end, first & 0x7f)
  }

  #longVarint(end: number, low: number): number {
    const from = this.at - 1
    let value = low
    let at = this.at
    for (let shift = 7; at < end && shift < 70; shift += 7) {
      const byte = this.bytes[at]!
      at += 1
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        this.at = at
        return value >>> 0
      }
    }
    throw corrupt('a number does not end', from)
  }

  /** The end of the bytes whose length is here; `at` is then their beginning. */
  rangeEnd(end: number): number {
    const from = this.at
    const length = this.varint(end)
    // What is longer than 32 bits can say would be taken for short. Nobody pads lengths.
    if (this.at - from > 5 || length > end - this.at) throw corrupt('a length is too large', from)
    return this.at + length
  }

  /** A fixed32. */
  fourBytes(end: number): number {
    const at = this.at
    if (end - at < 4) throw corrupt('a message ends too early', at)
    this.at = at + 4
    return this.view.getUint32(at, true)
  }

  /** Leaves a field behind whose beginning was `tag`. */
  skip(tag: number, end: number): void {
    const from = this.at
    if (tag < 8) throw corrupt('a field has no number', from)
    switch (tag & 7) {
      case VARINT:
        this.varint(end)
        return
      case EIGHT_BYTES:
        this.at = from + 8
        break
      case RANGE:
        this.at = this.rangeEnd(end)
        return
      case FOUR_BYTES:
        this.at = from + 4
        break
      default:
        throw corrupt('a field has no known type', from)
    }
    if (this.at > end) throw corrupt('a message ends too early', from)
  }
}
