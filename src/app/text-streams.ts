// The streams of text that the worker reads, by the ids of their sources.
import type { Reconstructor } from '../reconstruct/reconstructor.ts'
import type { StreamState } from '../reconstruct/stream-state.ts'

/** Streams that are done and may still get late lines; then the one that was done first is forgotten. */
const maxDone = 1024

/** What has to survive: ids and numbers of streams, and those in a special state. */
export interface SavedTextStreams {
  readonly numbers: readonly (readonly [string, number])[]
  readonly skipping: readonly string[]
  readonly done: readonly string[]
}

/** Finds streams by id. */
export class TextStreams {
  readonly #reconstructor: Reconstructor
  readonly #byId = new Map<string, StreamState>()
  /** Streams that stand in the middle of a line that is too long. */
  readonly #skipping = new Set<string>()
  readonly #done = new Set<string>()

  constructor(reconstructor: Reconstructor) {
    this.#reconstructor = reconstructor
  }

  /** The stream of an id, made if it is new. */
  of(id: string): StreamState {
    let stream = this.#byId.get(id)
    if (stream === undefined) {
      stream = this.#reconstructor.streams.ofText(id)
      this.#byId.set(id, stream)
    }
    return stream
  }

  /** What is open on the stream `from` stays open on `to`. False when the first is not known or the second is. */
  goOn(from: string, to: string): boolean {
    const stream = this.#byId.get(from)
    if (stream === undefined || this.#byId.has(to)) return false
    this.#byId.set(to, stream)
    stream.goOn(to)
    return true
  }

  all(): Iterable<StreamState> {
    return new Set(this.#byId.values())
  }

  isSkipping(id: string): boolean {
    return this.#skipping.has(id)
  }

  setSkipping(id: string, isSkipping: boolean): void {
    if (isSkipping) this.#skipping.add(id)
    else this.#skipping.delete(id)
  }

  /** Nothing more comes from a stream: it is kept for a while, and then only its attempts know it. */
  setDone(id: string): void {
    if (!this.#byId.has(id)) return
    this.#done.add(id)
    if (this.#done.size <= maxDone) return
    for (const oldest of this.#done) {
      this.#forget(oldest)
      return
    }
  }

  /** Nothing of these homes is ours any more. */
  forget(isGone: (home: string) => boolean): void {
    for (const [id, { home }] of this.#byId) if (isGone(home)) this.#forget(id)
  }

  #forget(id: string): void {
    this.#done.delete(id)
    this.#skipping.delete(id)
    const stream = this.#byId.get(id)
    this.#byId.delete(id)
    const goesOn = [...this.#byId.values()].includes(stream as StreamState)
    if (stream !== undefined && !goesOn) this.#reconstructor.parts.attempts.table.forgetTextStream(stream)
  }

  save(): SavedTextStreams {
    return {
      numbers: [...this.#byId].map(([id, { number }]) => [id, number]),
      skipping: [...this.#skipping],
      done: [...this.#done],
    }
  }

  /** `streams`: those that came back with the engine. */
  load(saved: SavedTextStreams, streams: readonly StreamState[]): void {
    const byNumber = new Map(streams.map(stream => [stream.number, stream]))
    for (const [id, number] of saved.numbers) {
      const stream = byNumber.get(number)
      if (stream !== undefined) this.#byId.set(id, stream)
    }
    for (const id of saved.skipping) this.#skipping.add(id)
    for (const id of saved.done) this.#done.add(id)
  }
}
