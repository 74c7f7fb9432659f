// Hot path: where the lines of numbered records stand in their stream.
import { type ChunkRecords, recordPosition } from '../model/partitioned-source.ts'

/** Places in one chunk; asked for with rising offsets. */
export class RecordPlaces {
  #records: ChunkRecords | null = null
  #at = 0

  /** Offsets are those of this chunk from here on. */
  enter(records: ChunkRecords): void {
    this.#records = records
    this.#at = 0
  }

  /** The position of the byte at `offset` in the window. */
  of(offset: number): number {
    // Only set without a chunk before the first one.
    const { ends, numbers, count, skipped } = this.#records!
    if (this.#at > 0 && offset < ends[this.#at - 1]!) this.#at = 0
    while (this.#at < count - 1 && ends[this.#at]! <= offset) this.#at++
    const at = this.#at
    const begin = at === 0 ? -skipped : ends[at - 1]!
    return recordPosition(numbers[at]!, offset - begin)
  }
}

/** The number of the first record of which not every byte was taken, when `bytes` of the chunk were. */
export function nextNumber({ ends, numbers, count, isCut }: ChunkRecords, bytes: number): number {
  let at = 0
  while (at < count && ends[at]! <= bytes) at++
  if (at < count) return numbers[at]!
  const last = numbers[count - 1]!
  return isCut ? last : last + 1
}
