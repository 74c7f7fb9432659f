// Failed attempts that are counted together: what is told of each, before and after they are grouped.
import type { Status } from './attempt.ts'
import type { CauseCode } from './cause.ts'

/** How an attempt ends that failed, where nothing else is asked for. The caller gave `canceled` up, and nobody knows about `incomplete`. */
export const failureStatuses = [
  'handledError',
  'unhandledError',
  'timeout',
  'outOfMemory',
  'processExited',
  'startFailed',
  'throttled',
  'platformError',
] as const satisfies readonly Status[]

const failed: ReadonlySet<Status> = new Set(failureStatuses)

export const isFailure = (status: Status): boolean => failed.has(status)

/** Code points of a message that are looked at. The store cuts there as well, so that both ways see the same. */
export const maxMessagePoints = 1000

/** What decides to which group a failure belongs. Every digit of the texts may be any other one: the store gives 0 for all. */
export interface FailureKind {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly status: Status
  readonly errorType: string | null
  readonly errorCode: string | null
  /** The first {@link maxMessagePoints} of it at least. */
  readonly message: string | null
  /** Evidence among which the frame is that the exception came from; see src/classify/stack-frames.ts. */
  readonly evidence: readonly string[]
}

/** Failures of one kind. Times are unix ms of their beginnings, null where none is known. */
export interface FailureCount {
  readonly kind: FailureKind
  readonly count: number
  readonly firstMs: number | null
  readonly lastMs: number | null
  /** How many have which likeliest cause. */
  readonly causes: ReadonlyMap<CauseCode, number>
  readonly qualifiers: readonly string[]
  readonly versions: readonly string[]
  /** When the newest of them that have an id and a time began, {@link maxMoments} at most. */
  readonly newestMs: readonly number[]
}

/** Requests that are told of one group, the newest ones. */
export const maxRequests = 3

/** Attempts that are looked at for them: several may be of one request, which was retried. */
export const maxMoments = 12

export interface FailedRequest {
  readonly requestId: string
  /** When it began, unix ms; null where nobody knows. */
  readonly timeMs: number | null
  /** As it was written, the first {@link maxMessagePoints} of it at most; null without one. */
  readonly message: string | null
}

/** A period of beginnings, from `fromMs` on and before `toMs`: unix ms, null for no bound. */
export interface Period {
  readonly fromMs: number | null
  readonly toMs: number | null
}
