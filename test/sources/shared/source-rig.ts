// What the contract's tests need to know of a source.
import type { Source } from '../../../src/model/source.ts'
import type { SourceWorld } from './source-world.ts'

/** One place that bytes come from, over several runs of its source. */
export interface SourceRig {
  readonly world: SourceWorld
  /** The source of a new run, not started. The one before was stopped, or died. */
  open(options?: { once?: boolean }): Source
  /** Puts text at the end of the run's stream. Settled when the source can give it; only after `start`. */
  write(text: string): Promise<void>
  /** No more text will come in this run; settled when the source knows. Null where a source never ends. */
  readonly end: (() => Promise<void>) | null
  /** Stops what is still open and removes every trace. */
  close(): Promise<void>
}
