// Gathers from attempts, in bounded memory, what a person wants to know first: which functions fail, and why.
import type { Attempt, Status } from '../model/attempt.ts'
import type { CauseCode } from '../model/cause.ts'
import { isFailure } from '../model/failure.ts'
import { DurationHistogram } from './duration-histogram.ts'

/** What is told of one function. `name` is null for everything whose function is not known, or is one too many. */
export interface FunctionSummary {
  readonly name: string | null
  attempts: number
  failed: number
  coldStarts: number
  readonly durations: DurationHistogram
}

/** One reason of failures: the likeliest cause of each failed attempt. */
export interface CauseSummary {
  readonly code: CauseCode
  count: number
  readonly remedy: string
  readonly docs: string
  /** The first evidence seen, and the first requests that showed it. */
  readonly evidence: string
  readonly requestIds: string[]
}

const maxFunctions = 1000
const maxRequestIds = 3

export class AttemptSummary {
  readonly functions = new Map<string | null, FunctionSummary>()
  readonly causes = new Map<CauseCode, CauseSummary>()
  readonly statuses = new Map<Status, number>()
  hooks = 0
  firstMs = Number.POSITIVE_INFINITY
  lastMs = Number.NEGATIVE_INFINITY

  add(attempt: Attempt): void {
    if (attempt.phase !== 'invoke') {
      this.hooks += 1
      return
    }
    this.statuses.set(attempt.status, (this.statuses.get(attempt.status) ?? 0) + 1)
    if (attempt.startTimeMs !== null) {
      this.firstMs = Math.min(this.firstMs, attempt.startTimeMs)
      this.lastMs = Math.max(this.lastMs, attempt.endTimeMs ?? attempt.startTimeMs)
    }
    const of = this.#functionOf(attempt.functionName)
    of.attempts += 1
    if (attempt.coldStart === true) of.coldStarts += 1
    if (attempt.durationMs !== null) of.durations.add(attempt.durationMs)
    if (!isFailure(attempt.status)) return
    of.failed += 1
    this.#addCause(attempt)
  }

  #functionOf(name: string | null): FunctionSummary {
    const isRoom = this.functions.has(name) || this.functions.size < maxFunctions
    const key = isRoom ? name : null
    let found = this.functions.get(key)
    if (found === undefined) {
      found = { name: key, attempts: 0, failed: 0, coldStarts: 0, durations: new DurationHistogram() }
      this.functions.set(key, found)
    }
    return found
  }

  #addCause(attempt: Attempt): void {
    const cause = attempt.causes[0]
    if (cause === undefined) return
    let found = this.causes.get(cause.code)
    if (found === undefined) {
      const { code, remedy, docs, evidence } = cause
      found = { code, count: 0, remedy, docs, evidence: evidence[0] ?? '', requestIds: [] }
      this.causes.set(code, found)
    }
    found.count += 1
    if (attempt.requestId !== null && found.requestIds.length < maxRequestIds) found.requestIds.push(attempt.requestId)
  }
}
