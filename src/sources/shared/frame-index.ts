// Where frames begin in a write-ahead log, one place every so many bytes: to come near any offset without reading from the start.

const stepBytes = 256 * 1024

export class FrameIndex {
  #offsets: number[] = []

  /** A frame begins here. Offsets must come in order. */
  add(offset: number): void {
    const last = this.#offsets.at(-1)
    if (last === undefined || offset - last >= stepBytes) this.#offsets.push(offset)
  }

  /** The last known frame that begins at or before `offset`; 0 when none is known. */
  before(offset: number): number {
    let low = 0
    let high = this.#offsets.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#offsets[middle] ?? 0) <= offset) low = middle + 1
      else high = middle
    }
    return this.#offsets[low - 1] ?? 0
  }

  /** Forgets what lies before `offset`. */
  dropBefore(offset: number): void {
    const keep = this.#offsets.findIndex(each => each >= offset)
    this.#offsets = keep === -1 ? [] : this.#offsets.slice(keep)
  }
}
