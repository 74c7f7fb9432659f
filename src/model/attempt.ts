// One execution of one request on one instance: what `reconstruct` gives out (contract §4).
import type { Cause } from './cause.ts'
import type { ErrorLine } from './error-line.ts'
import type { PhaseName } from './record-kind.ts'

export const statuses = [
  'ok',
  'handledError',
  'unhandledError',
  'timeout',
  'outOfMemory',
  'canceled',
  'processExited',
  'startFailed',
  'throttled',
  'platformError',
  'incomplete',
] as const
export type Status = (typeof statuses)[number]

/** What closed an attempt. */
export const closers = [
  'end',
  'metrics',
  'errorText',
  'nextStart',
  'instanceDestroyed',
  'silence',
  'evicted',
  'eof',
] as const
export type ClosedBy = (typeof closers)[number]

/** What is odd about an attempt, in the order in which they are given out. */
export const attemptFlags = [
  'missingStart',
  'missingEnd',
  'duplicateMarkers',
  'retried',
  'lateEnd',
  'metricsOnly',
  'suspectedOutOfMemory',
  'evicted',
] as const
export type AttemptFlag = (typeof attemptFlags)[number]

/** Where a fused value came from. */
export const valueSources = ['metrics', 'summary', 'message', 'recordTime', 'marker', 'text'] as const
export type ValueSource = (typeof valueSources)[number]

/** The fused fields whose origin is told, in the order in which they are given out. */
export const sourcedFields = [
  'status',
  'startTime',
  'endTime',
  'durationMs',
  'billedMs',
  'memoryMB',
  'maxMemoryUsedMB',
  'coldStart',
  'initializeMs',
] as const
export type SourcedField = (typeof sourcedFields)[number]
export type Sources = Partial<Record<SourcedField, ValueSource | undefined>>

/** Lines per level, in the order of `levelNames`. */
export interface LevelCounts {
  fatal: number
  error: number
  warn: number
  info: number
  debug: number
  trace: number
  other: number
}

/**
 * An attempt as it is given out. Times are unix milliseconds here and RFC 3339 outside; null is "not known".
 * Ids derived from identity (`traceId`, …) are lower-case hex as W3C writes them.
 */
export interface Attempt {
  requestId: string | null
  attempt: number
  phase: PhaseName
  functionName: string | null
  serviceName: string | null
  qualifier: string | null
  versionId: string | null
  instanceID: string | null
  invocationType: string | null
  triggerType: string | null
  resourceMode: string | null
  status: Status
  errorCode: string | null
  errorType: string | null
  errorMessage: string | null
  /** Frames of the error that the message is of, joined by `\n`, at most 8 KiB; null when it has none. No field of the contract's record. */
  errorStack: string | null
  /** Its first error line and the last ones; empty where nobody follows. `levels` counts all. No field of the contract's record. */
  errorLines: readonly ErrorLine[]
  httpMethod: string | null
  httpPath: string | null
  httpStatus: number | null
  startTimeMs: number | null
  endTimeMs: number | null
  durationMs: number | null
  durationUncertaintyMs: number
  billedMs: number | null
  memoryMB: number | null
  maxMemoryUsedMB: number | null
  coldStart: boolean | null
  coldStartMs: number | null
  prepareCodeMs: number | null
  runtimeInitMs: number | null
  initializeMs: number | null
  scheduleMs: number | null
  lines: number
  linesAfterEnd: number
  levels: LevelCounts
  traceId: string
  spanId: string
  parentSpanId: string | null
  closedBy: ClosedBy
  flags: readonly AttemptFlag[]
  causes: readonly Cause[]
  sources: Sources
  /** Resource use in CU as an exact decimal string; null without the function's configuration. */
  cu: string | null
  revision: number
}
