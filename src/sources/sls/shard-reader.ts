// Reads one shard: pulls a reply ahead of what the worker takes, waits where there is nothing, tries again what fails.
import { setTimeout as wait } from 'node:timers/promises'
import { slsNumbersSkipped, slsRecordsExpired, slsShardFinished } from '../../telemetry/events/sls-source.ts'
import type { Log } from '../../telemetry/log.ts'
import { Bell } from './bell.ts'
import { type PulledLogs, type SlsApi, SlsError } from './client/sls-api.ts'
import { DecodeError } from './decode/decode-error.ts'
import type { RowEncoder } from './decode/encode-rows.ts'
import type { MemoryShare, PullMemory } from './pull-memory.ts'
import { paceMs, RetryWaits } from './pull-pace.ts'
import { QuerySpan } from './query-span.ts'
import { type ReadReply, readReply } from './read-reply.ts'
import { RecordPage } from './record-page.ts'
import { ReplySizes } from './reply-sizes.ts'
import type { ShardList } from './shard-list.ts'
import type { ShardNumbers } from './shard-numbers.ts'
import type { ShardShelf } from './shard-shelf.ts'
import type { Troubles } from './troubles.ts'

/** What all readers of a source share. */
export interface ReaderShared {
  readonly source: string
  readonly api: SlsApi
  readonly hasQuery: boolean
  readonly memory: PullMemory
  readonly encoder: RowEncoder
  readonly shards: ShardList
  readonly troubles: Troubles
  readonly log: Log
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly random: () => number
  /** There may be something to read now, or the shard is at its end. */
  readonly onChange: () => void
  /** Reading cannot go on: an `FcscopeError`, or a bug. */
  readonly onFailure: (error: unknown) => void
}

export interface ReaderParts {
  readonly shared: ReaderShared
  readonly shard: number
  readonly numbers: ShardNumbers
  readonly shelf: ShardShelf
  /** The record at which reading stops; null: it never does. */
  readonly target: number | null
  /** Aborts when nothing more may be read. */
  readonly signal: AbortSignal
}

interface Pulled {
  readonly reply: PulledLogs
  readonly read: ReadReply
  readonly from: number
  /** Nothing was written any more when it was asked for. */
  readonly isReadonly: boolean
  readonly share: MemoryShare
}

/** An answer so old says nothing about what is there now. */
const staleMs = 30_000
const repeatMs = 60_000

export class ShardReader {
  readonly #parts: ReaderParts
  readonly #span: QuerySpan
  readonly #waits: RetryWaits
  readonly #sizes = new ReplySizes()
  readonly #room = new Bell()
  readonly #begunMs: number
  #nextPullMs = Number.NEGATIVE_INFINITY
  /** Nothing is written into the shard any more. */
  #isReadonly = false
  #isLooking = false
  #isDone = false
  #hasEnded = false
  #answeredMs = Number.NEGATIVE_INFINITY
  /** What was pulled is not older, unix ms. */
  #newestMs: number | null = null
  /** Of replies that were pulled while this shard had to be read before others. */
  readonly #urgent = new Set<MemoryShare>()
  #skipped = 0
  #skippedToldMs = Number.NEGATIVE_INFINITY

  constructor(parts: ReaderParts) {
    this.#parts = parts
    const { hasQuery, random, nowMs } = parts.shared
    this.#span = new QuerySpan(hasQuery)
    this.#waits = new RetryWaits(random)
    this.#begunMs = nowMs()
  }

