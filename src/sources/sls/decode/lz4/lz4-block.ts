// Hot path: decompresses an LZ4 block: no frame, no length in front, as Simple Log Service sends it (facts §1.3).
import { corrupt } from '../decode-error.ts'
import { Lz4Sequences } from './lz4-sequences.ts'

// A block is a row of sequences:
//   token    high half: number of literals, low half: length of the match minus 4; 15 goes on in further bytes, up to one below 255
//   literals copied from the input
//   offset   2 bytes, little-endian: how far back in the output the match begins
// The last sequence ends behind its literals.
const MIN_MATCH = 4
/** A byte of a length stands for so many bytes of output. */
const HIGHEST_RATIO = 255
/** From here on a native copy is quicker than its call costs. */
const LONG = 48

/** Its memory is worth keeping once there was a block. */
let sequences: Lz4Sequences | null = null

/**
 * Decompresses into `length` bytes of memory of their own that `take` gives; throws a {@link DecodeError} when the block is not exactly
 * that.
 */
export function decompressLz4Block(
  block: Uint8Array,
  length: number,
  take: (length: number) => Buffer = Buffer.allocUnsafeSlow,
): Buffer {
  // Before the memory is reserved.
  if (length > block.length * HIGHEST_RATIO)
    throw corrupt(`the block is too short for ${length} bytes, and ends`, block.length)
  sequences ??= new Lz4Sequences()
  const raw = sequences.decompress(block, length)
  if (raw !== null) {
    const own = take(length)
    own.set(raw)
    return own
  }
  return decompressInto(block, take(length))
}

/** The full way: fills `to`, which is not part of a pool; throws as {@link decompressLz4Block} does. */
export function decompressInto(block: Uint8Array, to: Buffer): Buffer {
  return new Lz4Block(block, to).decompress()
}

class Lz4Block {
  readonly #from: Uint8Array
  readonly #fromView: DataView
  readonly #to: Buffer
  readonly #toView: DataView
  /** Position in the input. */
  #at = 0

  /** A view of a pool would show what belongs to others. */
  constructor(block: Uint8Array, to: Buffer) {
    this.#from = block
    this.#fromView = new DataView(block.buffer, block.byteOffset, block.length)
    this.#to = to
    this.#toView = new DataView(to.buffer, to.byteOffset, to.length)
  }

  decompress(): Buffer {
    const from = this.#from
    const end = from.length
    const total = this.#to.length
    let out = 0
    while (this.#at < end) {
      const token = from[this.#at]!
      this.#at += 1
      let literals = token >> 4
      if (literals === 15) literals += this.#moreLength()
      if (literals > 0) {
        if (literals > end - this.#at || literals > total - out) throw corrupt('literals are too long', this.#at)
        this.#copyLiterals(out, literals)
        out += literals
      }
      if (this.#at === end) break
      if (end - this.#at < 2) throw corrupt('the block ends too early', this.#at)
      const offset = from[this.#at]! | (from[this.#at + 1]! << 8)
      this.#at += 2
      let length = (token & 15) + MIN_MATCH
      if (length === 15 + MIN_MATCH) length += this.#moreLength()
      if (offset === 0 || offset > out || length > total - out) throw corrupt('a match is out of range', this.#at)
      this.#copyMatch(out, offset, length)
      out += length
    }
    if (out !== total) throw corrupt(`the block has ${out} bytes instead of ${total}, and ends`, end)
    return this.#to
  }

  /** Bytes are added up to one below 255. As every one of them is input, the sum stays within 2 ** 53. */
  #moreLength(): number {
    const from = this.#from
    let sum = 0
    for (let at = this.#at; at < from.length; at += 1) {
      const byte = from[at]!
      sum += byte
      if (byte === 255) continue
      this.#at = at + 1
      return sum
    }
    throw corrupt('a length does not end', this.#at)
  }

  #copyLiterals(out: number, length: number): void {
    const at = this.#at
    this.#at = at + length
    if (length >= LONG) {
      this.#to.set(this.#from.subarray(at, at + length), out)
      return
    }
    const from = this.#fromView
    const to = this.#toView
    // What is written too much is overwritten by what follows; near the end there is no room for that.
    if (at + length + 8 <= from.byteLength && out + length + 8 <= to.byteLength) {
      for (let i = 0; i < length; i += 8) {
        to.setInt32(out + i, from.getInt32(at + i))
        to.setInt32(out + i + 4, from.getInt32(at + i + 4))
      }
      return
    }
    for (let i = 0; i < length; i += 1) to.setUint8(out + i, from.getUint8(at + i))
  }

  #copyMatch(out: number, offset: number, length: number): void {
    const to = this.#toView
    const start = out - offset
    if (length >= LONG && offset >= length) {
      this.#to.copyWithin(out, start, start + length)
      return
    }
    // Each step reads only what was written before it.
    if (offset >= 8 && out + length + 8 <= to.byteLength) {
      for (let i = 0; i < length; i += 8) {
        to.setInt32(out + i, to.getInt32(start + i))
        to.setInt32(out + i + 4, to.getInt32(start + i + 4))
      }
      return
    }
    for (let i = 0; i < length; i += 1) to.setUint8(out + i, to.getUint8(start + i))
  }
}
