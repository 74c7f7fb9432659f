// Whose turn it is to be read: every file that has something gives a few MiB, then the next one.
import type { FollowedFile } from './followed-file.ts'

export class ReadTurns {
  readonly #turnBytes: number
  /** In the order of their turns. */
  readonly #ready = new Set<FollowedFile>()
  #given = 0

  constructor(turnBytes: number) {
    this.#turnBytes = turnBytes
  }

  get size(): number {
    return this.#ready.size
  }

  /** The file whose turn it is; null when nobody has anything. */
  current(): FollowedFile | null {
    const [first] = this.#ready
    if (first === undefined || this.#given < this.#turnBytes) return first ?? null
    this.remove(first)
    this.add(first)
    const [next] = this.#ready
    return next ?? null
  }

  add(file: FollowedFile): void {
    this.#ready.add(file)
  }

  remove(file: FollowedFile): void {
    const [first] = this.#ready
    if (first === file) this.#given = 0
    this.#ready.delete(file)
  }

  /**
   * The worker took so many bytes of the current file. As long as it takes nothing it wants a longer window for a long line, and
   * the turn goes on.
   */
  took(bytes: number): void {
    this.#given += bytes
  }
}
