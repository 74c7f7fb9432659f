// Which parts of a write-ahead log are still needed: unread, or part of a batch that may have to be read again.

/** A part of the log that was read, and what has to be released before it is free. */
interface Extent {
  readonly from: number
  readonly to: number
  /** So many of its streams are not released. */
  needs: number
}

interface Need {
  readonly extent: Extent
  readonly position: number
}

/**
 * An extent is what was read for one batch, so there are never more of them than batches that were not released. It is free when the
 * batch's streams are released up to where the batch took them, in whatever order that comes.
 */
export class Backlog {
  /** In the order of the log. */
  readonly #extents = new Set<Extent>()
  /** Per stream, with rising positions. */
  readonly #needs = new Map<string, Need[]>()
  #readBytes = 0
  /** What is being read now begins here; everything behind it is needed. */
  #from: number
  #taken = new Map<string, number>()
  /** Extents before it are of an earlier run. */
  readonly #start: number

  /** `from`: where reading begins. */
  constructor(from: number) {
    this.#from = from
    this.#start = from
  }

  /** A part that an earlier run read and had not released, with the last position of each stream in it. To be told first. */
  addEarlier(from: number, taken: ReadonlyMap<string, number>): void {
    this.#add(from, this.#start, taken)
  }

  /** The worker took a stream up to this position. */
  take(streamId: string, position: number): void {
    this.#taken.set(streamId, position)
  }

  /** A batch ends: all frames before `offset` were taken. */
  close(offset: number): void {
    // A batch that took no frame to its end is released together with the batch that does.
    if (offset <= this.#from) return
    this.#add(this.#from, offset, this.#taken)
    this.#from = offset
    this.#taken = new Map()
  }

  /**
   * Gives the bytes that became free. When a batch of this run is released, those of earlier runs are as well: whatever has to be gone
   * through again is gone through before anything new. Their streams may never be named again, because their senders are gone.
   */
  release(streamId: string, position: number): number {
    const needs = this.#needs.get(streamId) ?? []
    let freeBytes = 0
    while (needs[0] !== undefined && needs[0].position <= position) {
      const { extent } = needs[0]
      needs.shift()
      extent.needs -= 1
      if (extent.needs === 0) freeBytes += this.#free(extent)
    }
    if (needs.length === 0) this.#needs.delete(streamId)
    return freeBytes
  }

  isNeeded(from: number, to: number): boolean {
    if (to > this.#from) return true
    for (const extent of this.#extents) if (from < extent.to && to > extent.from) return true
    return false
  }

  /** Nothing before it is needed. */
  get lowest(): number {
    for (const extent of this.#extents) return extent.from
    return this.#from
  }

  /**
   * Bytes of the log that this run has to keep, when the log ends at `end`. What an earlier run left to be released does not count:
   * it does not grow.
   */
  bytes(end: number): number {
    return end - this.#from + this.#readBytes
  }

  #add(from: number, to: number, taken: ReadonlyMap<string, number>): void {
    if (taken.size === 0) return
    const extent = { from, to, needs: taken.size }
    this.#extents.add(extent)
    if (from >= this.#start) this.#readBytes += to - from
    for (const [streamId, position] of taken) {
      const needs = this.#needs.get(streamId)
      if (needs === undefined) this.#needs.set(streamId, [{ extent, position }])
      else needs.push({ extent, position })
    }
  }

  #free(extent: Extent): number {
    if (!this.#extents.delete(extent)) return 0
    const bytes = extent.to - extent.from
    if (extent.from < this.#start) return bytes
    this.#readBytes -= bytes
    const [first] = this.#extents
    // There is at most one of earlier runs, and it is the first.
    return first !== undefined && first.from < this.#start ? bytes + this.#free(first) : bytes
  }
}
