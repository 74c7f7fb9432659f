// Tells lines that are stored the ids of their attempt, as far as the store can change rows at all.
import type { Delivery } from '../../model/delivery.ts'
import { StoreError, type StoreWriter } from '../../model/store-connection.ts'
import { lineIdsKept } from '../../telemetry/events/delivery.ts'
import type { Log } from '../../telemetry/log.ts'
import { bindingStatements, readLineIds } from './line-ids.ts'

/** So long, and so often, a store that answers otherwise is asked for one update; the rest of what is to be delivered waits behind it. */
const patienceMs = 60_000
const patienceTries = 5

export class LineBinding {
  readonly #store: StoreWriter
  readonly #sink: string
  readonly #nowMs: () => number
  readonly #log: Log
  #isTold = false
  /** The delivery that fails, since when and how often. */
  #failing: { readonly file: string; readonly sinceMs: number; tries: number } | null = null

  constructor(parts: { store: StoreWriter; sink: string; nowMs: () => number; log: Log }) {
    this.#store = parts.store
    this.#sink = parts.sink
    this.#nowMs = parts.nowMs
    this.#log = parts.log
  }

  /**
   * Runs the updates of a file. A server that is too old, where nobody may change rows, or that does not get it done is no reason to
   * deliver nothing more: lines keep the ids they have, which is said once. Fails with a `StoreError` when it should be tried again.
   */
  async bind({ file, batch, rows, storedMs }: Delivery): Promise<void> {
    try {
      for (const statement of bindingStatements(readLineIds(file), storedMs)) await this.#store.run(statement)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      if (error.isTransient && !(await this.#isHopeless(file))) throw error
      if (!this.#isTold) lineIdsKept(this.#log, { sink: this.#sink, batch, attempts: rows, reason: error.message })
      this.#isTold = true
    }
    this.#failing = null
  }

  /** A store that is away answers nothing; one that answers, but not this, for long enough, never will. */
  async #isHopeless(file: string): Promise<boolean> {
    try {
      await this.#store.query({ sql: 'SELECT 1' })
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      this.#failing = null
      return false
    }
    if (this.#failing?.file !== file) this.#failing = { file, sinceMs: this.#nowMs(), tries: 0 }
    this.#failing.tries += 1
    return this.#failing.tries >= patienceTries && this.#nowMs() - this.#failing.sinceMs >= patienceMs
  }
}
