// Hot path: what a codec writes, and reads again: bytes that grow up to a bound.

/** Bytes that are not what they should be. */
export class CorruptBytes extends Error {
  override readonly name = 'CorruptBytes'
  /** What kafkajs looks for: it would try again without a word. */
  readonly retriable = false
}

/** Output whose matches are copied from what was written before. */
export class GrownOutput {
  #bytes: Buffer
  #length = 0
  readonly #maxBytes: number

  constructor(firstBytes: number, maxBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(Math.max(firstBytes, 64), maxBytes))
    this.#maxBytes = maxBytes
  }

  get length(): number {
    return this.#length
  }

  /** What was written; the output must not be used any more. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Appends bytes of `from`. */
  literals(from: Uint8Array, at: number, length: number): void {
    if (at + length > from.length) throw new CorruptBytes('the input ends within literals')
    this.#reserve(length)
    const to = this.#bytes
    let out = this.#length
    if (length > 32) to.set(from.subarray(at, at + length), out)
    else for (let i = at; i < at + length; i += 1) to[out++] = from[i]!
    this.#length += length
  }

  /** Appends `length` bytes that begin `offset` bytes before the end; they may overlap with what they become. */
  match(offset: number, length: number): void {
    if (offset === 0 || offset > this.#length) throw new CorruptBytes('a match begins before the output')
    this.#reserve(length)
    const to = this.#bytes
    let out = this.#length
    let at = out - offset
    if (offset >= length && length > 32) to.copyWithin(out, at, at + length)
    else for (const end = out + length; out < end; ) to[out++] = to[at++]!
    this.#length += length
  }

  #reserve(length: number): void {
    const wanted = this.#length + length
    if (wanted <= this.#bytes.length) return
    if (wanted > this.#maxBytes) throw new CorruptBytes(`more than ${this.#maxBytes} bytes come out`)
    const grown = Buffer.allocUnsafeSlow(Math.min(this.#maxBytes, Math.max(wanted, this.#bytes.length * 2)))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
