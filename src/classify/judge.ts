// Hot path: decides how one attempt went, millions of times. The usual ends (nothing says that anything failed)
// return shared frozen verdicts, so that the common case allocates nothing; everything else may take its time.
// Rules: docs/semantics.md §8, in its order.
import type { Status, ValueSource } from '../model/attempt.ts'
import type { AttemptSignals, ErrorSignal, MetricsSignal } from '../model/attempt-signals.ts'
import { bestDetail, type Reading, readSignal } from './read-error.ts'

/** How an attempt went, and which of its signals said so. */
export interface Verdict {
  readonly status: Status
  /** Null when nothing said anything (`incomplete`). */
  readonly statusSource: ValueSource | null
  readonly errorCode: string | null
  readonly errorType: string | null
  readonly errorMessage: string | null
  readonly errorStack: string | null
  /** Peak memory within 1 % of the limit, with a timeout or a process that went away. */
  readonly suspectedOutOfMemory: boolean
  /** Figures in the brackets of the platform's sentences (ms, MB); null when none gives them. */
  readonly durationMs: number | null
  readonly maxMemoryUsedMB: number | null
}

const okByEnd = quietVerdict('ok', 'marker')
const okByRow = quietVerdict('ok', 'metrics')
const incomplete = quietVerdict('incomplete', null)

/** The verdict on an attempt. Verdicts of attempts without any sign of trouble are shared: compare, never change them. */
export function judge(signals: AttemptSignals): Verdict {
  const { metrics } = signals
  if (signals.errors.length === 0 && !saysFailed(metrics)) {
    if (signals.hasEnd) {
      if (signals.endOutcome === 'ok' || signals.endOutcome === null) return okByEnd
    } else if (signals.httpStatus === null || signals.lines > 0) {
      return metrics === null ? incomplete : okByRow
    }
  }
  return judgeTrouble(signals)
}

function judgeTrouble(signals: AttemptSignals): Verdict {
  const counted = countedErrors(signals)
  const decision = decide(signals, counted)
  const { status } = decision
  const told = status !== 'ok' && status !== 'canceled' && status !== 'incomplete'
  // An attempt that failed by the word of others may be explained by what it logged itself.
  const best = told ? bestDetail(counted.length > 0 ? counted : signals.errors) : null
  const maxMemoryUsedMB = lastFigure(counted, 'maxMemoryUsedMB')
  return {
    status,
    statusSource: decision.source,
    errorCode: decision.errorCode,
    errorType: best?.type ?? null,
    errorMessage: best?.message ?? null,
    errorStack: best?.stack ?? null,
    suspectedOutOfMemory:
      (status === 'timeout' || status === 'processExited') &&
      isNearLimit(signals.maxMemoryUsedMB ?? maxMemoryUsedMB, signals.memoryMB),
    durationMs: lastFigure(counted, 'durationMs'),
    maxMemoryUsedMB,
  }
}

interface Decision extends Reading {
  readonly source: ValueSource | null
}

function decide(signals: AttemptSignals, counted: readonly ErrorSignal[]): Decision {
  const { metrics } = signals
  const rowType = metrics?.errorType || null
  if (rowType === 'FunctionTimeoutError') return { status: 'timeout', errorCode: rowType, source: 'metrics' }
  if (rowType === 'FunctionOOMError') return { status: 'outOfMemory', errorCode: rowType, source: 'metrics' }
  const ended = readEnd(signals, rowType)
  if (ended !== undefined) return { ...ended, source: 'marker' }
  const said = readErrors(counted, { hasStart: signals.hasStart, rowType })
  if (said !== undefined) return { ...said, source: 'message' }
  if (saysFailed(metrics)) {
    return { status: 'unhandledError', errorCode: rowType ?? 'UnhandledInvocationError', source: 'metrics' }
  }
  const answered = signals.hasEnd || signals.lines > 0 ? undefined : httpReadings.get(signals.httpStatus)
  if (answered !== undefined) return { ...answered, source: 'metrics' }
  return signals.hasEnd ? okByEndDecision : metrics !== null ? okByRowDecision : incompleteDecision
}

