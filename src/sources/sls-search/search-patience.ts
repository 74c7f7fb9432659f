// Asks until the answer is there: what may pass by itself is tried again, parts of answers are asked for again, within bounds.
import { Backoff } from '../../lib/backoff.ts'
import { searchFailing, searchIncomplete, searchThrottled } from '../../telemetry/events/sls-search.ts'
import type { Log } from '../../telemetry/log.ts'
import type { CountReply, PageReply, SearchCalls, Seconds } from './search-api.ts'
import { isRefusedCredential, SearchError } from './search-error.ts'

const firstRetryMs = 200
/** A limit of the service counts by the second. */
const firstQuotaMs = 1000
const maxRetryMs = 10_000
/** So long nothing but refusals because of limits is borne. */
const quotaGiveUpMs = 300_000
/** As the service's own clients do: 100 ms, doubled, up to 10 s, 20 times. */
const firstIncompleteMs = 100
const maxIncompleteMs = 10_000
const maxIncomplete = 20
/** Until the same is said again. */
const repeatMs = 60_000

export interface PatienceParts {
  readonly calls: SearchCalls
  readonly signal: AbortSignal
  /** Resolves after so long; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** From 0 to below 1. */
  readonly random: () => number
  readonly monotonicMs: () => number
  readonly log: Log
  /** So long nothing but failures is borne. */
  readonly giveUpMs: number
}

/** What one question has been through. */
interface Trials {
  tries: number
  hasRenewed: boolean
  hasSetClock: boolean
}

/** Patient calls. */
export class SearchPatience {
  readonly #parts: PatienceParts
  readonly #said = new Map<string, { toldMs: number; count: number }>()

  constructor(parts: PatienceParts) {
    this.#parts = parts
  }

  /** All rows of the window. Rejects with a {@link SearchError} when it is in vain. */
  async count(window: Seconds): Promise<number> {
    const { calls, signal } = this.#parts
    const reply = await this.#wholly<CountReply>(() => calls.count(window, signal))
    return reply.rows
  }

  page(window: Seconds, offset: number): Promise<PageReply> {
    const { calls, signal } = this.#parts
    return this.#wholly(() => calls.page(window, offset, signal))
  }

  /** Waits: longer each time that somebody waits for the same. */
  async pause(tries: number): Promise<void> {
    const { sleep, signal } = this.#parts
    await sleep(Math.min(maxIncompleteMs, firstIncompleteMs * 2 ** tries), signal)
  }

  /** Never a part of an answer: what is missing in it would be missing for ever. */
  async #wholly<T extends { readonly isComplete: boolean }>(ask: () => Promise<T>): Promise<T> {
    const { sleep, signal, random } = this.#parts
    const backoff = new Backoff({ firstMs: firstIncompleteMs, maxMs: maxIncompleteMs, random })
    for (;;) {
      const reply = await this.#patiently(ask)
      if (reply.isComplete) return reply
      if (backoff.tries + 1 >= maxIncomplete) throw neverComplete()
      this.#say('Incomplete', count => searchIncomplete(this.#parts.log, { count }))
      await sleep(backoff.nextMs(), signal)
    }
  }

  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    const { sleep, signal, monotonicMs, giveUpMs } = this.#parts
    const untilMs = monotonicMs() + giveUpMs
    const quotaUntilMs = monotonicMs() + quotaGiveUpMs
    const trials: Trials = { tries: 0, hasRenewed: false, hasSetClock: false }
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof SearchError) || signal.aborted) throw error
        const waitMs = this.#waitAfter(error, trials)
        const lastMs = error.kind === 'quota' ? quotaUntilMs : untilMs
        if (waitMs === null || monotonicMs() + waitMs > lastMs) throw error
        if (waitMs > 0) await sleep(waitMs, signal)
      }
    }
  }

  /** Null where asking again is of no use. */
  #waitAfter(error: SearchError, trials: Trials): number | null {
    const { calls, log } = this.#parts
    const { kind, code, status, requestId, message } = error
    if (kind === 'quota') {
      this.#say('quota', count => searchThrottled(log, { code, count }))
      return this.#jitter(firstQuotaMs, trials)
    }
    if (kind === 'retry') {
      this.#say(code, count => searchFailing(log, { code, status, requestId, reason: message, count }))
      return this.#jitter(firstRetryMs, trials)
    }
    if (kind === 'clock' && !trials.hasSetClock) {
      // How far it is off is known by now.
      trials.hasSetClock = true
      return 0
    }
    if (!isRefusedCredential(code) || trials.hasRenewed) return null
    trials.hasRenewed = true
    calls.invalidateCredentials()
    return 0
  }

  /** Anything from nothing to the whole: many that were refused together do not come back together. */
  #jitter(firstMs: number, trials: Trials): number {
    const fullMs = Math.min(maxRetryMs, firstMs * 2 ** Math.min(trials.tries, 20))
    trials.tries += 1
    return this.#parts.random() * fullMs
  }

  /** At once, and then seldom. */
  #say(what: string, tell: (count: number) => void): void {
    const now = this.#parts.monotonicMs()
    const before = this.#said.get(what) ?? { toldMs: Number.NEGATIVE_INFINITY, count: 0 }
    const count = before.count + 1
    const isDue = now - before.toldMs >= repeatMs
    this.#said.set(what, isDue ? { toldMs: now, count: 0 } : { toldMs: before.toldMs, count })
    if (isDue) tell(count)
  }
}

function neverComplete(): SearchError {
  const message = `the service gave ${maxIncomplete} times a part of an answer only`
  return new SearchError({ kind: 'incomplete', code: 'Incomplete', status: 200, requestId: '', message })
}
