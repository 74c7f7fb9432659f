// The part of a stored input that was read but not yet decompressed.
import type { StoredInput } from './stored-input.ts'

/** Large enough for a gzip head with a long name, small enough to be fed again byte by byte when it holds a fault. */
const windowBytes = 64 * 1024

/** A window of stored bytes: `bytes[at .. end)` is next, and `position` is where that stands in the input. */
export class StoredWindow {
  readonly bytes = new Uint8Array(windowBytes)
  at = 0
  end = 0
  readonly #input: StoredInput
  #endPosition: number

  /** `head`: bytes that were already taken from the input's beginning. */
  constructor(input: StoredInput, head: Uint8Array) {
    this.#input = input
    this.bytes.set(head)
    this.end = head.length
    this.#endPosition = head.length
  }

  get length(): number {
    return this.end - this.at
  }

  get position(): number {
    return this.#endPosition - this.length
  }

  /** Reads on behind what is there; false at the end of the input, or when the window is full. */
  async grow(): Promise<boolean> {
    if (this.at > 0) {
      this.bytes.copyWithin(0, this.at, this.end)
      this.end -= this.at
      this.at = 0
    }
    if (this.end === this.bytes.length) return false
    const count = await this.#input.readInto(this.bytes, this.end, this.bytes.length - this.end)
    this.end += count
    this.#endPosition += count
    return count > 0
  }

  /** Goes back to a position; false where the input can only be read once. */
  seek(position: number): boolean {
    if (!this.#input.seek(position)) return false
    this.at = 0
    this.end = 0
    this.#endPosition = position
    return true
  }
}
