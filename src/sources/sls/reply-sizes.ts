// How much memory the next reply of a shard may take, by what the last ones took.

const mebibyte = 1024 * 1024
/** A reply holds about 10 MB; the platform's own client counts with twice that (facts §1.2). */
const mostBytes = 20 * mebibyte
const leastBytes = mebibyte

export class ReplySizes {
  #recent = mostBytes / 2

  get expectedBytes(): number {
    return Math.min(mostBytes, Math.max(leastBytes, this.#recent * 2))
  }

  /** A large one is remembered for a while: shards are busy by turns. */
  note(bytes: number): void {
    this.#recent = Math.max(bytes, this.#recent * 0.75)
  }
}
