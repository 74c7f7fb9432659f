// What fills a write-ahead log: a server, a copy of standard input. The source itself only reads the log.
import type { AppendResult, Entry } from './write-ahead-log.ts'

/** Where an intake puts what it gets. */
export interface Inlet {
  /** Must not be called before {@link Intake.start}. */
  append(entry: Entry): Promise<AppendResult>
  /** So much waits for the worker, or for its release, that nothing more should be taken. */
  isFull(): boolean
  /** Where the next frame of the log will stand, in bytes. */
  end(): number
}

export interface Intake {
  /** Begins to take bytes. Fails with an `FcscopeError` when it cannot work at all. */
  start(inlet: Inlet): Promise<void>
  /** The log has room again, or may have. Cheap. */
  resume(): void
  /** True when no more bytes of this stream will ever come. */
  isOver(stream: string): boolean
  /** True when nothing more will come at all. */
  readonly hasEnded: boolean
  /** What a person calls a stream. */
  label(stream: string): string
  /** Takes nothing more; what was taken is in the log when this is settled. Must be safe twice. */
  stop(): Promise<void>
}
