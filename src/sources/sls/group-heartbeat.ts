// Keeps this worker in the consumer group: reports the shards that it holds, and hears which ones it should hold (facts §3.2, §3.5).
import { setTimeout as wait } from 'node:timers/promises'
import { Bell } from './bell.ts'
import { type ConsumerGroup, type SlsApi, SlsError } from './client/sls-api.ts'
import type { Troubles } from './troubles.ts'

export interface HeartbeatParts {
  readonly api: SlsApi
  readonly group: ConsumerGroup
  readonly consumer: string
  readonly intervalMs: number
  /** What is held, given up ones included until they are given up. */
  readonly held: () => readonly number[]
  readonly onAnswer: (shards: readonly number[]) => void
  /** Nothing is held any more: others may have it. */
  readonly onLost: (reason: 'noHeartbeat' | 'forgotten') => void
  readonly troubles: Troubles
  readonly monotonicMs: () => number
}

const retryMs = 1000
const maxRequestMs = 10_000

export class GroupHeartbeat {
  readonly #parts: HeartbeatParts
  readonly #leaseMs: number
  readonly #requestMs: number
  readonly #hurry = new Bell()
  #lease: NodeJS.Timeout | null = null
  /** Ends a heartbeat that is under way. */
  #beating = new AbortController()
  #beats = 0

  constructor(parts: HeartbeatParts) {
    this.#parts = parts
    this.#leaseMs = parts.group.timeoutSeconds * 1000
    this.#requestMs = Math.min(maxRequestMs, Math.max(1000, parts.intervalMs))
  }

  /** Heartbeats that were answered. */
  get beats(): number {
    return this.#beats
  }

  /** Creates the group where it is missing, and gives it the settings that it should have. */
  async ensureGroup(signal: AbortSignal): Promise<void> {
    const { api, group } = this.#parts
    const known = (await api.listConsumerGroups(signal)).find(({ name }) => name === group.name)
    if (known === undefined) await api.createConsumerGroup(group, signal)
    else if (known.isOrdered !== group.isOrdered || known.timeoutSeconds !== group.timeoutSeconds) {
      await api.updateConsumerGroup(group, signal)
    }
  }

  /** One heartbeat. Fails with an {@link SlsError}, or with the reason of an abort. */
  async beat(signal: AbortSignal): Promise<void> {
    const { api, group, consumer, held, onAnswer, monotonicMs } = this.#parts
    const sentMs = monotonicMs()
    this.#beating = new AbortController()
    const limits = AbortSignal.any([signal, this.#beating.signal, AbortSignal.timeout(this.#requestMs)])
    const shards = held().toSorted((a, b) => a - b)
    const answer = await api.heartbeat({ group: group.name, consumer, shards }, limits)
    limits.throwIfAborted()
    this.#beats += 1
    this.#hold(sentMs)
    onAnswer(answer)
  }

  /** Beats until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#hurry.wait(signal, this.#parts.intervalMs)
      if (!signal.aborted) await this.#beatTwice(signal)
    }
    this.#endLease()
  }

  /** Something changed that the group should hear of at once. */
  hurry(): void {
    this.#hurry.ring()
  }

  /** Tells the group that nothing is held any more. Does not fail: otherwise the group notices when the time is over. */
  async leave(maxMs: number): Promise<void> {
    const { api, group, consumer } = this.#parts
    this.#endLease()
    await api.heartbeat({ group: group.name, consumer, shards: [] }, AbortSignal.timeout(maxMs)).catch(() => {})
  }

  /** A failure that may pass is tried again once; after that it is time for the next heartbeat anyway. */
  async #beatTwice(signal: AbortSignal): Promise<void> {
    const { troubles } = this.#parts
    for (let tries = 1; tries <= 2; tries += 1) {
      try {
        await this.beat(signal)
        troubles.succeeded('heartbeat')
        return
      } catch (error) {
        if (signal.aborted) return
        const waitMs = await this.#react(error, signal)
        if (tries === 2 || waitMs === null) return
        await wait(waitMs, undefined, { signal }).catch(() => {})
      }
    }
  }

  /** How long to wait before the second try; null: there is none. */
  async #react(error: unknown, signal: AbortSignal): Promise<number | null> {
    const { troubles, onLost } = this.#parts
    const kind = error instanceof SlsError ? error.kind : 'retry'
    if (kind === 'rejoin') {
      this.#endLease()
      onLost('forgotten')
      return 0
    }
    troubles.failed('heartbeat', error)
    if (kind === 'retry' || kind === 'quota') return retryMs
    if (kind !== 'missing') return null
    return (await this.#hasGroupAgain(signal)) ? 0 : null
  }

  /** Somebody deleted the group, and with it all that it knew: what is stored is known to the store. */
  async #hasGroupAgain(signal: AbortSignal): Promise<boolean> {
    try {
      await this.ensureGroup(AbortSignal.any([signal, AbortSignal.timeout(this.#requestMs)]))
      return true
    } catch {
      return false
    }
  }

  /** The shards are ours for so long after the last heartbeat that was answered, counted from when it was sent. */
  #hold(sentMs: number): void {
    this.#endLease()
    const leftMs = this.#leaseMs - (this.#parts.monotonicMs() - sentMs)
    this.#lease = setTimeout(() => {
      this.#lease = null
      this.#beating.abort()
      this.#parts.onLost('noHeartbeat')
    }, leftMs)
  }

  #endLease(): void {
    if (this.#lease !== null) clearTimeout(this.#lease)
    this.#lease = null
  }
}
