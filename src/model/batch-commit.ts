// What of a batch has to outlive the process.
import type { Delivery } from './delivery.ts'
import type { StoredStream } from './source.ts'

/**
 * One thing that happened in a batch, in order, so that the batch can be gone through again exactly as it was: time stood at a
 * moment (unix ms), a range of a stream was taken, what was at rest was given out, all that was over, everything, a stream went on
 * in another. Nothing of partitions is in it: they are read anew from where the store's notes say.
 */
export type BatchStep =
  | readonly ['time', number]
  | readonly ['give']
  | readonly ['giveClosed']
  | readonly ['giveAll']
  | readonly ['goOn', from: string, to: string]
  | readonly ['take', source: string, streamId: string, from: number, to: number]

/** A counter or a histogram as it stands: the family, the labels as JSON, and the numbers. */
export interface SavedSeries {
  readonly family: string
  readonly labels: string
  readonly values: readonly number[]
}

/** One batch as it is committed: all of it or nothing. */
export interface BatchCommit {
  /** Numbers of batches ascend by one, from 1. */
  readonly batch: number
  readonly steps: readonly BatchStep[]
  readonly streams: readonly { readonly source: string; readonly stream: StoredStream }[]
  /** Streams that are not needed any more. */
  readonly forgotten: readonly { readonly source: string; readonly streamId: string }[]
  readonly deliveries: readonly Delivery[]
  readonly counters: readonly SavedSeries[]
}
