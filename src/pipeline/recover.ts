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
  /** Bytes that were read again. */
  bytes = 0

  constructor(parts: { engine: Engine; sources: readonly Source[]; log: Log }) {
    this.#engine = parts.engine
    this.#sources = new Map(parts.sources.map(source => [source.name, source]))
    this.#log = parts.log
  }

  /** One batch; rows and dead letters of it are dropped. */
  async replay(steps: readonly BatchStep[]): Promise<void> {
    const engine = this.#engine
    for (const step of steps) {
      if (step[0] === 'time') engine.setTime(step[1])
      else if (step[0] === 'give') engine.giveDue()
      else if (step[0] === 'giveAll') engine.giveAll()
      else if (step[0] === 'goOn') engine.goOn(step[1], step[2])
      else await this.#takeAgain(step)
    }
    engine.clearRows()
  }

  async #takeAgain([, name, streamId, from, to]: Extract<BatchStep, readonly ['take', ...unknown[]]>): Promise<void> {
    const source = this.#sources.get(name)
    let position = from
    while (source !== undefined && position < to) {
      const engine = this.#engine
      const reading = source.readAgain(streamId, position, engine.window, Math.min(engine.window.length, to - position))
      const length = typeof reading === 'number' ? reading : await reading
      if (length === 0) break
      const taken = this.#take({ source, streamId, position, length, isWhole: position + length === to })
      this.bytes += taken
      position += taken
      if (taken === 0 && !engine.isFull) break
      if (engine.isFull) engine.clearRows()
    }
    if (position < to) replayGap(this.#log, { source: name, stream: streamId, from: position, to })
  }

  /** Every byte of the range was taken: what is left of the last piece is a last line without a line end. */
  #take(piece: { source: Source; streamId: string; position: number; length: number; isWhole: boolean }): number {
    const { source, streamId, position, length, isWhole } = piece
    const engine = this.#engine
    const stream = { id: streamId, label: '' }
    const taken = engine.take({ stream, position, length, isLast: false }, source.format)
    if (taken === length || !isWhole || engine.isFull) return taken
    engine.window.copyWithin(0, taken, length)
    const rest = { stream, position: position + taken, length: length - taken, isLast: true }
    return taken + engine.take(rest, source.format)
  }
}
