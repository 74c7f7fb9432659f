// What a kind of source is made of: its name in the configuration, its options, and how one is made.
import type { z } from 'zod'
import type { Source } from '../../model/source.ts'
import type { Log } from '../../telemetry/log.ts'

/** What a source may use of the world. */
export interface SourceDeps {
  /** {@link Source.name}. */
  readonly name: string
  /** Read to the present end and be done (`run --once`). */
  readonly once: boolean
  /** A folder of the source's own below the worker's state; it is there. */
  readonly folder: string
  readonly log: Log
  readonly nowMs: () => number
  /** To be called when `read` may give something again. Cheap, and safe at any time. */
  readonly wake: () => void
}

/** One kind of source. The options' schema is a strict object without the key `type`. */
export interface SourceDefinition<S extends z.ZodObject = z.ZodObject> {
  readonly type: string
  readonly options: S
  create(options: z.output<S>, deps: SourceDeps): Source
  /**
   * Looks whether what the options name can be read, and changes nothing there; for `check-config --connect`. Not given where the
   * options say all that can be looked at. Fails with an `FcscopeError`.
   */
  check?(options: z.output<S>, about: { readonly source: string; readonly nowMs: () => number }): Promise<void>
}

/** Keeps the type of the options between their schema and `create`. */
export const defineSource = <S extends z.ZodObject>(definition: SourceDefinition<S>): SourceDefinition<S> => definition
