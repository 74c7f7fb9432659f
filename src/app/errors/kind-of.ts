// What of a failed attempt decides to which group it belongs.
import { firstPoints } from '../../classify/first-points.ts'
import type { Attempt } from '../../model/attempt.ts'
import { type FailureKind, maxMessagePoints } from '../../model/failure.ts'

/** What an attempt is grouped by. */
export function kindOf(
  attempt: Pick<Attempt, Exclude<keyof FailureKind, 'message' | 'evidence'> | 'errorMessage' | 'causes'>,
): FailureKind {
  const { functionName, serviceName, status, errorType, errorCode, errorMessage, causes } = attempt
  const message = errorMessage === null ? null : firstPoints(errorMessage.toWellFormed(), maxMessagePoints)
  const evidence = causes.find(({ code }) => code === 'uncaughtException')?.evidence ?? []
  return { functionName, serviceName, status, errorType, errorCode, message, evidence }
}
