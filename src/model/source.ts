// Where records come from, as the worker sees it: streams of bytes that can be read, and read again after a crash.
import type { InputFormat } from './batch-options.ts'

/** One ordered run of bytes whose lines belong together: a file, one sender, one standard input. */
export interface SourceStream {
  /**
   * 16 lower-case hex digits, not all zero. Must be the same for the same content after a restart, a rename or a copy, and must
   * never be given to other content: rows in the store are told apart by it.
   */
  readonly id: string
  /** What a person calls it: a path, `stdin`, a sender's name. */
  readonly label: string
}

/** Bytes at the front of the window. */
export interface Chunk {
  readonly stream: SourceStream
  /** Where `window[0]` stands in the stream, in bytes. It is the beginning of a line, or the middle of one that is too long. */
  readonly position: number
  readonly length: number
  /** Nothing will ever follow: the last line needs no line end. */
  readonly isLast: boolean
  /**
   * With the first bytes of a stream: the stream that it is the continuation of, as a log goes on in a new file after a rotation.
   * What is open there stays open.
   */
  readonly continues?: string
}

/** A range of a stream that became part of a batch. */
export interface Segment {
  readonly source: string
  readonly streamId: string
  readonly from: number
  readonly to: number
}

/** What a restart needs to go on with a stream. */
export interface StoredStream {
  readonly streamId: string
  /** The first byte that is not part of any committed batch. */
  readonly position: number
  /** JSON of the source's own: how it finds the stream again (path, inode, fingerprints). At most 4 KiB. */
  readonly memo: string
}

/** How far a source is behind what is there for it. */
export interface SourceLag {
  readonly bytes: number
  /** Unread records, of a source that knows; else they are estimated. */
  readonly records?: number
  /** How long the oldest unread byte has been there, in seconds; 0 when everything is read. */
  readonly seconds: number
}

/**
 * A source. The worker pulls: what it does not ask for waits where it is, and that is the back-pressure. All methods are called
 * from one caller, and never while a promise of an earlier call of {@link start}, {@link read} or {@link readAgain} is pending.
 */
export interface Source {
  /** Unique among the sources of a worker; also its label in metrics. */
  readonly name: string
  readonly format: InputFormat
  /** For a source whose streams have formats of their own; the same for a stream whenever it is asked. */
  formatOf?(streamId: string): InputFormat
  /**
   * Opens what has to be open. `stored`: the streams of this source as of the last commit, those that changed last at the end;
   * streams that are not there any more must be tolerated. Fails with an `FcscopeError` when the source cannot work at all (a port that is taken).
   */
  start(stored: readonly StoredStream[]): Promise<void>
  /**
   * Fills the window from its front with the next bytes of any stream, as many as are there, up to its length. Null when
   * nothing is there now: the source calls `wake` of its dependencies when that changes. Must give bytes of one stream in order.
   * Must not give bytes again that {@link advance} left, until more have come behind them or the stream has ended.
   */
  read(window: Uint8Array): Chunk | null | Promise<Chunk | null>
  /**
   * The worker took the first `bytes` of the chunk it was given last. The rest must come again, at the front of a later chunk:
   * the beginning of a line, or whole lines too when a batch was full. With `bytes` 0 and a full window the worker says itself how to go on: it takes
   * everything, as part of a line that is too long.
   */
  advance(chunk: Chunk, bytes: number): void
  /** Streams whose position or memo changed since the last call. The worker commits them with the batch that holds their bytes. */
  takeChanges(): readonly StoredStream[]
  /** Streams that the source has forgotten since the last call, to keep within its bounds: what was stored of them is of no use. */
  takeForgotten(): readonly string[]
  /**
   * Reads a range again that was committed before, for a worker that starts after a crash: fills the window from its front with
   * up to `length` bytes at `position`. 0 when they are not there any more.
   */
  readAgain(streamId: string, position: number, window: Uint8Array, length: number): number | Promise<number>
  /** Bytes of the stream before `position` will never be asked for again. */
  release(streamId: string, position: number): void
  /** True when nothing can come any more, and everything was read; for `run --once`: everything that was there at the start. */
  isDone(): boolean
  lag(): SourceLag
  /** Reads no more, accepts no more. Must be safe before {@link start} and twice; chunks that were given stay valid. */
  stop(): Promise<void>
}
