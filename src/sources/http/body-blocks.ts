// Collects a body in blocks of its own.

const firstBytes = 4 * 1024
const maxBytes = 256 * 1024

/**
 * Pieces of a request are parts of what was read from the connection at once: keeping a piece of one byte would keep 64 KiB. So they are
 * copied, and what is held is what was counted.
 */
export class BodyBlocks {
  readonly #full: Buffer[] = []
  #block: Buffer = Buffer.alloc(0)
  #length = 0
  readonly #tryTake: (bytes: number) => boolean

  /** `tryTake`: whether so much more may be held. */
  constructor(tryTake: (bytes: number) => boolean) {
    this.#tryTake = tryTake
  }

  /** False when there is no memory for it; then the body is worth nothing any more. */
  add(piece: Buffer): boolean {
    let at = 0
    while (at < piece.length) {
      if (this.#length === this.#block.length && !this.#addBlock()) return false
      const count = piece.copy(this.#block, this.#length, at)
      this.#length += count
      at += count
    }
    return true
  }

  /** What came, in order. */
  parts(): Buffer[] {
    return this.#length === 0 ? [...this.#full] : [...this.#full, this.#block.subarray(0, this.#length)]
  }

  #addBlock(): boolean {
    const size = Math.min(maxBytes, Math.max(firstBytes, this.#block.length * 4))
    if (!this.#tryTake(size)) return false
    if (this.#length > 0) this.#full.push(this.#block)
    this.#block = Buffer.allocUnsafeSlow(size)
    this.#length = 0
    return true
  }
}
