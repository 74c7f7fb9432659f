// Brings the engine to where it was when the last batch was committed: the saved state, then the batches behind it gone through
// again, from the same bytes and with the same times. Their rows are not made again: they are stored, or wait on disk.
import type { BatchStep } from '../model/batch-commit.ts'
import type { Source } from '../model/source.ts'
import { replayGap } from '../telemetry/events/worker.ts'
import type { Log } from '../telemetry/log.ts'
import type { Engine } from './engine.ts'

/** Goes through batches again. */
export class Recovery {
  readonly #engine: Engine
  readonly #sources: ReadonlyMap<string, Source>
  readonly #log: Log
  readonly #clearRows: () => void
  /** Bytes that were read again. */
  bytes = 0

  /** `clearRows`: forgets what was collected for a batch, by the engine and by whoever it hands rows to; then it is not full. */
  constructor(parts: { engine: Engine; sources: readonly Source[]; log: Log; clearRows: () => void }) {
    this.#engine = parts.engine
    this.#clearRows = parts.clearRows
    this.#sources = new Map(parts.sources.map(source => [source.name, source]))
    this.#log = parts.log
  }

  /** One batch; rows and dead letters of it are dropped. */
  async replay(steps: readonly BatchStep[]): Promise<void> {
    const engine = this.#engine
    for (const step of steps) {
      if (step[0] === 'time') engine.setTime(step[1])
      else if (step[0] === 'give') engine.giveDue()
      else if (step[0] === 'giveClosed') engine.giveClosed()
      else if (step[0] === 'giveAll') engine.giveAll()
      else if (step[0] === 'goOn') engine.goOn(step[1], step[2])
      else await this.#takeAgain(step)
    }
    this.#clearRows()
  }

  /** What was read and is no whole line yet stays in front of what is read next: a source is read once, from front to back. */
  async #takeAgain([, name, streamId, from, to]: Extract<BatchStep, readonly ['take', ...unknown[]]>): Promise<void> {
    const source = this.#sources.get(name)
    const engine = this.#engine
    const { window } = engine
    const format = source?.formatOf?.(streamId) ?? source?.format ?? 'auto'
    let position = from
    let length = 0
    // Every byte of the range was taken: what is left of it in the end is a last line without a line end.
    let isLast = false
    while (source !== undefined && position < to) {
      const wanted = Math.min(window.length - length, to - position - length)
      const read =
        wanted === 0 ? 0 : await source.readAgain(streamId, position + length, window.subarray(length), wanted)
      if (wanted > 0 && read === 0) break
      length += read
      const stream = { id: streamId, label: '' }
      const taken = engine.take({ stream, position, length, isLast }, format, name)
      this.bytes += taken
      position += taken
      length -= taken
      window.copyWithin(0, taken, taken + length)
      const isWhole = position + length === to
      if (engine.isFull) this.#clearRows()
      else if (taken === 0 && (isLast || (wanted === 0 && !isWhole))) break
      else isLast = isWhole
    }
    if (position < to) replayGap(this.#log, { source: name, stream: streamId, from: position, to })
  }
}
