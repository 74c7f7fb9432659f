// Says what fails and that it works again: loudly, but seldom, however many shards there are.
import { type SlsTask, slsFailing, slsRecovered, slsThrottled } from '../../telemetry/events/sls-source.ts'
import type { Log } from '../../telemetry/log.ts'
import { SlsError } from './client/sls-api.ts'

/** Failures in a row until something is said: one or two are nothing. */
const failuresToTell = 3
/** Until the same is said again. */
const repeatMs = 60_000
const maxReason = 300

interface Failing {
  /** Failures in a row of each shard that has some; -1 stands for the group. */
  readonly tries: Map<number, number>
  toldMs: number | null
}

export class Troubles {
  readonly #parts: { readonly log: Log; readonly source: string; readonly monotonicMs: () => number }
  readonly #failing = new Map<SlsTask, Failing>()
  #refusals = 0
  #throttleToldMs = Number.NEGATIVE_INFINITY

  constructor(parts: { log: Log; source: string; monotonicMs: () => number }) {
    this.#parts = parts
  }

  failed(task: SlsTask, error: unknown, shard = -1): void {
    if (error instanceof SlsError && error.kind === 'quota') this.#throttled(error.code)
    else this.#count(task, error, shard)
  }

  succeeded(task: SlsTask, shard = -1): void {
    const failing = this.#failing.get(task)
    if (failing === undefined || !failing.tries.delete(shard) || failing.tries.size > 0) return
    this.#failing.delete(task)
    if (failing.toldMs !== null) slsRecovered(this.#parts.log, { source: this.#parts.source, task })
  }

  /** The shard is another's now: whether it can be read is not our business. */
  forget(shard: number): void {
    for (const task of ['pull', 'checkpoint', 'lookup'] as const) {
      const failing = this.#failing.get(task)
      if (failing?.tries.delete(shard) && failing.tries.size === 0) this.#failing.delete(task)
    }
  }

  #count(task: SlsTask, error: unknown, shard: number): void {
    const { log, source, monotonicMs } = this.#parts
    const failing = this.#failing.get(task) ?? { tries: new Map<number, number>(), toldMs: null }
    this.#failing.set(task, failing)
    const tries = (failing.tries.get(shard) ?? 0) + 1
    failing.tries.set(shard, tries)
    const now = monotonicMs()
    if (tries < failuresToTell && !isHopeless(error)) return
    if (failing.toldMs !== null && now - failing.toldMs < repeatMs) return
    failing.toldMs = now
    slsFailing(log, { source, task, shards: failing.tries.size, ...describe(error) })
  }

  #throttled(code: string): void {
    const { log, source, monotonicMs } = this.#parts
    this.#refusals += 1
    const now = monotonicMs()
    if (now - this.#throttleToldMs < repeatMs) return
    slsThrottled(log, { source, code, count: this.#refusals })
    this.#throttleToldMs = now
    this.#refusals = 0
  }
}

/** What will not pass by itself is worth saying at once. */
const isHopeless = (error: unknown): boolean =>
  error instanceof SlsError && (error.kind === 'denied' || error.kind === 'missing' || error.kind === 'fatal')

function describe(error: unknown): { code: string; status: number; requestId: string; reason: string } {
  const reason = (error instanceof Error ? error.message : String(error)).slice(0, maxReason)
  if (!(error instanceof SlsError))
    return { code: error instanceof Error ? error.name : '', status: 0, requestId: '', reason }
  const { code, status, requestId } = error
  return { code, status, requestId, reason }
}
