// A consumer group as the service keeps it: leases, who has which shard, hand-over, checkpoints (facts §3.2, §3.3).
import { type FakeLogstore, FakeRefusal } from './fake-logstore.ts'

interface Consumer {
  aliveMs: number
}

interface Place {
  owner: string | null
  /** Who gets it when its owner does not report it any more. */
  next: string | null
  checkpoint: string
}

export class FakeGroup {
  readonly #logstore: FakeLogstore
  readonly #nowMs: () => number
  readonly #consumers = new Map<string, Consumer>()
  readonly #places = new Map<number, Place>()
  /** Shards that each consumer reported with its last heartbeat. */
  readonly reported = new Map<string, readonly number[]>()
  timeoutMs: number
  isOrdered: boolean
  /** Checkpoints in the order in which they came. */
  readonly written: { consumer: string; shard: number; index: number }[] = []

  constructor(logstore: FakeLogstore, settings: { timeout: number; order: boolean }, nowMs: () => number) {
    this.#logstore = logstore
    this.#nowMs = nowMs
    this.timeoutMs = settings.timeout * 1000
    this.isOrdered = settings.order
  }

  get consumers(): readonly string[] {
    return [...this.#consumers.keys()]
  }

  heartbeat(consumer: string, shards: readonly number[]): number[] {
    this.#expire()
    const known = this.#consumers.get(consumer)
    if (known === undefined && shards.length > 0) throw new FakeRefusal(400, 'NotExistConsumerWithBody')
    const before = this.reported.get(consumer) ?? []
    this.#consumers.set(consumer, { aliveMs: this.#nowMs() })
    this.reported.set(consumer, shards)
    if (known !== undefined && shards.length === 0 && before.some(id => this.#place(id).next === null)) {
      this.forget(consumer)
      this.#share()
      return []
    }
    for (const place of this.#placesOf(consumer, shards))
      if (place.next !== null) Object.assign(place, { owner: place.next, next: null })
    this.#share()
    return this.#ids().filter(id => this.#place(id).owner === consumer && this.#place(id).next === null)
  }

  /** As after a time without heartbeats. */
  forget(consumer: string): void {
    this.#consumers.delete(consumer)
    this.reported.delete(consumer)
    for (const place of this.#places.values()) {
      if (place.owner === consumer) Object.assign(place, { owner: place.next, next: null })
      if (place.next === consumer) place.next = null
    }
  }

  writeCheckpoint(write: { consumer: string; shard: number; checkpoint: string; isForced: boolean }): void {
    const { consumer, shard, checkpoint, isForced } = write
    this.#expire()
    const place = this.#place(shard)
    if (!isForced && !this.#consumers.has(consumer)) throw new FakeRefusal(400, 'ConsumerNotExsit')
    if (!isForced && place.owner !== consumer) throw new FakeRefusal(400, 'ConsumerNotMatch')
    place.checkpoint = checkpoint
    this.written.push({ consumer, shard, index: this.#logstore.shard(shard).indexOf(checkpoint) })
  }

  checkpoints(shard: number | null): { shard: number; checkpoint: string; updateTime: number; consumer: string }[] {
    return this.#ids()
      .filter(id => shard === null || id === shard)
      .map(id => ({ shard: id, checkpoint: this.#place(id).checkpoint, updateTime: 0, consumer: '' }))
  }

  /** A LogGroup's index; null: there is none that is one's. */
  checkpointOf(shard: number): number | null {
    const { checkpoint } = this.#place(shard)
    const place = this.#logstore.shard(shard)
    const index = Array.from({ length: place.total + 1 }, (_, at) => place.cursorAt(at)).indexOf(checkpoint)
    return index < 0 ? null : index
  }

  /** Of another tool. */
  setCheckpoint(shard: number, cursor: string): void {
    this.#place(shard).checkpoint = cursor
  }

  ownerOf(shard: number): string | null {
    return this.#place(shard).owner
  }

  #ids(): number[] {
    return [...this.#logstore.shards.keys()]
  }

  #place(shard: number): Place {
    const place = this.#places.get(shard) ?? { owner: null, next: null, checkpoint: '' }
    this.#places.set(shard, place)
    return place
  }

  #placesOf(consumer: string, except: readonly number[]): Place[] {
    return this.#ids()
      .filter(id => !except.includes(id) && this.#place(id).owner === consumer)
      .map(id => this.#place(id))
  }

  #expire(): void {
    for (const [name, { aliveMs }] of this.#consumers) if (this.#nowMs() - aliveMs > this.timeoutMs) this.forget(name)
  }

  #isOver(id: number): boolean {
    const shard = this.#logstore.shards.get(id)
    return shard === undefined || (shard.isReadonly && this.#place(id).checkpoint === shard.cursorAt(shard.total))
  }

  #waits(id: number): boolean {
    return this.isOrdered && this.#logstore.shard(id).parents.some(parent => !this.#isOver(parent))
  }

  /** Gives out what nobody has, and moves shards until nobody has two more than another. */
  #share(): void {
    const names = this.consumers
    if (names.length === 0) return
    const open = this.#ids().filter(id => !this.#isOver(id))
    for (const id of this.#ids()) if (!open.includes(id)) Object.assign(this.#place(id), { owner: null, next: null })
    const ownedBy = (name: string): number[] =>
      open.filter(id => (this.#place(id).next ?? this.#place(id).owner) === name)
    const byLoad = (): string[] => names.toSorted((a, b) => ownedBy(a).length - ownedBy(b).length)
    for (const id of open) {
      const place = this.#place(id)
      if (place.owner === null && !this.#waits(id)) place.owner = byLoad()[0]!
    }
    for (;;) {
      const sorted = byLoad()
      const least = sorted[0]!
      const most = sorted.at(-1)!
      if (ownedBy(most).length - ownedBy(least).length <= 1) return
      const moved = ownedBy(most).findLast(id => this.#place(id).next === null)
      if (moved === undefined) return
      this.#place(moved).next = least
    }
  }
}
