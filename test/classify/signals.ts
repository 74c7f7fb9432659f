// Signals for classification tests: an attempt that ran and ended well, to be changed by a case.
import type { AttemptSignals, ErrorSignal } from '../../src/model/attempt-signals.ts'
import type { ErrorDetail } from '../../src/model/error-detail.ts'

/** A healthy attempt's signals with the given changes. */
export const signalsWith = (changes: Partial<AttemptSignals> = {}): AttemptSignals => ({
  phase: 'invoke',
  hasStart: true,
  hasEnd: true,
  endOutcome: 'ok',
  metrics: null,
  httpMethod: null,
  httpStatus: null,
  errors: [],
  troubleLines: [],
  lines: 3,
  durationMs: null,
  memoryMB: null,
  maxMemoryUsedMB: null,
  timeoutMs: null,
  idleBeforeMs: null,
  ...changes,
})

/** What an attempt looks like whose End never came. */
export const withoutEnd: Partial<AttemptSignals> = { hasEnd: false, endOutcome: null }

/** What an attempt looks like of which only its metrics row was seen. */
export const rowOnly: Partial<AttemptSignals> = { hasStart: false, hasEnd: false, endOutcome: null, lines: 0 }

/** An error outside an application line. */
export const printed = (detail: Partial<ErrorDetail> & { message: string }): ErrorSignal => ({
  detail: detailWith(detail),
  inAppLine: false,
})

/** An error that the function wrote into its own log. */
export const logged = (detail: Partial<ErrorDetail> & { message: string }): ErrorSignal => ({
  detail: detailWith(detail),
  inAppLine: true,
})

const detailWith = (detail: Partial<ErrorDetail> & { message: string }): ErrorDetail => ({
  code: null,
  type: null,
  stack: null,
  sentence: null,
  durationMs: null,
  maxMemoryUsedMB: null,
  ...detail,
})