  /** Everything was pulled that ever will be. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Everything was pulled that is to be: up to the target, or the end. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** The worker took something of what was pulled. */
  taken(): void {
    const { shelf } = this.#parts
    if (shelf.hasRoom) this.#room.ring()
    if (this.#urgent.size > 0 && !shelf.isReplaying) this.#calm()
  }

  /** How long the oldest record that was not taken has been there. */
  lagSeconds(): number {
    const { shelf, shared } = this.#parts
    const nowMs = shared.nowMs()
    if (shelf.sinceMs !== null) return Math.max(0, nowMs - shelf.sinceMs) / 1000
    const isFresh = shared.monotonicMs() - this.#answeredMs < staleMs
    if (this.#isDone || (shelf.isAtEnd && isFresh)) return 0
    return Math.max(0, nowMs - (this.#newestMs ?? this.#begunMs)) / 1000
  }

  /** Reads until the signal aborts, or everything was pulled. Does not fail. */
  async run(): Promise<void> {
    const { signal, shared } = this.#parts
    try {
      while (!this.#isDone && !signal.aborted) await this.#step()
    } catch (error) {
      if (!signal.aborted) shared.onFailure(error)
    }
  }

  async #step(): Promise<void> {
    const { shelf, signal, target, shard, shared } = this.#parts
    if (target !== null && shelf.pullFrom >= target) {
      this.#isDone = true
      shared.onChange()
      return
    }
    if (!shelf.hasRoom) {
      await this.#room.wait(signal)
      return
    }
    const waitMs = this.#nextPullMs - shared.monotonicMs()
    if (waitMs > 0) await wait(waitMs, undefined, { signal })
    try {
      if (shelf.isAtEnd && !this.#isReadonly && !this.#isLooking) void this.#look()
      await this.#pull()
      this.#waits.reset()
      shared.troubles.succeeded('pull', shard)
    } catch (error) {
      signal.throwIfAborted()
      await this.#react(error)
    }
  }

  /** Whether the shard was split or merged meanwhile. Reading does not wait for the answer. Does not fail. */
  async #look(): Promise<void> {
    const { shard, signal, shared } = this.#parts
    this.#isLooking = true
    try {
      this.#isReadonly = await shared.shards.isReadonly(shard)
      shared.troubles.succeeded('lookup', shard)
    } catch (error) {
      if (!signal.aborted) shared.troubles.failed('lookup', error, shard)
    }
    this.#isLooking = false
  }

  async #pull(): Promise<void> {
    const { shelf, signal, shared } = this.#parts
    const isUrgent = shelf.isReplaying
    const share = await shared.memory.take(this.#sizes.expectedBytes, { isUrgent, signal })
    if (isUrgent) this.#urgent.add(share)
    try {
      await this.#pullInto(share)
      if (!shelf.isReplaying) this.#calm()
    } catch (error) {
      this.#release(share)
      throw error
    }
  }

  #release(share: MemoryShare, page?: Buffer): void {
    this.#urgent.delete(share)
    share.release()
    if (page !== undefined) this.#parts.shared.encoder.pages.giveBack(page)
  }

  /** Others are read first from now on: what lies here must not keep them from it. */
  #calm(): void {
    for (const share of this.#urgent) share.calm()
    this.#urgent.clear()
  }

  async #pullInto(share: MemoryShare): Promise<void> {
    const { shelf, signal, shared, shard, numbers, target } = this.#parts
    const beganMs = shared.monotonicMs()
    const isReadonly = this.#isReadonly
    const from = shelf.pullFrom
    const { asked } = this.#span
    const endCursor = target === null ? {} : { endCursor: numbers.cursorOf(target) }
    const request = { shard, cursor: numbers.cursorOf(from), count: asked, ...endCursor }
    const reply = await shared.api.pullLogs(request, signal)
    signal.throwIfAborted()
    const { hasQuery, encoder } = shared
    const read = readReply(reply, { from, numbers, span: this.#span, hasQuery, encoder })
    shared.api.release?.(reply.body)
    const { rawBytes, groups, isAtEnd } = reply
    const hasMoved = read.to !== from || read.isTooWide
    this.#nextPullMs = beganMs + paceMs({ asked, groups, rawBytes, isAtEnd, hasMoved })
    if (read.isTooWide) this.#release(share)
    else this.#keep({ reply, read, from, isReadonly, share })
  }

  #keep({ reply, read, from, isReadonly, share }: Pulled): void {
    const { shelf, shared } = this.#parts
    const wasReplaying = shelf.isReplaying
    const sinceMs = this.#noteTime(reply)
    if (read.records === null) {
      this.#release(share)
      shelf.skipTo(read.to, sinceMs)
    } else {
      const { first, bytes, ends } = read.records
      this.#sizes.note(reply.body.length + bytes.length)
      share.resize(bytes.length)
      this.#noteSkipped(first - from)
      const release = (): void => this.#release(share, bytes)
      shelf.add(new RecordPage({ from, to: read.to, first, bytes, ends, sinceMs, release }))
    }
    shelf.isAtEnd = reply.isAtEnd === true || (reply.groups === 0 && read.to === from)
    if (shelf.isAtEnd && isReadonly) this.#end(false)
    else if (shelf.hasRecords || wasReplaying) shared.onChange()
  }

  /** Since when what the reply holds has been there: since the newest of what came before it, at the earliest. */
  #noteTime({ isAtEnd, cursorTimeSeconds }: PulledLogs): number {
    const { nowMs, monotonicMs } = this.#parts.shared
    const arrivedMs = nowMs()
    const receivedMs = cursorTimeSeconds === null ? arrivedMs : cursorTimeSeconds * 1000
    const sinceMs = this.#newestMs ?? receivedMs
    this.#newestMs = isAtEnd === true ? arrivedMs : receivedMs
    this.#answeredMs = monotonicMs()
    return sinceMs
  }

  async #react(error: unknown): Promise<void> {
    const { shard, shared } = this.#parts
    const failure = await this.#handle(error)
    if (failure === null) return
    shared.troubles.failed('pull', failure, shard)
    const waitMs = this.#waits.nextMs(failure instanceof SlsError ? failure.kind : 'retry')
    this.#nextPullMs = shared.monotonicMs() + waitMs
  }

  /** What is left to be tried again; null: reading goes on at once. What nothing can be done about is thrown. */
  async #handle(error: unknown): Promise<unknown> {
    if (error instanceof DecodeError) return error.reason === 'tooLarge' && this.#span.narrow() ? null : error
    if (!(error instanceof SlsError)) throw error
    if (error.kind === 'shardGone') {
      this.#end(true)
      return null
    }
    if (error.kind !== 'cursorExpired') return error
    try {
      return (await this.#hasRestarted()) ? null : error
    } catch (again) {
      if (again instanceof SlsError) return again
      throw again
    }
  }

  /** Goes on at the oldest record that is left. False when the record that comes next is still there. */
  async #hasRestarted(): Promise<boolean> {
    const { shelf, signal, shared, shard, numbers } = this.#parts
    const oldest = numbers.numberOf(await shared.api.getCursor(shard, 'begin', signal))
    const missing = oldest - shelf.pullFrom
    if (missing <= 0) return false
    slsRecordsExpired(shared.log, { source: shared.source, shard, missing })
    shelf.skipTo(oldest, shared.nowMs())
    shared.onChange()
    return true
  }

  #noteSkipped(count: number): void {
    const { shard, shared } = this.#parts
    if (shared.hasQuery || count === 0) return
    this.#skipped += count
    const now = shared.monotonicMs()
    if (now - this.#skippedToldMs < repeatMs) return
    slsNumbersSkipped(shared.log, { source: shared.source, shard, missing: this.#skipped })
    this.#skippedToldMs = now
    this.#skipped = 0
  }

  #end(isGone: boolean): void {
    const { shared, shard, shelf } = this.#parts
    if (isGone && !shelf.isAtEnd) slsRecordsExpired(shared.log, { source: shared.source, shard, missing: null })
    this.#isDone = this.#hasEnded = true
    shelf.isAtEnd = true
    slsShardFinished(shared.log, { source: shared.source, shard, isGone })
    shared.onChange()
  }
}
