// The objects that fusion fills again and again, with every field there from the beginning.

import type { Attempt } from '../model/attempt.ts'
import type { AttemptSignals, ErrorSignal, MetricsSignal } from '../model/attempt-signals.ts'
import type { OutcomeName } from '../model/outcome.ts'
import type { PhaseName } from '../model/record-kind.ts'

/** An attempt of which nothing is known. */
export function emptyAttempt(): Attempt {
  return {
    requestId: null,
    attempt: 0,
    phase: 'invoke',
    functionName: null,
    serviceName: null,
    qualifier: null,
    versionId: null,
    instanceID: null,
    invocationType: null,
    triggerType: null,
    resourceMode: null,
    status: 'incomplete',
    errorCode: null,
    errorType: null,
    errorMessage: null,
    errorStack: null,
    errorLines: [],
    httpMethod: null,
    httpPath: null,
    httpStatus: null,
    startTimeMs: null,
    endTimeMs: null,
    durationMs: null,
    durationUncertaintyMs: 0,
    billedMs: null,
    memoryMB: null,
    maxMemoryUsedMB: null,
    coldStart: null,
    coldStartMs: null,
    prepareCodeMs: null,
    runtimeInitMs: null,
    initializeMs: null,
    scheduleMs: null,
    lines: 0,
    linesAfterEnd: 0,
    levels: { fatal: 0, error: 0, warn: 0, info: 0, debug: 0, trace: 0, other: 0 },
    traceId: '',
    spanId: '',
    parentSpanId: null,
    closedBy: 'eof',
    flags: [],
    causes: [],
    sources: {
      status: undefined,
      startTime: undefined,
      endTime: undefined,
      durationMs: undefined,
      billedMs: undefined,
      memoryMB: undefined,
      maxMemoryUsedMB: undefined,
      coldStart: undefined,
      initializeMs: undefined,
    },
    cu: null,
    revision: 1,
  }
}

/** Signals that can be filled; handed on as {@link AttemptSignals}. */
export class MutableSignals implements AttemptSignals {
  phase: PhaseName = 'invoke'
  hasStart = false
  hasEnd = false
  endOutcome: OutcomeName | null = null
  metrics: MetricsSignal | null = null
  httpMethod: string | null = null
  httpStatus: number | null = null
  errors: readonly ErrorSignal[] = []
  troubleLines: readonly string[] = []
  lines = 0
  durationMs: number | null = null
  memoryMB: number | null = null
  maxMemoryUsedMB: number | null = null
  timeoutMs: number | null = null
  idleBeforeMs: number | null = null
}
