// What workers that share partitions tell each other, through the store: how far each partition is stored for good, and from where
// it has to be read again by a worker that knows nothing of it.

/** Numbers are those of records within the partition, see `PartitionedSource`. */
export interface PartitionNote {
  readonly partition: string
  /** All records before it are stored, and so are the attempts that were over by then. */
  readonly position: number
  /** Whoever begins here knows all attempts that were open at `position`, or could still change. */
  readonly replayFrom: number
  /** Of attempts that began before `replayFrom`, no record stands here or behind. */
  readonly wholeFrom: number
  /** The worker that wrote the note. */
  readonly worker: number
  /** How often the partition has changed hands: a note of an earlier owner that comes late does not count. */
  readonly epoch: number
  /** What a worker gives out replaces what those with lower ones gave out of the same attempt. */
  readonly generation: number
  /** Nothing comes of it any more; what began there may go on elsewhere. */
  readonly hasEnded: boolean
  /** Of the streams that the partition's newest records belong to. */
  readonly streamIds: readonly string[]
}

/** Where the notes are. Both fail with a `StoreError` while the store cannot be reached. */
export interface Handover {
  /** This worker's number. */
  readonly worker: number
  read(group: string): Promise<ReadonlyMap<string, PartitionNote>>
  /** Resolves when the notes are in the store; they carry this worker's number and generation. */
  write(group: string, notes: readonly Omit<PartitionNote, 'worker' | 'generation'>[]): Promise<void>
  /** What is given out from now on replaces what was given out under `generation`. */
  takeOver(generation: number): void
  /** Lines of these streams may be in the store. */
  expectStored(streamIds: readonly string[]): void
  /** Lines of these streams that wait for the store must not reach it any more: somebody else stores them. */
  exclude(streamIds: readonly string[]): void
}
