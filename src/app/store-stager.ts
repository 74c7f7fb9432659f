// Stages a batch for the store: its lines and the attempts that were given out in it.
import { rmSync } from 'node:fs'
import type { Delivery } from '../model/delivery.ts'
import type { BatchRows } from '../pipeline/engine.ts'
import type { Stager } from '../pipeline/worker-parts.ts'
import type { AttemptRows } from '../sinks/clickhouse/attempt-rows.ts'
import type { ClickHouseSink } from '../sinks/clickhouse/clickhouse-sink.ts'
import type { StoredLines } from './stored-lines.ts'

export class StoreStager implements Stager {
  readonly #sink: ClickHouseSink
  readonly #attempts: AttemptRows
  readonly #stored: StoredLines

  constructor(parts: { sink: ClickHouseSink; attempts: AttemptRows; stored: StoredLines }) {
    this.#sink = parts.sink
    this.#attempts = parts.attempts
    this.#stored = parts.stored
  }

  async stage(batch: { batch: number; storedMs: number }, rows: BatchRows): Promise<Delivery[]> {
    const { lines, owners } = rows
    const staged: Delivery[] = []
    try {
      const fresh = await this.#stored.withoutStored(lines)
      staged.push(...this.#sink.stageAttempts(batch, this.#attempts))
      staged.push(...this.#sink.stageOwners(batch, owners))
      staged.push(...this.#sink.stageLines(batch, fresh))
      staged.push(...this.#sink.stageIds(batch, this.#attempts))
      return staged
    } catch (error) {
      for (const { file } of staged) rmSync(file, { force: true })
      throw error
    }
  }

  clear(): void {
    this.#attempts.clear()
    this.#stored.committed()
  }
}