const okByEndDecision: Decision = { status: 'ok', errorCode: null, source: 'marker' }
const okByRowDecision: Decision = { status: 'ok', errorCode: null, source: 'metrics' }
const incompleteDecision: Decision = { status: 'incomplete', errorCode: null, source: null }

/** What a row's HTTP status says about an attempt of which nothing else is known. */
const httpReadings: ReadonlyMap<number | null, Reading> = new Map([
  [429, { status: 'throttled', errorCode: 'ResourceExhausted' }],
  [499, { status: 'canceled', errorCode: null }],
  [500, { status: 'platformError', errorCode: 'InternalServerError' }],
  [502, { status: 'processExited', errorCode: 'ProcessExitedUnexpectedly' }],
  [503, { status: 'platformError', errorCode: 'ResourceThrottled' }],
])

/** True when a metrics row says that the function failed. An empty `errorType` is how a string-typed row says "none". */
function saysFailed(metrics: MetricsSignal | null): boolean {
  return metrics !== null && (metrics.hasFunctionError === true || !!metrics.errorType)
}

function readEnd(signals: AttemptSignals, rowType: string | null): Reading | undefined {
  switch (signals.endOutcome) {
    case 'handledError':
      return { status: 'handledError', errorCode: rowType ?? 'HandledInvocationError' }
    case 'unhandledError':
      return { status: 'unhandledError', errorCode: rowType ?? 'UnhandledInvocationError' }
    case 'canceled':
      return { status: 'canceled', errorCode: null }
    default:
      return undefined
  }
}

/**
 * The reading of the weightiest signal, the last of those of one weight: a platform sentence or code before
 * "process exited" (which also follows a timeout or a failed start), that before a function's own error body.
 */
function readErrors(
  counted: readonly ErrorSignal[],
  context: { readonly hasStart: boolean; readonly rowType: string | null },
): Reading | undefined {
  let found: Reading | undefined
  let foundWeight = 0
  for (const { detail } of counted) {
    const read = readSignal(detail, context)
    if (read !== undefined && read.weight >= foundWeight) {
      found = { status: read.status, errorCode: read.errorCode }
      foundWeight = read.weight
    }
  }
  return found
}

/** After an End that reports no error, or a row that says there was none, what the function logged itself was caught: not its outcome. */
function countedErrors(signals: AttemptSignals): readonly ErrorSignal[] {
  const quietEnd = signals.hasEnd && (signals.endOutcome === 'ok' || signals.endOutcome === null)
  if (!quietEnd && signals.metrics?.hasFunctionError !== false) return signals.errors
  return signals.errors.filter(error => !error.inAppLine)
}

function lastFigure(errors: readonly ErrorSignal[], name: 'durationMs' | 'maxMemoryUsedMB'): number | null {
  for (let index = errors.length - 1; index >= 0; index--) {
    const detail = errors[index]?.detail
    if (detail !== undefined && detail.sentence !== null && detail[name] !== null) return detail[name]
  }
  return null
}

/** True when the peak is at or within 1 % of the limit; both in MB. */
export function isNearLimit(peakMB: number | null, limitMB: number | null): boolean {
  // The slack takes up the binary error of figures with two decimals: 506.88 of 512 is exactly 99 %.
  return peakMB !== null && limitMB !== null && limitMB > 0 && peakMB * 100 >= limitMB * 99 - 1e-6
}

function quietVerdict(status: Status, statusSource: ValueSource | null): Verdict {
  return Object.freeze({
    status,
    statusSource,
    errorCode: null,
    errorType: null,
    errorMessage: null,
    errorStack: null,
    suspectedOutOfMemory: false,
    durationMs: null,
    maxMemoryUsedMB: null,
  })
}
