// Which errors mean that the process is gone, or never came up (contract §4 rule 3; docs/semantics.md §4, §7).
import type { ErrorDetail, Sentence } from './error-detail.ts'

const startFailures = [
  'instanceExited',
  'healthCheckFailed',
  'notReady',
  'cannotBeStarted',
  'cannotStartOrExited',
  'serverNotStarted',
] as const satisfies readonly Sentence[]

const startFailureSentences: ReadonlySet<Sentence> = new Set(startFailures)

const endingSentences: ReadonlySet<Sentence> = new Set<Sentence>(['processExited', 'timedOut', ...startFailures])

/** `CAExited`, `CAFilePermission`, … and `FunctionNotStarted`, but not a function's own CAPTCHA_FAILED. */
export const isStartFailureCode = (code: string): boolean => /^CA[A-Z][a-z]/.test(code) || code === 'FunctionNotStarted'

const hasStartFailureCode = (detail: ErrorDetail): boolean =>
  detail.code !== null && detail.sentence !== 'other' && isStartFailureCode(detail.code)

/**
 * True for errors that say that no process came up, or that one went away between requests: where nothing is open, they are
 * part of no execution that has ended.
 */
export const isStartFailure = (detail: ErrorDetail): boolean =>
  hasStartFailureCode(detail) || (detail.sentence !== null && startFailureSentences.has(detail.sentence))

/** True for errors after which the process is gone: the attempt they belong to is over. */
export const endsProcess = (detail: ErrorDetail): boolean =>
  hasStartFailureCode(detail) || (detail.sentence !== null && endingSentences.has(detail.sentence))
