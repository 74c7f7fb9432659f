// The last records of shards that have ended and that the group gives to nobody any more: read once more after a restart, for what
// began there and goes on in the shards that came out of them.
import { setTimeout as wait } from 'node:timers/promises'
import { SlsError } from './client/sls-api.ts'
import type { ReadShard } from './held-shard.ts'
import { RetryWaits } from './pull-pace.ts'
import { ShardNumbers } from './shard-numbers.ts'
import { type ReaderShared, ShardReader } from './shard-reader.ts'
import { ShardShelf } from './shard-shelf.ts'

export interface TailsParts {
  readonly shared: ReaderShared
  readonly project: string
  readonly logstore: string
}

/** One of them. Without a shelf until it is known where it begins. */
interface Tail extends ReadShard {
  shelf: ShardShelf | null
  reader: ShardReader | null
}

/** All of them; nothing else is read before they are done. */
export class ShardTails {
  readonly #parts: TailsParts
  readonly #tails = new Set<Tail>()
  readonly #ending = new AbortController()

  constructor(parts: TailsParts) {
    this.#parts = parts
  }

  /** Everything was given. */
  get isEmpty(): boolean {
    for (const tail of this.#tails) {
      if (tail.shelf?.hasRecords !== false || tail.reader?.isDone !== true) continue
      tail.shelf.drop()
      this.#tails.delete(tail)
    }
    return this.#tails.size === 0
  }

  begin(partition: string, from: number, to: number): void {
    const tail: Tail = { shard: Number(partition), shelf: null, reader: null }
    this.#tails.add(tail)
    void this.#read(tail, from, to).catch(error => {
      if (!this.#ending.signal.aborted) this.#parts.shared.onFailure(error)
    })
  }

  /** The group gave it to us after all. */
  cancel(partition: string): void {
    for (const tail of this.#tails) {
      if (tail.shard !== Number(partition)) continue
      tail.shelf?.drop()
      this.#tails.delete(tail)
    }
  }

  /** One that has something. */
  next(): ReadShard | null {
    for (const tail of this.#tails) if (tail.shelf?.hasRecords === true) return tail
    return null
  }

  stop(): void {
    this.#ending.abort()
    for (const { shelf } of this.#tails) shelf?.drop()
    this.#tails.clear()
  }

  async #read(tail: Tail, from: number, to: number): Promise<void> {
    const { shared } = this.#parts
    const { shard } = tail
    const numbers = await this.#numbersOf(shard)
    if (!this.#tails.has(tail)) return
    const first = Math.max(from, numbers?.first ?? to)
    if (numbers === null || first >= to) {
      this.#tails.delete(tail)
      shared.onChange()
      return
    }
    const { signal } = this.#ending
    const shelf = new ShardShelf({ partition: String(shard), numbers, from: first, stops: [to] })
    tail.shelf = shelf
    tail.reader = new ShardReader({ shared, shard, numbers, shelf, target: to, signal })
    await tail.reader.run()
    shared.onChange()
  }

  /** Null when the shard is gone. */
  async #numbersOf(shard: number): Promise<ShardNumbers | null> {
    const { shared, project, logstore } = this.#parts
    const { signal } = this.#ending
    const waits = new RetryWaits(shared.random)
    for (;;) {
      try {
        const oldest = await shared.api.getCursor(shard, 'begin', signal)
        return new ShardNumbers({ source: shared.source, project, logstore, shard }, oldest)
      } catch (error) {
        if (!(error instanceof SlsError)) throw error
        if (error.kind === 'shardGone') return null
        shared.troubles.failed('lookup', error, shard)
        await wait(waits.nextMs(error.kind), undefined, { signal })
      }
    }
  }
}
