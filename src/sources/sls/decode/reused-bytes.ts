// Memory of replies, used again: new memory for each costs the system more than it costs us to fill it.

const mebibyte = 1024 * 1024
/** What lies here unused at most. */
const maxSpareBytes = 32 * mebibyte

export class ReusedBytes {
  /** The one that was given back last at the end. */
  #spare: Buffer[] = []
  readonly #lent = new WeakSet<ArrayBufferLike>()

  /** So many bytes of memory of their own, with whatever is in them. */
  take(length: number): Buffer {
    const at = this.#spare.findIndex(spare => spare.length >= length)
    const found = at < 0 ? undefined : this.#spare.splice(at, 1)[0]
    const memory = found ?? Buffer.allocUnsafeSlow(Math.ceil(length / mebibyte) * mebibyte)
    this.#lent.add(memory.buffer)
    return memory.subarray(0, length)
  }

  /** What {@link take} gave is not needed any more, and must not be looked at again. Anything else is left alone. Safe twice. */
  giveBack({ buffer }: Uint8Array): void {
    if (!this.#lent.delete(buffer)) return
    this.#spare.push(Buffer.from(buffer))
    let bytes = this.#spare.reduce((sum, { length }) => sum + length, 0)
    while (bytes > maxSpareBytes) bytes -= this.#spare.shift()!.length
  }
}
