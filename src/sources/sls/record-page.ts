// The records of one reply, and how far they were taken.

export interface PageParts {
  /** The record at which the pull began, and the one at which the next one begins. */
  readonly from: number
  readonly to: number
  /** The number of the first LogGroup; the others follow one by one. */
  readonly first: number
  /** Rows of all LogGroups; the page's own. */
  readonly bytes: Uint8Array
  /** Behind the rows of each LogGroup. One without rows ends where the one before it does. */
  readonly ends: Uint32Array
  /** Since when what is in it has been there, unix ms; not later than that. */
  readonly sinceMs: number
  /** Gives its memory back. */
  readonly release: () => void
}

/** What {@link RecordPage.fill} put into a window. */
export interface FilledRecords {
  readonly length: number
  readonly ends: Uint32Array
  readonly numbers: Float64Array
  /** So many bytes of the first record were taken before. */
  readonly skipped: number
  readonly isCut: boolean
}

/**
 * A page always ends with the record before {@link to}, also when that one has no rows: then it is given without a byte, and the
 * worker knows that nothing is left before the next page.
 */
export class RecordPage {
  readonly from: number
  readonly to: number
  readonly sinceMs: number
  readonly #parts: PageParts
  /** The first LogGroup that has rows which were not taken, and the first byte of them. */
  #group = 0
  #at = 0
  #isTaken = false

  /** Of at least one record. */
  constructor(parts: PageParts) {
    this.#parts = parts
    this.from = parts.from
    this.to = parts.to
    this.sinceMs = parts.sinceMs
    this.#moveTo(0)
  }

  get isTaken(): boolean {
    return this.#isTaken
  }

  /** The record that is given next. */
  get next(): number {
    if (this.#isTaken) return this.to
    const { ends, first } = this.#parts
    return this.#group < ends.length ? first + this.#group : this.to - 1
  }

  get bytesLeft(): number {
    return this.#parts.bytes.length - this.#at
  }

  /**
   * Copies whole records to the front of the window, as many as fit and are before the number `limit`; a piece of the first one
   * when not even that fits. Must not be called when everything is taken, or with a `limit` that is not above {@link next}.
   */
  fill(window: Uint8Array, limit: number): FilledRecords {
    const { bytes, ends, first } = this.#parts
    const from = this.#at
    const recordEnds: number[] = []
    const numbers: number[] = []
    let group = this.#group
    for (; group < ends.length && first + group < limit; group += 1) {
      const end = ends[group]! - from
      if (end > window.length) break
      if (end === (recordEnds.at(-1) ?? 0)) continue
      recordEnds.push(end)
      numbers.push(first + group)
    }
    const isCut = recordEnds.length === 0 && group < ends.length
    if (isCut) {
      recordEnds.push(window.length)
      numbers.push(this.next)
    } else if (group === ends.length && this.to - 1 < limit && this.to - 1 !== numbers.at(-1)) {
      recordEnds.push(recordEnds.at(-1) ?? 0)
      numbers.push(this.to - 1)
    }
    const length = recordEnds.at(-1) ?? 0
    window.set(bytes.subarray(from, from + length))
    return {
      length,
      ends: Uint32Array.from(recordEnds),
      numbers: Float64Array.from(numbers),
      skipped: this.#group < ends.length ? from - this.#startOf(this.#group) : 0,
      isCut,
    }
  }

  /** The worker took so many bytes of what was filled last: of all records that end there, and of all before them. */
  take({ ends, numbers, isCut }: Pick<FilledRecords, 'ends' | 'numbers' | 'isCut'>, bytes: number): void {
    const last = ends.findLastIndex(end => end <= bytes)
    this.#moveTo(this.#at + bytes)
    if (!isCut && numbers[last] === this.to - 1) this.#isTaken = true
  }

  /** Gives its memory back; safe twice. */
  release(): void {
    this.#parts.release()
  }

  #moveTo(at: number): void {
    const { ends } = this.#parts
    this.#at = at
    while (this.#group < ends.length && ends[this.#group]! <= at) this.#group += 1
  }

  #startOf(group: number): number {
    return group === 0 ? 0 : this.#parts.ends[group - 1]!
  }
}
