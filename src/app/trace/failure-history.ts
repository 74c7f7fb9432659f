// How often a failure came before: which attempt it is about, and what the store or the files know of its like.

import { byAge } from '../../classify/failure-groups.ts'
import { fingerprintOf } from '../../classify/fingerprint.ts'
import { type FailedRequest, type FailureKind, isFailure } from '../../model/failure.ts'
import type { AttemptRecord, FailureHistory } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { type FailureWish, hasCorrections } from '../../store/errors/failed-attempts.ts'
import { likeFailures } from '../../store/errors/failure-counts.ts'
import { kindOf } from '../errors/kind-of.ts'

const dayMs = 86_400_000

type Previous = Pick<FailedRequest, 'requestId' | 'timeMs'>

/** A failure whose like is looked for. */
export interface HistorySubject {
  readonly attempt: AttemptRecord
  readonly requestId: string
  readonly startMs: number
  readonly kind: FailureKind
  /** What the fingerprint is made of, and itself. */
  readonly key: string
  readonly fingerprint: string
}

/** The last failed invocation, else the last failed hook; null where none failed at a time that is known. */
export function historySubject(attempts: readonly AttemptRecord[]): HistorySubject | null {
  const failed = attempts.filter(attempt => isFailure(attempt.status) && attempt.startTime !== null)
  const attempt = failed.findLast(({ phase }) => phase === 'invoke') ?? failed.at(-1)
  if (attempt === undefined || attempt.requestId === null || attempt.startTime === null) return null
  const kind = kindOf(attempt)
  const { key, id } = fingerprintOf(kind)
  return { attempt, requestId: attempt.requestId, startMs: Date.parse(attempt.startTime), kind, key, fingerprint: id }
}

/** What is told, once the newest and the count are known. */
export function historyOf(
  { attempt, startMs, fingerprint }: HistorySubject,
  found: { readonly previous: Previous | null; readonly within24h: number },
): FailureHistory {
  const { requestId, timeMs } = found.previous ?? { requestId: '', timeMs: null }
  return {
    fingerprint,
    attempt: attempt.attempt,
    phase: attempt.phase,
    previous:
      timeMs === null ? null : { requestId, startTime: new Date(timeMs).toISOString(), agoMs: startMs - timeMs },
    within24h: found.within24h,
  }
}

/** Null where no attempt failed. Fails with a `StoreError`. */
export async function historyInStore(
  store: StoreConnection,
  attempts: readonly AttemptRecord[],
): Promise<FailureHistory | null> {
  const subject = historySubject(attempts)
  if (subject === null) return null
  const { functionName, serviceName, errorType, errorCode, status } = subject.kind
  const wish = {
    isCorrected: await hasCorrections(store),
    functions: [],
    statuses: [status],
    like: { functionName, serviceName, errorType, errorCode },
    exceptRequest: subject.requestId,
  }
  const day = await sameFailures(store, subject, { ...wish, fromMs: subject.startMs - dayMs, toMs: subject.startMs })
  if (day.count > 0) return historyOf(subject, { previous: day.newest, within24h: day.count })
  const earlier = await sameFailures(store, subject, { ...wish, fromMs: null, toMs: subject.startMs - dayMs })
  return historyOf(subject, { previous: earlier.newest, within24h: 0 })
}

async function sameFailures(
  store: StoreConnection,
  { key }: HistorySubject,
  wish: FailureWish,
): Promise<{ count: number; newest: Previous | null }> {
  const isSame = (kind: FailureKind): boolean => fingerprintOf(kind).key === key
  const same = (await likeFailures(store, wish)).filter(({ kind }) => isSame(kind))
  const [newest = null] = same
    .map(one => one.newest)
    .filter(one => one !== null)
    .toSorted(byAge)
  return { count: same.reduce((sum, one) => sum + one.count, 0), newest }
}

/** Failures that are kept while files are read. */
const maxKept = 200_000

/** The same among the attempts of files, as they come by and are corrected. */
export class FileHistory {
  readonly #subject: HistorySubject | null
  readonly #same = new Map<string, Previous>()

  constructor(subject: HistorySubject | null) {
    this.#subject = subject
  }

  wants(attempt: Pick<AttemptRecord, 'requestId' | 'functionName' | 'status'>): boolean {
    const subject = this.#subject
    if (subject === null || this.#same.size >= maxKept) return false
    const { functionName, status } = subject.kind
    return attempt.status === status && attempt.functionName === functionName && attempt.requestId !== subject.requestId
  }

  /** `attempt` null: there is no such attempt any more. */
  take(key: string, attempt: AttemptRecord | null): void {
    const subject = this.#subject
    this.#same.delete(key)
    if (subject === null || attempt === null || attempt.startTime === null || !this.wants(attempt)) return
    const timeMs = Date.parse(attempt.startTime)
    if (timeMs >= subject.startMs || fingerprintOf(kindOf(attempt)).key !== subject.key) return
    this.#same.set(key, { requestId: attempt.requestId ?? '', timeMs })
  }

  build(): FailureHistory | null {
    const subject = this.#subject
    if (subject === null) return null
    const all = [...this.#same.values()]
    const within24h = all.filter(({ timeMs }) => (timeMs ?? 0) >= subject.startMs - dayMs).length
    const [previous = null] = all.filter(({ requestId }) => requestId !== '').toSorted(byAge)
    return historyOf(subject, { previous, within24h })
  }
}
