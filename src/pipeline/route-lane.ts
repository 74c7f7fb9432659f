// One partition of a source on its way to the topic: its batches, one transaction after the other, until each is there once.
import { Backoff } from '../lib/backoff.ts'
import type { PartitionedSource } from '../model/partitioned-source.ts'
import type { RouteTransactions } from '../model/route.ts'
import type { RouteBatch, RouteBatches } from './route-batch.ts'
import { type MessageRoom, messagesOf } from './route-messages.ts'
import type { RouteSlots } from './route-slots.ts'

/** How long to wait before trying again. */
export interface RouteRetry {
  readonly firstMs: number
  readonly maxMs: number
  /**
   * When somebody else writes under our name. Either the partition is theirs, and the source will say so by then; or the cluster
   * ended a transaction that took too long, and nobody will say anything.
   */
  readonly fencedMs: number
}

/** What a transaction was made of. */
export interface RouteDelivery {
  readonly lane: RouteLane
  readonly messages: number
  readonly bytes: number
  readonly seconds: number
}

export interface RouteLaneParts {
  readonly source: PartitionedSource
  readonly partition: string
  readonly transactions: RouteTransactions
  readonly slots: RouteSlots
  readonly batches: RouteBatches
  readonly maxMessageBytes: number
  readonly retry: RouteRetry
  readonly random: () => number
  /** True when the error says that somebody else writes under this name. */
  readonly isFenced: (error: unknown) => boolean
  /** The batch is in the topic. */
  readonly onDelivered: (batch: RouteBatch, delivery: RouteDelivery) => void
  /** Something failed, and is tried again. */
  readonly onFailed: (lane: RouteLane, failure: { reason: string; seconds: number }) => void
}

export class RouteLane {
  readonly source: PartitionedSource
  readonly partition: string
  readonly #parts: RouteLaneParts
  readonly #backoff: Backoff
  #isOpen = false
  #isOver = false
  /** All records before it are in the topic. */
  #from = Number.NEGATIVE_INFINITY
  /** What is being filled. */
  #filling: RouteBatch | null = null
  readonly #queue: RouteBatch[] = []
  #beginning: Promise<number | null> = Promise.resolve(null)
  #isDelivering = false
  #work: Promise<void> = Promise.resolve()
  #wakeUp: (() => void) | null = null
  /** The record that is read next. */
  next = Number.NaN
  /** A record was read in part. */
  isWithinRecord = false

  constructor(parts: RouteLaneParts) {
    this.#parts = parts
    this.source = parts.source
    this.partition = parts.partition
    this.#backoff = new Backoff({ ...parts.retry, random: parts.random })
  }

  /** Nothing of it matters any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  get isIdle(): boolean {
    return this.#filling === null && this.#queue.length === 0
  }

  /** What was sent is not all in the topic yet. */
  get isSending(): boolean {
    return this.#queue.length > 0
  }

  /** Bytes that wait here. */
  get bytes(): number {
    return this.#queue.reduce((sum, batch) => sum + batch.length, this.#filling?.length ?? 0)
  }

  /** When what is being filled was begun; infinite when nothing is. */
  get openedMs(): number {
    return this.#filling?.openedMs ?? Number.POSITIVE_INFINITY
  }

  get fillingBytes(): number {
    return this.#filling?.length ?? 0
  }

  /** Makes us the only one who writes for this partition. Resolves as {@link RouteTransactions.open}; null when the lane is over. */
  begin(): Promise<number | null> {
    this.#beginning = this.#begin()
    return this.#beginning
  }

  async #begin(): Promise<number | null> {
    while (!this.#isOver) {
      const beganMs = performance.now()
      try {
        return await this.#open()
      } catch (error) {
        await this.#fail(error, beganMs)
      }
    }
    return null
  }

  /** What the next lines go into. */
  batch(nowMs: number): RouteBatch {
    this.#filling ??= this.#parts.batches.take(nowMs)
    return this.#filling
  }

  /** What was filled goes out, unless it ends within a record; with `isLast` it goes out without the beginning of that one. */
  send(isLast: boolean): void {
    const batch = this.#filling
    if (batch === null || (this.isWithinRecord && !isLast)) return
    this.#filling = null
    batch.next = this.next
    batch.dropFrom(batch.next)
    this.#queue.push(batch)
    if (!this.#isDelivering) this.#work = this.#deliver()
  }

  /** Resolves when everything that was sent is in the topic, or the lane is over. */
  async settled(): Promise<void> {
    await this.#work
  }

  /** Nothing more goes out; what is under way may still succeed. Resolves when that is decided. */
  async end(): Promise<void> {
    this.#isOver = true
    this.#queue.length = 0
    this.#filling = null
    this.#wakeUp?.()
    await this.#beginning
    await this.#work
    await this.#parts.transactions.close()
  }

  async #open(): Promise<number | null> {
    const committed = await this.#parts.transactions.open()
    this.#isOpen = true
    this.#from = Math.max(this.#from, committed ?? Number.NEGATIVE_INFINITY)
    return committed
  }

  async #deliver(): Promise<void> {
    this.#isDelivering = true
    for (let batch = this.#queue[0]; batch !== undefined && !this.#isOver; batch = this.#queue[0]) {
      const beganMs = performance.now()
      try {
        await this.#deliverOne(batch, beganMs)
      } catch (error) {
        await this.#fail(error, beganMs)
      }
    }
    // Here and not behind the promise: what is sent before somebody hears of its end would wait for ever.
    this.#isDelivering = false
  }

  async #deliverOne(batch: RouteBatch, beganMs: number): Promise<void> {
    const { slots, batches, onDelivered } = this.#parts
    if (!this.#isOpen) await this.#open()
    const { messages, bytes } = await slots.use(room => this.#commit(batch, room))
    this.#backoff.reset()
    if (this.#isOver) return
    this.#queue.shift()
    onDelivered(batch, { lane: this, messages, bytes, seconds: (performance.now() - beganMs) / 1000 })
    batches.giveBack(batch)
  }

  /** What a transaction of which we heard nothing more has brought there, or somebody else has, is left out. */
  async #commit(batch: RouteBatch, room: MessageRoom): Promise<{ messages: number; bytes: number }> {
    const { transactions, maxMessageBytes } = this.#parts
    if (batch.next <= this.#from || this.#isOver) return { messages: 0, bytes: 0 }
    const messages = messagesOf(batch, { from: this.#from, maxBytes: maxMessageBytes, room })
    await transactions.commit(messages, batch.next)
    this.#from = batch.next
    return { messages: messages.length, bytes: messages.reduce((sum, { value }) => sum + value.length, 0) }
  }

  async #fail(error: unknown, beganMs: number): Promise<void> {
    this.#isOpen = false
    if (this.#isOver) return
    const { isFenced, onFailed, retry } = this.#parts
    const reason = error instanceof Error ? error.message : String(error)
    onFailed(this, { reason, seconds: (performance.now() - beganMs) / 1000 })
    await this.#pause(isFenced(error) ? retry.fencedMs : this.#backoff.nextMs())
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wakeUp = null
  }
}
