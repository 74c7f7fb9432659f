// What the worker asks of the engine behind it: the steps from bytes to rows, and the state that has to survive.
import type { InputFormat } from '../model/batch-options.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import type { Ledger } from '../model/ledger.ts'
import type { LineBlock } from '../model/line-block.ts'
import type { LinePlace } from '../model/line-owner.ts'
import type { Chunk } from '../model/source.ts'

/** A record of a batch that could not be taken in. */
export interface DeadLetter {
  readonly reason: DeadLetterReason
  /** Name of the source. */
  readonly source: string
  readonly streamId: string
  readonly stream: string
  readonly position: number
  /** The bytes that came, cut to the engine's bound. */
  readonly bytes: Buffer
}

/** A {@link LineOwner} that outlives its call; ids are hex. */
export interface KeptOwner {
  readonly place: LinePlace
  readonly requestId: string | null
  readonly traceId: string
  readonly spanId: string
}

/** What the engine made of a batch so far; valid until it is cleared. */
export interface BatchRows {
  readonly lines: LineBlock
  /** Owners of lines of this and of earlier batches that waited for one. */
  readonly owners: readonly KeptOwner[]
  readonly deadLetters: readonly DeadLetter[]
}

/** Where an instance's records come from when they come from a partition. */
export const homeOf = (source: string, partition: string): string => `${source} ${partition}`

/** The steps between sources and sinks, in one thread, without a clock. */
export interface Engine {
  /** Where chunks have to be read into, from the front. */
  readonly window: Uint8Array
  /** How much of the window to fill at a time when nothing asks for more. */
  readonly chunkBytes: number
  readonly ledger: Ledger
  readonly openAttempts: number
  /** True when the batch must be closed before anything else is taken. */
  readonly isFull: boolean
  /** True when attempts wait to be given out: time must go on for them though nothing comes. */
  readonly hasWaiting: boolean
  /** What is taken from now on, and what happens by itself, happens at this moment, unix ms. */
  setTime(unixMs: number): void
  /** The stream `from` goes on in the stream `to`, which is new; false when it is not, or the other is not known. */
  goOn(from: string, to: string): boolean
  /** Takes lines of the chunk that lies in the window, of the source with that name; returns how many bytes of it are done with. */
  take(chunk: Chunk, format: InputFormat, source: string): number
  /** Gives out what has been at rest long enough; returns whether anything happened. */
  giveDue(): boolean
  /** Gives everything out as it is now. */
  giveAll(): void
  /** Gives out everything that is over, however short the time since. */
  giveClosed(): void
  /** Takes what is over for given out by whoever read its records before: it counts where the store has nothing. */
  passOverEnded(): void
  /** True when something that is over is yet to be given out. */
  readonly hasClosed: boolean
  /**
   * What becomes of what is taken from now on. `rows` false: it is stored already. `counts` false: what is given out meanwhile is
   * counted already. `isWhole`: of attempts that begin with it, all records are read.
   */
  setKeeping(keeping: { readonly rows: boolean; readonly counts: boolean; readonly isWhole: boolean }): void
  /** Forgets all that came from these homes (`homeOf`), as if it had never been. */
  abandon(isGone: (home: string) => boolean): void
  /** Attempts are numbered as they begin: of all numbers below, none belongs to one that is open or closed within `horizonMs`. */
  oldestNumber(horizonMs: number): number
  /** The number that the next attempt will have. */
  readonly nextNumber: number
  /** The moment at which what is taken now comes, unix ms: that of {@link setTime}, or a little later. Never goes back. */
  readonly momentMs: number
  /** The last moment at which something came of attempts with numbers below this one; -Infinity when there is none. */
  lastRecordMs(number: number): number
  rows(): BatchRows
  /** Forgets the batch's rows. */
  clearRows(): void
  /** Nothing more comes from a stream. */
  forgetStream(streamId: string): void
  /** The whole state as bytes. */
  save(): Buffer
  /** Puts a saved state into an engine that is new. Fails with an `FcscopeError` when it cannot. */
  load(bytes: Uint8Array): void
}
