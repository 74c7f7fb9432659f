// How an attempt went and by which code: docs/semantics.md §8, once more, from that page.
import type { Status, ValueSource } from '../model/attempt.ts'
import type { ErrorDetail } from '../model/error-detail.ts'
import type { SeenAttempt } from './seen-attempt.ts'

export interface Verdict {
  readonly status: Status
  readonly errorCode: string | null
  readonly errorType: string | null
  readonly errorMessage: string | null
  readonly source: ValueSource | null
}

type Judged = Pick<Verdict, 'status' | 'errorCode' | 'source'>

export function judgeTruth(seen: SeenAttempt): Verdict {
  const judged = judge(seen)
  const isSilent = judged.status === 'ok' || judged.status === 'canceled' || judged.status === 'incomplete'
  const best = isSilent ? null : bestBody(seen)
  return { ...judged, errorType: best?.type ?? null, errorMessage: best?.message ?? null }
}

function judge(seen: SeenAttempt): Judged {
  const rowErrorType = seen.row?.errorType ?? null
  if (rowErrorType === 'FunctionTimeoutError') return { status: 'timeout', errorCode: rowErrorType, source: 'metrics' }
  if (rowErrorType === 'FunctionOOMError') return { status: 'outOfMemory', errorCode: rowErrorType, source: 'metrics' }
  const byEnd = judgeEnd(seen, rowErrorType)
  if (byEnd !== null) return byEnd
  const byError = judgeErrors(seen, rowErrorType)
  if (byError !== null) return byError
  if (rowErrorType !== null || seen.row?.hasFunctionError === true) {
    return { status: 'unhandledError', errorCode: rowErrorType ?? 'UnhandledInvocationError', source: 'metrics' }
  }
  const byHttp = seen.lines === 0 && !seen.hasEnd ? judgeHttp(seen.row?.http?.statusCode ?? null) : null
  if (byHttp !== null) return byHttp
  if (seen.hasEnd) return { status: 'ok', errorCode: null, source: 'marker' }
  if (seen.row !== null) return { status: 'ok', errorCode: null, source: 'metrics' }
  return { status: 'incomplete', errorCode: null, source: null }
}

function judgeEnd(seen: SeenAttempt, rowErrorType: string | null): Judged | null {
  switch (seen.outcome) {
    case 'canceled':
      return { status: 'canceled', errorCode: null, source: 'marker' }
    case 'handledError':
      return { status: 'handledError', errorCode: rowErrorType ?? 'HandledInvocationError', source: 'marker' }
    case 'unhandledError':
      return { status: 'unhandledError', errorCode: rowErrorType ?? 'UnhandledInvocationError', source: 'marker' }
    case 'ok':
    case null:
      return null
  }
}

function judgeErrors(seen: SeenAttempt, rowErrorType: string | null): Judged | null {
  const saysNothingFailed = seen.hasEnd || seen.row?.hasFunctionError === false
  const counting = seen.errors.filter(error => !saysNothingFailed || !error.inAppLine)
  const decisive =
    counting.findLast(error => error.detail.sentence !== null || error.detail.code !== null) ?? counting.at(-1)
  return decisive === undefined ? null : judgeDetail(decisive.detail, { seen, rowErrorType })
}

function judgeDetail(detail: ErrorDetail, of: { seen: SeenAttempt; rowErrorType: string | null }): Judged {
  const source = 'message'
  switch (detail.sentence) {
    case 'processExited':
      return { status: 'processExited', errorCode: of.rowErrorType ?? 'ProcessExitedUnexpectedly', source }
    case 'timedOut':
      return { status: 'timeout', errorCode: of.rowErrorType ?? 'FunctionTimeoutError', source }
    case 'instanceExited': {
      const isStart = detail.message.includes('with start command') || !of.seen.hasStart
      return { status: isStart ? 'startFailed' : 'processExited', errorCode: detail.code ?? 'CAExited', source }
    }
    case 'healthCheckFailed':
      return { status: 'startFailed', errorCode: 'FunctionNotStarted', source }
    case 'cannotBeStarted':
      return { status: 'startFailed', errorCode: detail.code ?? 'CAExited', source }
    default:
      return { status: 'unhandledError', errorCode: of.rowErrorType ?? 'UnhandledInvocationError', source }
  }
}

function judgeHttp(statusCode: number | null): Judged | null {
  const source = 'metrics'
  switch (statusCode) {
    case 429:
      return { status: 'throttled', errorCode: 'ResourceExhausted', source }
    case 499:
      return { status: 'canceled', errorCode: null, source }
    case 502:
      return { status: 'processExited', errorCode: 'ProcessExitedUnexpectedly', source }
    case 500:
      return { status: 'platformError', errorCode: 'InternalServerError', source }
    case 503:
      return { status: 'platformError', errorCode: 'ResourceThrottled', source }
    default:
      return null
  }
}

/** A typed body before a sentence; of the same rank the last. */
function bestBody(seen: SeenAttempt): ErrorDetail | null {
  const details = seen.errors.map(error => error.detail)
  return details.findLast(detail => detail.type !== null) ?? details.at(-1) ?? null
}
