// The streams that are being watched, one per instance (docs/semantics.md §2).
import type { FunctionConfig } from '../model/function-config.ts'
import { RecordOrigin } from '../model/record-origin.ts'
import { type SavedStream, StreamState } from './stream-state.ts'

/** Streams that are remembered. When there are more, the one that was made first is forgotten; its attempts stay. */
const maxStreams = 32_768

/** Origins whose stream is remembered; a cache, emptied when full. */
const maxOrigins = 16_384

/** Of text nothing is known. */
export const unknownOrigin = new RecordOrigin({
  functionName: null,
  serviceName: null,
  qualifier: null,
  versionId: null,
  instanceID: null,
})

/** The remembered streams of rows in a snapshot, the one met first in front. */
export interface SavedStreams {
  readonly made: number
  readonly rows: readonly { readonly key: string; readonly stream: SavedStream }[]
}

/** Finds the stream of a row's origin. */
export class Streams {
  readonly #configOf: (origin: RecordOrigin) => FunctionConfig | null
  readonly #onText: (stream: StreamState) => void
  readonly #byKey = new Map<string, StreamState>()
  readonly #byOrigin = new Map<RecordOrigin, StreamState>()
  #made = 0
  /**
   * The partition that records come from now; empty for what is always ours. All of an instance's records should come from one:
   * what is known of it goes when that goes.
   */
  home = ''
  #lastOrigin: RecordOrigin | null = null
  #lastStream: StreamState | null = null

  constructor(configOf: (origin: RecordOrigin) => FunctionConfig | null, onText: (stream: StreamState) => void) {
    this.#configOf = configOf
    this.#onText = onText
  }

  /** A new stream for one text file: an instance that nobody knows. `key` names it in identities; its number does when left out. */
  ofText(key?: string): StreamState {
    const number = this.#made++
    const stream = new StreamState({
      number,
      key: key ?? `${number}`,
      origin: unknownOrigin,
      config: this.#configOf(unknownOrigin),
      instanceKnown: false,
      ordered: true,
    })
    stream.home = this.home
    this.#onText(stream)
    return stream
  }

  /** The stream of rows of this origin. Rows of one instance share it whatever version or alias they name. */
  of(origin: RecordOrigin): StreamState {
    if (origin === this.#lastOrigin && this.#lastStream !== null) {
      this.#lastStream.home = this.home
      return this.#lastStream
    }
    const stream = this.#byOrigin.get(origin) ?? this.#lookUp(origin)
    this.#lastOrigin = origin
    this.#lastStream = stream
    stream.home = this.home
    return stream
  }

  #lookUp(origin: RecordOrigin): StreamState {
    const key = JSON.stringify([origin.serviceName, origin.functionName, origin.instanceID])
    let stream = this.#byKey.get(key)
    if (stream === undefined) {
      stream = new StreamState({
        number: this.#made++,
        key: '',
        origin,
        config: this.#configOf(origin),
        instanceKnown: origin.instanceID !== null,
        ordered: false,
      })
      this.#byKey.set(key, stream)
      if (this.#byKey.size > maxStreams) this.#forgetOldest()
    }
    if (this.#byOrigin.size >= maxOrigins) this.#byOrigin.clear()
    this.#byOrigin.set(origin, stream)
    return stream
  }

  /** Forgets the streams of rows that came from these homes. */
  forget(isGone: (home: string) => boolean): void {
    for (const [key, stream] of this.#byKey) if (isGone(stream.home)) this.#byKey.delete(key)
    this.#byOrigin.clear()
    this.#lastOrigin = null
    this.#lastStream = null
  }

  save(): SavedStreams {
    const rows = [...this.#byKey].map(([key, stream]) => ({ key, stream: stream.save() }))
    return { made: this.#made, rows }
  }

  /** Puts back what {@link save} gave; to be called before anything else. */
  load(saved: SavedStreams): void {
    this.#made = saved.made
    for (const { key, stream } of saved.rows) this.#byKey.set(key, this.restore(stream))
  }

  /** All remembered streams of rows. */
  all(): Iterable<StreamState> {
    return this.#byKey.values()
  }

  /** A stream of a snapshot that is not among the remembered ones: a text stream, or one whose attempts are all that is left. */
  restore(saved: SavedStream): StreamState {
    const { number, key, instanceKnown, ordered } = saved
    const origin = new RecordOrigin(saved.origin)
    const stream = new StreamState({ number, key, origin, config: this.#configOf(origin), instanceKnown, ordered })
    stream.load(saved)
    if (ordered) this.#onText(stream)
    return stream
  }

  #forgetOldest(): void {
    for (const [key, stream] of this.#byKey) {
      this.#byKey.delete(key)
      // The origin cache would bring the forgotten stream back beside a new one of the same instance.
      this.#byOrigin.clear()
      stream.pending = null
      return
    }
  }
}
