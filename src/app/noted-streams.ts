// Tells the store, now and then, how streams are recognised: should the state be lost, the store still knows.
import type { StoredStream } from '../model/source.ts'
import type { StoreWriter } from '../model/store-connection.ts'
import { noteStreams } from '../store/known-streams.ts'

/** Between two notes: each is a small insert. */
const everyMs = 10_000

interface NotedStream {
  readonly source: string
  readonly stream: StoredStream
}

/** Collects what changed. A note that fails is made again with the next one: nothing depends on the newest being there. */
export class NotedStreams {
  readonly #store: StoreWriter
  readonly #nowMs: () => number
  #changed = new Map<string, NotedStream>()
  #notedMs = 0
  #noting: Promise<void> | null = null

  constructor(store: StoreWriter, nowMs: () => number) {
    this.#store = store
    this.#nowMs = nowMs
  }

  add(streams: readonly NotedStream[]): void {
    for (const noted of streams) this.#changed.set(`${noted.source} ${noted.stream.streamId}`, noted)
  }

  flushIfDue(): void {
    if (this.#nowMs() - this.#notedMs >= everyMs && this.#noting === null) void this.flush()
  }

  async flush(): Promise<void> {
    await this.#noting
    if (this.#changed.size === 0) return
    const changed = this.#changed
    this.#changed = new Map()
    this.#notedMs = this.#nowMs()
    this.#noting = noteStreams(this.#store, [...changed.values()]).catch(() => {
      this.#changed = new Map([...changed, ...this.#changed])
    })
    await this.#noting
    this.#noting = null
  }
}
