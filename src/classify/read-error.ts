// What one error sentence or body says about its attempt (docs/semantics.md §8, the table under 3).
import type { Status } from '../model/attempt.ts'
import type { ErrorSignal } from '../model/attempt-signals.ts'
import type { ErrorDetail, Sentence } from '../model/error-detail.ts'
import { isStartFailureCode } from '../model/error-endings.ts'

/** A status and the code that goes with it. */
export interface Reading {
  readonly status: Status
  readonly errorCode: string | null
}

/** A reading and how much it weighs against those of other signals of the same attempt. */
export interface WeighedReading extends Reading {
  readonly weight: number
}

const Weight = { body: 1, processExited: 2, platform: 3 } as const

/** What else is known of the attempt: whether its Start was seen, and the `errorType` of its metrics row. */
export interface ReadingContext {
  readonly hasStart: boolean
  readonly rowType: string | null
}

/** What the error says, or undefined when it decides nothing. */
export function readSignal(detail: ErrorDetail, context: ReadingContext): WeighedReading | undefined {
  if (detail.sentence === 'other') return undefined
  if (detail.sentence !== null && detail.sentence !== 'code') return readSentence(detail, detail.sentence, context)
  if (detail.code !== null)
    return { status: statusOfCode(detail.code), errorCode: detail.code, weight: codeWeight(detail.code) }
  if (detail.sentence === 'code') return undefined
  return isHandled(detail)
    ? { status: 'handledError', errorCode: context.rowType ?? 'HandledInvocationError', weight: Weight.body }
    : { status: 'unhandledError', errorCode: context.rowType ?? 'UnhandledInvocationError', weight: Weight.body }
}

function readSentence(
  detail: ErrorDetail,
  sentence: Exclude<Sentence, 'code' | 'other'>,
  { hasStart, rowType }: ReadingContext,
): WeighedReading {
  const { code } = detail
  switch (sentence) {
    case 'processExited':
      return {
        status: 'processExited',
        errorCode: rowType ?? 'ProcessExitedUnexpectedly',
        weight: Weight.processExited,
      }
    case 'instanceExited':
      return hasStart && !detail.message.includes('with start command')
        ? { status: 'processExited', errorCode: code ?? 'CAExited', weight: Weight.platform }
        : startFailed(code ?? 'CAExited')
    case 'cannotStartOrExited':
      return startFailed(code ?? 'CAExited')
    case 'healthCheckFailed':
    case 'serverNotStarted':
    case 'notReady':
      return startFailed(code ?? 'FunctionNotStarted')
    case 'cannotBeStarted':
      return startFailed(code ?? startFailureCode(detail.message))
    case 'timedOut':
      return { status: 'timeout', errorCode: rowType ?? 'FunctionTimeoutError', weight: Weight.platform }
    case 'canceled':
      return { status: 'canceled', errorCode: null, weight: Weight.platform }
    case 'noCapacity':
      return { status: 'platformError', errorCode: code ?? 'ResourceThrottled', weight: Weight.platform }
    case 'internalError':
      return { status: 'platformError', errorCode: code ?? 'InternalServerError', weight: Weight.platform }
  }
}

const startFailed = (errorCode: string): WeighedReading => ({
  status: 'startFailed',
  errorCode,
  weight: Weight.platform,
})

function startFailureCode(message: string): string {
  // "The function cannot be started. Function instance exited unexpectedly(code 13, message:permission denied) …":
  // that message is the exit code's strerror and says nothing about the file.
  if (message.includes('exited unexpectedly')) return 'CAExited'
  if (/permission/i.test(message)) return 'CAFilePermission'
  if (/not exist|no such file|not found/i.test(message)) return 'CAFileNotFound'
  return 'CAExited'
}

function statusOfCode(code: string): Status {
  if (isStartFailureCode(code)) return 'startFailed'
  if (code === 'ResourceExhausted') return 'throttled'
  if (code === 'ResourceThrottled' || code === 'InternalServerError') return 'platformError'
  return 'unhandledError'
}

const codeWeight = (code: string): number => (statusOfCode(code) === 'unhandledError' ? Weight.body : Weight.platform)

const isHandled = (detail: ErrorDetail): boolean => detail.type?.startsWith('FunctionHandledError') === true

/** The error that explains most: a typed body before an untyped one before a sentence; of equals the last. */
export function bestDetail(errors: readonly ErrorSignal[]): ErrorDetail | null {
  let best: ErrorDetail | null = null
  let bestRank = -1
  for (const { detail } of errors) {
    const rank = detailRank(detail)
    if (rank >= bestRank) {
      best = detail
      bestRank = rank
    }
  }
  return best
}

function detailRank(detail: ErrorDetail): number {
  if (detail.sentence === 'other') return 0
  // "Code: CAExited" names a code and explains nothing, so that every other sentence is better.
  if (detail.sentence === 'code') return 1
  if (detail.type !== null) return 4
  return detail.sentence === null ? 3 : 2
}
