// Evidence that is a figure of the records and not a piece of text. Every function gives undefined for what is not known.
import type { AttemptSignals } from '../model/attempt-signals.ts'
import type { Sentence } from '../model/error-detail.ts'
import type { Failure } from './cause-rule.ts'
import { opening } from './failure-texts.ts'
import { isNearLimit } from './judge.ts'

/** `maxMemoryUsedMB 511.2 of 512` */
export function memoryFigure(failure: Failure): string | undefined {
  const peakMB = peakMemoryMB(failure)
  if (peakMB === null) return undefined
  const { memoryMB } = failure.signals
  return memoryMB === null ? `maxMemoryUsedMB ${peakMB}` : `maxMemoryUsedMB ${peakMB} of ${memoryMB}`
}

/** True when the peak is within 1 % of the limit. */
export const isMemoryNearLimit = (failure: Failure): boolean =>
  isNearLimit(peakMemoryMB(failure), failure.signals.memoryMB)

const peakMemoryMB = ({ signals, verdict }: Failure): number | null =>
  signals.maxMemoryUsedMB ?? verdict.maxMemoryUsedMB

/** `duration 60000 ms of timeout 60000 ms` */
export function durationFigure(failure: Failure): string | undefined {
  const durationMs = durationOf(failure)
  if (durationMs === null) return undefined
  const { timeoutMs } = failure.signals
  return timeoutMs === null ? `duration ${durationMs} ms` : `duration ${durationMs} ms of timeout ${timeoutMs} ms`
}

/** The attempt's duration, else the one that a sentence gives; ms. */
export const durationOf = ({ signals, verdict }: Failure): number | null => signals.durationMs ?? verdict.durationMs

/** `idle 612 s before this POST request` */
export function idleFigure({ idleBeforeMs, httpMethod }: AttemptSignals): string | undefined {
  if (idleBeforeMs === null) return undefined
  const seconds = Math.round(idleBeforeMs / 100) / 10
  return httpMethod === null
    ? `idle ${seconds} s before this request`
    : `idle ${seconds} s before this ${httpMethod.slice(0, 16)} request`
}

/** `statusCode 502` */
export const statusFigure = ({ httpStatus }: AttemptSignals): string | undefined =>
  httpStatus === null ? undefined : `statusCode ${httpStatus}`

/** `errorType FunctionOOMError`, else `hasFunctionError true`, from the metrics row. */
export function rowFigure({ metrics }: AttemptSignals): string | undefined {
  if (metrics?.errorType) return `errorType ${metrics.errorType.slice(0, 100)}`
  return metrics?.hasFunctionError === true ? 'hasFunctionError true' : undefined
}

/** `End outcome unhandledError` */
export const endFigure = ({ endOutcome }: AttemptSignals): string | undefined =>
  endOutcome === null || endOutcome === 'ok' ? undefined : `End outcome ${endOutcome}`

/** `errorCode CAFilePermission`, when an error gives one of the codes. */
export function codeFigure({ errors }: AttemptSignals, codes: readonly string[]): string | undefined {
  const code = errors.find(({ detail }) => detail.code !== null && codes.includes(detail.code))?.detail.code
  return code ? `errorCode ${code.slice(0, 100)}` : undefined
}

/** The beginning of the first error that is one of the platform's sentences named. */
export function sentenceQuote({ errors }: AttemptSignals, names: readonly Sentence[]): string | undefined {
  const signal = errors.find(({ detail }) => detail.sentence !== null && names.includes(detail.sentence))
  return signal === undefined ? undefined : opening(signal.detail.message)
}
