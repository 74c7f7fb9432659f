// Hot path: bytes that grow as they are written.

const smallText = 48

/** Bytes that grow as they are written; the memory is kept when they are cleared. */
export class ByteBuffer {
  bytes: Buffer
  length = 0
  /** The same memory: stores through a view are compiled to one instruction each, those of Buffer's methods to a call. */
  #view: DataView

  constructor(capacity = 4096) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
    this.#view = viewOf(this.bytes)
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + count))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
    this.#view = viewOf(grown)
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  uint16(value: number): void {
    this.reserve(2)
    this.#view.setUint16(this.length, value, true)
    this.length += 2
  }

  uint32(value: number): void {
    this.reserve(4)
    this.#view.setUint32(this.length, value, true)
    this.length += 4
  }

  /** 64 bits as their halves; of a signed number the upper one has the sign. */
  uint64(low: number, high: number): void {
    this.reserve(8)
    this.#view.setUint32(this.length, low, true)
    this.#view.setUint32(this.length + 4, high, true)
    this.length += 8
  }

  float64(value: number): void {
    this.reserve(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** LEB128. */
  varUInt(value: number): void {
    this.reserve(10)
    let rest = value
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.bytes[this.length++] = rest
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

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
