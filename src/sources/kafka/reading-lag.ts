// How far reading is behind what is in the topics.
import type { SourceLag } from '../../model/source.ts'
import type { GroupPlaces } from './group-places.ts'
import type { HeldPartition } from './held-partition.ts'
import type { HeldPartitions } from './held-partitions.ts'

/** Ends of partitions come with every fetch; but while too much waits to be read nothing is fetched. */
const refreshMs = 15_000

export interface ReadingLagParts {
  readonly held: HeldPartitions
  readonly places: () => GroupPlaces | null
  /** False where offsets have gaps that say nothing: then only what was fetched is known. */
  readonly countsOffsets: boolean
  readonly nowMs: () => number
}

export class ReadingLag {
  readonly #parts: ReadingLagParts
  #refreshedMs: number

  constructor(parts: ReadingLagParts) {
    this.#parts = parts
    this.#refreshedMs = parts.nowMs()
  }

  /** Of all partitions that are held. */
  get(): SourceLag {
    this.#refreshIfDue()
    const { held, countsOffsets, nowMs } = this.#parts
    const now = nowMs()
    let bytes = 0
    let records = 0
    let oldestMs = now
    for (const partition of held.all()) {
      if (partition.state === 'leaving') continue
      const unread = countsOffsets ? partition.unread : partition.queue.length
      records += unread
      bytes += unread * partition.queue.meanBytes
      if (unread > 0) oldestMs = Math.min(oldestMs, unreadSinceMs(partition, now))
    }
    const lag = { bytes: Math.round(bytes), seconds: (now - oldestMs) / 1000 }
    return countsOffsets ? { ...lag, records } : lag
  }

  #refreshIfDue(): void {
    const { places, nowMs } = this.#parts
    const asked = places()
    if (asked === null || nowMs() - this.#refreshedMs < refreshMs) return
    this.#refreshedMs = nowMs()
    // A cluster that does not answer is told of elsewhere.
    this.#refresh(asked).catch(() => {})
  }

  async #refresh(places: GroupPlaces): Promise<void> {
    for (const [name, { high }] of await places.ends()) {
      const partition = this.#parts.held.of(name)
      if (partition !== undefined) partition.high = Math.max(partition.high, partition.numbers.numberOf(high))
    }
  }
}

/** When the oldest unread message was written; where it was not fetched, it is younger than the one that was read last. */
function unreadSinceMs({ queue, lastReadMs }: HeldPartition, nowMs: number): number {
  const ms = queue.isEmpty ? lastReadMs : Number(queue.head.timestamp)
  return ms > 0 ? ms : nowMs
}
