// Which partition is read next, which are fetched at all, and how much may wait to be read.
import type { HeldPartition } from './held-partition.ts'
import type { HeldPartitions } from './held-partitions.ts'

export interface ReadingTurnsParts {
  readonly held: HeldPartitions
  readonly maxBufferedBytes: number
  readonly pause: (partition: HeldPartition) => void
  readonly resume: (partition: HeldPartition) => void
}

/** Partitions that have stops before them are read first, and alone; all others in turn. */
export class ReadingTurns {
  readonly #parts: ReadingTurnsParts
  /** Partitions that are not fetched for the time being, though they are read. */
  readonly #resting = new WeakSet<HeldPartition>()
  /** Where the last turn was. */
  #last = ''
  /** Who waits for room. */
  readonly #waiting = new Set<() => void>()

  constructor(parts: ReadingTurnsParts) {
    this.#parts = parts
  }

  /** Null when there is nothing to read now. */
  next(): HeldPartition | null {
    const isCatchingUp = this.#isCatchingUp()
    let first: HeldPartition | null = null
    let isBehindLast = false
    for (const partition of this.#parts.held.all()) {
      if (mayBeRead(partition, isCatchingUp)) {
        if (isBehindLast) return this.#take(partition)
        first ??= partition
      }
      if (partition.name === this.#last) isBehindLast = true
    }
    return first === null ? null : this.#take(first)
  }

  #take(partition: HeldPartition): HeldPartition {
    this.#last = partition.name
    return partition
  }

  #isCatchingUp(): boolean {
    for (const partition of this.#parts.held.all()) if (!partition.hasReachedStops) return true
    return false
  }

  /** What was fetched and not read. */
  get bufferedBytes(): number {
    let bytes = 0
    for (const { queue } of this.#parts.held.all()) bytes += queue.bytes
    return bytes
  }

  /** Lets those rest that may not be read now, so that what they would bring does not fill the memory; wakes the others. */
  settle(): void {
    const isCatchingUp = this.#isCatchingUp()
    for (const partition of this.#parts.held.all()) {
      if (partition.state !== 'reading') continue
      const mustRest = (isCatchingUp && partition.hasReachedStops) || partition.isAstray || partition.isFetched
      if (mustRest === this.#resting.has(partition)) continue
      if (mustRest) {
        this.#resting.add(partition)
        this.#parts.pause(partition)
      } else {
        this.#resting.delete(partition)
        this.#parts.resume(partition)
      }
    }
  }

  /** More may be fetched. Where nothing that waits may be read, what may is still to come. */
  get hasRoom(): boolean {
    return this.bufferedBytes < this.#parts.maxBufferedBytes || !this.#hasReadable()
  }

  #hasReadable(): boolean {
    const isCatchingUp = this.#isCatchingUp()
    for (const partition of this.#parts.held.all()) if (mayBeRead(partition, isCatchingUp)) return true
    return false
  }

  /** Resolves when there may be room, or after `ms`. */
  room(ms: number): Promise<void> {
    return new Promise(resolve => {
      const end = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.#waiting.add(end)
    })
  }

  /** Something was read, or is not held any more. */
  tellRoom(): void {
    for (const end of this.#waiting) end()
  }
}

const mayBeRead = (partition: HeldPartition, isCatchingUp: boolean): boolean =>
  partition.isReadable && !(isCatchingUp && partition.hasReachedStops)
