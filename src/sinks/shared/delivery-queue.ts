// Brings files to one sink, oldest first, until each is there. A sink that is down holds up nothing but its own files: they wait
// on disk, up to a bound.
import { rmSync } from 'node:fs'
import { Backoff } from '../../lib/backoff.ts'
import { type Delivery, DeliveryPostponed, type DeliverySink } from '../../model/delivery.ts'
import { deliveryFailed, deliveryRecovered, spillFull } from '../../telemetry/events/delivery.ts'
import type { Log } from '../../telemetry/log.ts'

/** Files that may wait while the sink is well: enough to keep it busy, few enough to keep the disk quiet. */
const maxHealthyFiles = 6

const firstRetryMs = 250
const maxRetryMs = 30_000

export interface DeliveryQueueParts {
  readonly sink: DeliverySink
  /** Bytes of files that may wait while the sink is down. */
  readonly maxBytes: number
  /** Called when a file has reached the sink, before it is removed. */
  readonly onDelivered: (delivery: Delivery) => void
  readonly onTry: (result: { ok: boolean; seconds: number }) => void
  readonly log: Log
  readonly nowMs: () => number
  readonly random: () => number
}

interface Entry {
  readonly delivery: Delivery
  mayBeThere: boolean
  isUnderWay: boolean
  /** Streams whose lines somebody else delivers. */
  excluded: readonly string[]
}

/** The deliveries of one sink. */
export class DeliveryQueue {
  readonly #parts: DeliveryQueueParts
  readonly #backoff: Backoff
  readonly #abort = new AbortController()
  readonly #waiting: Entry[] = []
  #bytes = 0
  #isFailing = false
  #failingSinceMs = 0
  #isFullTold = false
  readonly #couriers = new Set<Promise<void>>()
  /** Couriers that will look for another file before they end. */
  #atWork = 0
  #wakeRetry: (() => void) | null = null
  /** Settled at the next change of what waits. */
  #changed = Promise.withResolvers<void>()

  constructor(parts: DeliveryQueueParts) {
    this.#parts = parts
    this.#backoff = new Backoff({ firstMs: firstRetryMs, maxMs: maxRetryMs, random: parts.random })
  }

  get name(): string {
    return this.#parts.sink.name
  }

  /** Bytes of files that wait. */
  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** True from a failed try until one that succeeds. */
  get isFailing(): boolean {
    return this.#isFailing
  }

  /** Unix ms since which it has been failing; null while it is not. */
  get failingSinceMs(): number | null {
    return this.#isFailing ? this.#failingSinceMs : null
  }

