// Sources whose input is divided among workers: partitions of a Kafka topic, shards of a Logstore. A group coordinator says who
// reads what; records have numbers there, and that is how they are told apart, whoever reads them and however often.
import type { Chunk, Source } from './source.ts'

/**
 * A stream's position is a record's number within the stream times this, plus a byte within the record: the same for the same
 * line whoever reads it. A double holds that for 2 ** 27 numbers; so a partition is a row of streams, each of so many numbers.
 */
export const recordSpan = 2 ** 26
export const numbersPerStream = 2 ** 27

/** Where a byte of a record stands in its stream. Bytes beyond the span share the last position. */
export const recordPosition = (number: number, byte: number): number =>
  (number % numbersPerStream) * recordSpan + Math.min(byte, recordSpan - 1)

/** Which of a partition's streams a record belongs to. */
export const streamIndexOf = (number: number): number => Math.floor(number / numbersPerStream)

/** The records whose bytes a chunk holds, one behind the other. All are of one partition and of one stream. */
export interface ChunkRecords {
  readonly partition: string
  readonly count: number
  /** Behind the last byte of each record in the window. Every record ends with a line end. */
  readonly ends: Uint32Array
  /** Numbers within the partition: whole, below 2 ** 53, rising, with gaps where the source has some. */
  readonly numbers: Float64Array
  /** Of the first record: so many of its bytes were in earlier chunks. */
  readonly skipped: number
  /** The last record goes on in the next chunk. */
  readonly isCut: boolean
}

/** A chunk of numbered records. Its `position` is {@link recordPosition} of its first byte. */
export interface PartitionChunk extends Chunk {
  readonly records: ChunkRecords
}

/**
 * What became of a partition. `assigned`: it is this worker's now; `position` is the number of the record at which the group says
 * that reading goes on, or where the source's options let it begin when the group says nothing (`isFromGroup` false); `first` is
 * the oldest record that is still there. `revoked`: nothing more is given of it, and it stays ours until {@link
 * PartitionedSource.letGo}; with `hasEnded` nobody will have it any more, since all of it was read: a shard that was split. `lost`:
 * it is another's already.
 */
export type PartitionMove =
  | {
      readonly kind: 'assigned'
      readonly partition: string
      readonly position: number
      readonly isFromGroup: boolean
      readonly first: number
    }
  | { readonly kind: 'revoked'; readonly partition: string; readonly hasEnded?: boolean }
  | { readonly kind: 'lost'; readonly partition: string }

/**
 * A source of partitions. Names of partitions are texts that are the same for all workers of a group. Nothing of these sources is
 * kept in the worker's state: after a restart as after a hand-over, reading begins where the store's notes say. So `stored` of
 * `start` is empty, `takeChanges` and `takeForgotten` give nothing, `readAgain` gives 0, `release` does nothing.
 */
export interface PartitionedSource extends Source {
  readonly isPartitioned: true
  /** The group that divides the partitions: notes of one group say nothing about another. */
  readonly group: string
  /** What changed since the last call, in order. The source calls `wake` when there is something. */
  takeMoves(): readonly PartitionMove[]
  /**
   * Reading of an assigned partition begins at the record `from`; before this call nothing of it is given. No chunk holds records
   * from both sides of a number in `stops` (rising). As long as any partition has not reached its last stop, only such
   * partitions are read.
   */
  begin(partition: string, from: number, stops: readonly number[]): void
  /** True when the partition has ended and all of it was given: a shard that was split. */
  hasEnded?(partition: string): boolean
  /**
   * The records `[from, to)` of a partition that has ended are needed once more, for what began there and goes on elsewhere. They are
   * given as those of a partition that has not reached its last stop, which is `to`; or not at all, when they are gone.
   */
  beginTail?(partition: string, from: number, to: number): void
  /** All records before `number` are stored for good. The source tells the group, soon and with retries; never backwards. */
  delivered(partition: string, number: number): void
  /** The worker holds nothing of a revoked partition any more. The source tells the group what was delivered, then gives it up. */
  letGo(partition: string): void
}

export const isPartitioned = (source: Source): source is PartitionedSource =>
  (source as Partial<PartitionedSource>).isPartitioned === true

export const hasRecords = (chunk: Chunk): chunk is PartitionChunk =>
  (chunk as Partial<PartitionChunk>).records !== undefined
