// The partitions that this worker has, and the moves that tell the worker so.
import type { PartitionMove } from '../../model/partitioned-source.ts'
import { HeldPartition, type PartitionPlace } from './held-partition.ts'

export interface HeldPartitionsParts {
  readonly source: string
  /** Where reading begins when the group says nothing. */
  readonly startAt: 'beginning' | 'end'
  /** There are moves to take. */
  readonly wake: () => void
}

/** What was there when the source was started. */
export interface AsOfStart {
  /** Partitions by name. One that was added since is read from its beginning: all of it is new. */
  readonly known: ReadonlySet<string>
  /** Where each partition ended, when reading ends there (`run --once`). */
  readonly ends: ReadonlyMap<string, string> | null
}

export class HeldPartitions {
  readonly #parts: HeldPartitionsParts
  #held = new Map<string, HeldPartition>()
  #moves: PartitionMove[] = []
  /** Rises with every change of what is held. */
  era = 0

  constructor(parts: HeldPartitionsParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#held.size
  }

  /** In an order that stays. */
  all(): Iterable<HeldPartition> {
    return this.#held.values()
  }

  of(name: string): HeldPartition | undefined {
    return this.#held.get(name)
  }

  /** All are new: what was held before was let go. */
  assign(places: readonly PartitionPlace[], { ends, known }: AsOfStart): void {
    this.era += 1
    const { source, startAt } = this.#parts
    const held = places.map(place => new HeldPartition(source, place))
    this.#held = new Map(held.map(partition => [partition.name, partition]))
    for (const partition of held) {
      const { name, low, high, committed, numbers } = partition
      const end = ends?.get(name)
      if (ends !== null) partition.end = end === undefined ? high : numbers.numberOf(end)
      const position = committed ?? (startAt === 'beginning' || !known.has(name) ? low : high)
      partition.fetchedTo = position
      this.#moves.push({ kind: 'assigned', partition: name, position, isFromGroup: committed !== null, first: low })
    }
    this.#parts.wake()
  }

  /** Everything must be let go. What the worker has not heard of yet it never had. */
  revoke(): void {
    this.era += 1
    this.#forgetUntold()
    for (const partition of this.#held.values()) {
      if (partition.state === 'leaving') continue
      partition.state = 'leaving'
      partition.queue.clear()
      this.#moves.push({ kind: 'revoked', partition: partition.name })
    }
    this.#parts.wake()
  }

  /** Everything is another's. Returns what was held. */
  lose(): readonly HeldPartition[] {
    this.era += 1
    this.#forgetUntold()
    const lost = [...this.#held.values()]
    this.#held.clear()
    for (const partition of lost) {
      partition.state = 'leaving'
      partition.queue.clear()
      this.#moves.push({ kind: 'lost', partition: partition.name })
    }
    this.#parts.wake()
    return lost
  }

  letGo(partition: HeldPartition): void {
    if (this.#held.get(partition.name) === partition) this.#held.delete(partition.name)
  }

  takeMoves(): readonly PartitionMove[] {
    const moves = this.#moves
    this.#moves = []
    return moves
  }

  #forgetUntold(): void {
    const untold = this.#moves.filter(({ kind }) => kind === 'assigned')
    for (const { partition } of untold) this.#held.delete(partition)
    this.#moves = this.#moves.filter(({ kind }) => kind !== 'assigned')
  }
}
