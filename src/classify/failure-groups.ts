// Failures put together by fingerprint, in bounded memory.
import type { CauseCode } from '../model/cause.ts'
import { type FailedRequest, type FailureCount, type FailureKind, maxMoments, maxRequests } from '../model/failure.ts'
import { type Fingerprint, fingerprintOf } from './fingerprint.ts'

/** All failures with one fingerprint. */
export interface FailureGroup {
  readonly fingerprint: Fingerprint
  readonly kind: FailureKind
  count: number
  firstMs: number | null
  lastMs: number | null
  readonly causes: Map<CauseCode, number>
  readonly qualifiers: Set<string>
  readonly versions: Set<string>
  /** Moments of the newest, the newest first. */
  newestMs: readonly number[]
  /** The newest first, those without a time last, of one moment by id. */
  requests: readonly FailedRequest[]
}

/** Names of one group that are told of. */
const maxNames = 8

export class FailureGroups {
  /** Failures of groups that there was no room for. */
  leftOut = 0
  readonly #groups = new Map<string, FailureGroup>()
  readonly #maxGroups: number

  constructor(maxGroups: number) {
    this.#maxGroups = maxGroups
  }

  get groups(): Iterable<FailureGroup> {
    return this.#groups.values()
  }

  /** False where there was no room for a further group. */
  add(counted: FailureCount): boolean {
    const fingerprint = fingerprintOf(counted.kind)
    const group = this.#groups.get(fingerprint.key) ?? this.#open(fingerprint, counted.kind)
    if (group === null) {
      this.leftOut += counted.count
      return false
    }
    group.count += counted.count
    group.firstMs = earlier(group.firstMs, counted.firstMs)
    group.lastMs = later(group.lastMs, counted.lastMs)
    for (const [code, count] of counted.causes) group.causes.set(code, (group.causes.get(code) ?? 0) + count)
    addNames(group.qualifiers, counted.qualifiers)
    addNames(group.versions, counted.versions)
    if (counted.newestMs.length > 0) {
      group.newestMs = [...group.newestMs, ...counted.newestMs].sort((one, other) => other - one).slice(0, maxMoments)
    }
    return true
  }

  /** Shows a failure among the newest of its group. Nothing for a kind that has none. */
  show(kind: FailureKind, request: FailedRequest): void {
    const group = this.#groups.get(fingerprintOf(kind).key)
    if (group === undefined) return
    const { requests } = group
    const known = requests.find(({ requestId }) => requestId === request.requestId)
    // Of a request that was retried the newest failure stands for it.
    if (known !== undefined && byAge(known, request) <= 0) return
    const last = requests.length === maxRequests ? requests.at(-1) : undefined
    if (known === undefined && last !== undefined && byAge(last, request) <= 0) return
    const others = requests.filter(other => other !== known)
    group.requests = [...others, request].sort(byAge).slice(0, maxRequests)
  }

  #open(fingerprint: Fingerprint, kind: FailureKind): FailureGroup | null {
    if (this.#groups.size >= this.#maxGroups) return null
    const group: FailureGroup = {
      fingerprint,
      kind,
      count: 0,
      firstMs: null,
      lastMs: null,
      causes: new Map(),
      qualifiers: new Set(),
      versions: new Set(),
      newestMs: [],
      requests: [],
    }
    this.#groups.set(fingerprint.key, group)
    return group
  }
}

/** The likeliest cause of most; of equals the one that comes first by name. Null where none was found. */
export function commonCause(causes: ReadonlyMap<CauseCode, number>): CauseCode | null {
  let found: CauseCode | null = null
  for (const [code, count] of causes) {
    const most = found === null ? 0 : (causes.get(found) ?? 0)
    if (found === null || count > most || (count === most && code < found)) found = code
  }
  return found
}

function addNames(names: Set<string>, more: readonly string[]): void {
  for (const name of more) if (names.size < maxNames) names.add(name)
}

const earlier = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other)
const later = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other)

type Aged = Pick<FailedRequest, 'requestId' | 'timeMs'>

/** The newest first, those without a time last, of one moment by id. */
export const byAge = (one: Aged, other: Aged): number => {
  const age = (other.timeMs ?? Number.NEGATIVE_INFINITY) - (one.timeMs ?? Number.NEGATIVE_INFINITY)
  if (age !== 0 && !Number.isNaN(age)) return age
  return one.requestId < other.requestId ? -1 : one.requestId > other.requestId ? 1 : 0
}
