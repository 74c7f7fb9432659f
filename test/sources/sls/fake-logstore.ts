// A Logstore in memory: shards with cursors, LogGroups, splits, and data that is deleted by and by.
import { writeGroup } from './decode/write-log-groups.ts'

export interface FakeLog {
  readonly id: string
  readonly message: string
}

/** Raised by what the real service refuses with this code. */
export class FakeRefusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

interface StoredGroup {
  readonly bytes: Buffer
  readonly logs: readonly FakeLog[]
}

export const encodeCursor = (value: bigint): string => Buffer.from(String(value)).toString('base64')
const decodeCursor = (cursor: string): bigint => BigInt(Buffer.from(cursor, 'base64').toString())

const serializeLogs = (logs: readonly FakeLog[]): Buffer =>
  writeGroup({
    topic: 'FCLogs:fn',
    source: '10.0.0.1',
    tags: [],
    logs: logs.map(({ id, message }) => ({
      time: 1_700_000_000,
      contents: [
        ['id', id],
        ['message', message],
      ],
    })),
  })

export class FakeShard {
  readonly id: number
  readonly parents: readonly number[]
  readonly #groups: StoredGroup[] = []
  /** The cursor of the first LogGroup that ever was. */
  readonly base: bigint
  isReadonly = false
  /** LogGroups before it are deleted. */
  first = 0

  constructor(id: number, parents: readonly number[]) {
    this.id = id
    this.parents = parents
    this.base = 1_700_000_000_000_000_000n + BigInt(id) * 1_000_000_007n
  }

  get total(): number {
    return this.#groups.length
  }

  put(logs: readonly FakeLog[]): void {
    if (this.isReadonly) throw new Error(`shard ${this.id} is readonly`)
    this.#groups.push({ bytes: serializeLogs(logs), logs })
  }

  cursorAt(index: number): string {
    return encodeCursor(this.base + BigInt(index))
  }

  /** Where a cursor stands; refuses those of what is deleted or not there yet. */
  indexOf(cursor: string): number {
    const index = Number(decodeCursor(cursor) - this.base)
    if (index < this.first || index > this.total) throw new FakeRefusal(400, 'InvalidCursor')
    return index
  }

  /** `keeps`: of which logs a query keeps; null: there is no query. */
  pull(range: { from: number; end: number; count: number; keeps: ((log: FakeLog) => boolean) | null }): {
    body: Buffer
    groups: number
    next: number
  } {
    const { from, end, count, keeps } = range
    const next = Math.max(from, Math.min(from + count, end, this.total))
    const pulled = this.#groups.slice(from, next)
    const parts =
      keeps === null
        ? pulled.map(({ bytes }) => bytes)
        : pulled
            .map(({ logs }) => logs.filter(keeps))
            .filter(logs => logs.length > 0)
            .map(serializeLogs)
    return { body: Buffer.concat(parts), groups: parts.length, next }
  }
}

export class FakeLogstore {
  readonly shards = new Map<number, FakeShard>()

  constructor(count: number) {
    for (let id = 0; id < count; id += 1) this.shards.set(id, new FakeShard(id, []))
  }

  shard(id: number): FakeShard {
    const shard = this.shards.get(id)
    if (shard === undefined) throw new FakeRefusal(400, 'ShardNotExist')
    return shard
  }

  /** Two new shards; the old one can be read to its end. */
  split(id: number): readonly FakeShard[] {
    this.shard(id).isReadonly = true
    return [this.#add([id]), this.#add([id])]
  }

  merge(one: number, other: number): FakeShard {
    for (const id of [one, other]) this.shard(id).isReadonly = true
    return this.#add([one, other])
  }

  #add(parents: readonly number[]): FakeShard {
    const shard = new FakeShard(Math.max(...this.shards.keys()) + 1, parents)
    this.shards.set(shard.id, shard)
    return shard
  }
}
