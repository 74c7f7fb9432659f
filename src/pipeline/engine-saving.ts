// When the engine's state is saved, and what may be let go once it is.
import type { Source } from '../model/source.ts'
import { snapshotFailed } from '../telemetry/events/worker.ts'
import type { StreamPosition, WorkerParts } from './worker-parts.ts'

/** Saves the engine between batches, one save at a time. */
export class EngineSaving {
  readonly #parts: WorkerParts
  #unsavedBytes = 0
  #hasUnsaved = false
  #savedMs: number
  #saving: Promise<void> | null = null
  /** Committed positions that no saved state of the engine is behind yet, by source and stream. */
  #unreleased: StreamPosition[]

  /** `positions`: as of the end of an earlier run. */
  constructor(parts: WorkerParts, positions: readonly StreamPosition[]) {
    this.#parts = parts
    this.#unreleased = [...positions]
    this.#savedMs = parts.nowMs()
  }

  /** A batch of so many bytes was committed. */
  afterCommit(batch: number, bytes: number, streams: readonly StreamPosition[]): void {
    const { times, nowMs } = this.#parts
    this.#unreleased.push(...streams)
    this.#unsavedBytes += bytes
    this.#hasUnsaved = true
    const isDue = this.#unsavedBytes >= times.snapshotBytes || nowMs() - this.#savedMs >= times.snapshotMs
    if (isDue && this.#saving === null) void this.#save(batch)
  }

  /** Waits for a save that is under way, and saves what none has seen. */
  async finish(batch: number): Promise<void> {
    await this.#saving
    if (this.#hasUnsaved) await this.#save(batch)
  }

  /** Saves the engine as of the last batch; what is committed while it is written counts as unsaved. */
  async #save(batch: number): Promise<void> {
    const { engine, state, log, nowMs, sources } = this.#parts
    const released = this.#unreleased
    this.#unreleased = []
    this.#unsavedBytes = 0
    this.#hasUnsaved = false
    this.#savedMs = nowMs()
    const saving = state.saveSnapshot(batch, engine.save()).then(
      () => release(released, sources),
      error => {
        this.#hasUnsaved = true
        this.#unreleased = [...released, ...this.#unreleased]
        snapshotFailed(log, { batch, reason: error instanceof Error ? error.message : String(error) })
      },
    )
    this.#saving = saving.finally(() => {
      this.#saving = null
    })
    await this.#saving
  }
}

/** What lies before these positions will not be read again, whatever happens. */
function release(positions: readonly StreamPosition[], all: readonly Source[]): void {
  const sources = new Map(all.map(source => [source.name, source]))
  for (const { source, stream } of positions) sources.get(source)?.release(stream.streamId, stream.position)
}
