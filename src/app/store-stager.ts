// Stages a batch for the store: its lines and the attempts that were given out in it.
import type { Delivery } from '../model/delivery.ts'
import type { BatchRows } from '../pipeline/engine.ts'
import type { Stager } from '../pipeline/worker-parts.ts'
import type { AttemptRows } from '../sinks/clickhouse/attempt-rows.ts'
import type { ClickHouseSink } from '../sinks/clickhouse/clickhouse-sink.ts'
import type { StoredLines } from './stored-lines.ts'

/** `stored`: null when nothing that is read can be in the store already. */
export class StoreStager implements Stager {
  readonly #sink: ClickHouseSink
  readonly #attempts: AttemptRows
  #stored: StoredLines | null

  constructor(parts: { sink: ClickHouseSink; attempts: AttemptRows; stored: StoredLines | null }) {
    this.#sink = parts.sink
    this.#attempts = parts.attempts
    this.#stored = parts.stored
  }

  stage(batch: { batch: number; storedMs: number }, rows: BatchRows): Delivery[] | Promise<Delivery[]> {
    const { lines, owners } = rows
    const others = [...this.#sink.stageAttempts(batch, this.#attempts), ...this.#sink.stageOwners(batch, owners)]
    if (this.#stored === null) return [...others, ...this.#sink.stageLines(batch, lines)]
    return this.#stageNew(batch, lines, others)
  }

  async #stageNew(
    batch: { batch: number; storedMs: number },
    lines: BatchRows['lines'],
    others: readonly Delivery[],
  ): Promise<Delivery[]> {
    const fresh = (await this.#stored?.withoutStored(lines)) ?? lines
    if (this.#stored?.isDone) this.#stored = null
    return [...others, ...this.#sink.stageLines(batch, fresh)]
  }

  clear(): void {
    this.#attempts.clear()
  }
}
