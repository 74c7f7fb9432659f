// Whose turn it is to be read: every log that has something gives a few MiB, then the next one; of a log its oldest file.
import type { FollowedFile } from './followed-file.ts'
import { oldestOf } from './read-order.ts'

export class ReadTurns {
  readonly #turnBytes: number
  /** By {@link FollowedFile.family}, in the order of their turns; none is empty. */
  readonly #families = new Map<string, Set<FollowedFile>>()
  readonly #familyOf = new Map<FollowedFile, string>()
  /** The family that was read last, and what it gave in this turn. */
  #current: string | null = null
  #given = 0

  constructor(turnBytes: number) {
    this.#turnBytes = turnBytes
  }

  get isEmpty(): boolean {
    return this.#families.size === 0
  }

  /** The file whose turn it is; null when nobody has anything. `isHeld`: true for files that have to wait for something else. */
  next(isHeld: (file: FollowedFile) => boolean): FollowedFile | null {
    if (this.#current !== null && this.#given >= this.#turnBytes) this.#endTurn(this.#current)
    for (const [family, files] of this.#families) {
      const file = oldestOf(files)
      if (file === null || isHeld(file)) continue
      if (family !== this.#current) this.#given = 0
      this.#current = family
      return file
    }
    return null
  }

  add(file: FollowedFile): void {
    const { family } = file
    const before = this.#familyOf.get(file)
    if (before === family) return
    if (before !== undefined) this.remove(file)
    this.#familyOf.set(file, family)
    const files = this.#families.get(family)
    if (files === undefined) this.#families.set(family, new Set([file]))
    else files.add(file)
  }

  remove(file: FollowedFile): void {
    const family = this.#familyOf.get(file)
    if (family === undefined) return
    this.#familyOf.delete(file)
    const files = this.#families.get(family)
    files?.delete(file)
    if (files?.size === 0) this.#families.delete(family)
  }

  /**
   * The worker took so many bytes of the file that it was given. As long as it takes nothing it wants a longer window for a long
   * line, and the turn goes on.
   */
  took(bytes: number): void {
    this.#given += bytes
  }

  #endTurn(family: string): void {
    this.#given = 0
    const files = this.#families.get(family)
    if (files === undefined) return
    this.#families.delete(family)
    this.#families.set(family, files)
  }
}
