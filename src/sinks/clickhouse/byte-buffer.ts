// Hot path: bytes that grow as they are written.
import { GrowingBytes } from '../../lib/growing-bytes.ts'

const smallText = 48

/** Bytes of ClickHouse's formats; the memory is kept when they are cleared. */
export class ByteBuffer extends GrowingBytes {
  constructor(capacity = 4096) {
    super(capacity)
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  uint16(value: number): void {
    this.reserve(2)
    this.view.setUint16(this.length, value, true)
    this.length += 2
  }

  uint32(value: number): void {
    this.reserve(4)
    this.view.setUint32(this.length, value, true)
    this.length += 4
  }

  /** 64 bits as their halves; of a signed number the upper one has the sign. */
  uint64(low: number, high: number): void {
    this.reserve(8)
    this.view.setUint32(this.length, low, true)
    this.view.setUint32(this.length + 4, high, true)
    this.length += 8
  }

  float64(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** A text with its length. Short ASCII, which most is, is copied character by character. */
  text(value: string): void {
    const { length } = value
    if (length <= smallText) {
      this.reserve(length + 1)
      const { bytes } = this
      let at = this.length
      bytes[at++] = length
      let i = 0
      for (; i < length; i++) {
        const unit = value.charCodeAt(i)
        if (unit > 0x7f) break
        bytes[at++] = unit
      }
      if (i === length) {
        this.length = at
        return
      }
    }
    const byteLength = Buffer.byteLength(value, 'utf8')
    this.varUInt(byteLength)
    this.reserve(byteLength)
    this.length += this.bytes.write(value, this.length, byteLength, 'utf8')
  }

  clear(): void {
    this.length = 0
  }

  /** What was written; valid until the next write. */
  part(): Uint8Array {
    return this.bytes.subarray(0, this.length)
  }
}