  /** False when nothing should be added before {@link changed} is settled. */
  get hasRoom(): boolean {
    if (!this.#isFailing) return this.#waiting.length < maxHealthyFiles
    if (this.#bytes < this.#parts.maxBytes) return true
    if (!this.#isFullTold) {
      this.#isFullTold = true
      spillFull(this.#parts.log, { sink: this.name, waitingBytes: this.#bytes, maxBytes: this.#parts.maxBytes })
    }
    return false
  }

  /** Settled when a file was delivered, or a try failed or succeeded. */
  changed(): Promise<void> {
    return this.#changed.promise
  }

  /** `mayBeThere`: files of an earlier run, of which nobody knows whether they arrived. */
  add(
    deliveries: readonly Delivery[],
    { mayBeThere, excluded = [] }: { mayBeThere: boolean; excluded?: readonly string[] },
  ): void {
    for (const delivery of deliveries) {
      this.#waiting.push({ delivery, mayBeThere, isUnderWay: false, excluded })
      this.#bytes += delivery.bytes
    }
    this.#dispatch()
  }

  /** Lines of these streams in what waits now are somebody else's. A file that is on its way keeps them. */
  exclude(streamIds: readonly string[]): void {
    for (const entry of this.#waiting) entry.excluded = [...new Set([...entry.excluded, ...streamIds])]
  }

  /** Tries at once what would be tried again later. */
  retryNow(): void {
    this.#wakeRetry?.()
  }

  /** Delivers no more. Resolves when the tries that are under way have ended. */
  async stop(): Promise<void> {
    this.#abort.abort()
    this.#wakeRetry?.()
    await Promise.all(this.#couriers)
  }

  /** As many couriers as there is work for; a sink that is down is tried by one. */
  #dispatch(): void {
    const most = this.#isFailing ? 1 : this.#parts.sink.maxConcurrent
    // A courier that finds nothing to do ends at once: there would be no end of them.
    while (this.#atWork < most && this.#next() !== undefined) {
      this.#atWork += 1
      const courier = this.#deliver().finally(() => this.#couriers.delete(courier))
      this.#couriers.add(courier)
    }
  }

  /** One file after the other while there are any. */
  async #deliver(): Promise<void> {
    for (let entry = this.#next(); entry !== undefined; entry = this.#next()) {
      entry.isUnderWay = true
      const failure = await this.#try(entry)
      if (failure === null) {
        this.#finish(entry)
        continue
      }
      entry.mayBeThere = true
      entry.isUnderWay = false
      // One waits and tries again; the others are sent out anew when it has succeeded.
      if (this.#wakeRetry !== null) break
      await this.#waitAfter(failure)
    }
    this.#atWork -= 1
  }

  #next(): Entry | undefined {
    if (this.#abort.signal.aborted) return undefined
    const { sink } = this.#parts
    return this.#waiting.find(
      ({ isUnderWay, delivery }, index) => !(isUnderWay || (index > 0 && sink.comesBehindOthers?.(delivery))),
    )
  }

  /** Null when the file is there now. */
  async #try(entry: Readonly<Entry>): Promise<Error | null> {
    const { sink, onDelivered, onTry, nowMs } = this.#parts
    const beganMs = nowMs()
    try {
      const { mayBeThere, excluded } = entry
      await sink.deliver(entry.delivery, { mayBeThere, excluded, signal: this.#abort.signal })
      // A full disk may keep it from being noted: then it is tried again, and found to be there.
      onDelivered(entry.delivery)
      onTry({ ok: true, seconds: (nowMs() - beganMs) / 1000 })
      return null
    } catch (error) {
      onTry({ ok: false, seconds: (nowMs() - beganMs) / 1000 })
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  #finish(entry: Entry): void {
    const { log, nowMs } = this.#parts
    const { delivery } = entry
    rmSync(delivery.file, { force: true })
    this.#waiting.splice(this.#waiting.indexOf(entry), 1)
    this.#bytes -= delivery.bytes
    if (this.#isFailing) {
      this.#isFailing = false
      this.#isFullTold = false
      const afterMs = nowMs() - this.#failingSinceMs
      deliveryRecovered(log, { sink: this.name, afterMs, waitingBytes: this.#bytes })
    }
    this.#backoff.reset()
    this.#tellChange()
    this.#dispatch()
  }

  async #waitAfter(failure: Error): Promise<void> {
    const { log, nowMs } = this.#parts
    if (this.#abort.signal.aborted) return
    if (!this.#isFailing) {
      this.#isFailing = true
      this.#failingSinceMs = nowMs()
    }
    const afterMs = failure instanceof DeliveryPostponed ? (failure.afterMs ?? 0) : 0
    const nextTryMs = Math.max(this.#backoff.nextMs(), afterMs)
    const event = { sink: this.name, tries: this.#backoff.tries, nextTryMs, waitingBytes: this.#bytes }
    deliveryFailed(log, { ...event, reason: failure.message })
    this.#tellChange()
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, nextTryMs)
      this.#wakeRetry = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wakeRetry = null
  }

  #tellChange(): void {
    const before = this.#changed
    this.#changed = Promise.withResolvers<void>()
    before.resolve()
  }
}
