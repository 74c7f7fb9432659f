// From what a reader saw of an attempt to the object it gives out (contract §4; docs/semantics.md §6, §7).

import { deriveSpanId, deriveTraceId } from '../lib/trace-id.ts'
import { type Attempt, type AttemptFlag, attemptFlags, type ClosedBy, type Sources } from '../model/attempt.ts'
import type { CauseCode } from '../model/cause.ts'
import { phases } from '../model/record-kind.ts'
import { rowEndMs, type SeenAttempt } from './seen-attempt.ts'
import { fuseFigures } from './truth-figures.ts'
import { judgeTruth } from './truth-status.ts'

/** An attempt of the truth. Of causes only the one that must be first is named; none where the scenario meant none. */
export type TrueAttempt = Omit<Attempt, 'causes' | 'errorStack' | 'errorLines'> & {
  causes: readonly { readonly code: CauseCode }[]
}

/** `isConsole`: record times come from console prefixes. */
export function makeTruth(seen: SeenAttempt, options: { readonly isConsole: boolean }): TrueAttempt {
  const { row, profile } = seen
  const verdict = judgeTruth(seen)
  const figures = fuseFigures(seen, options)
  const isMetricsOnly = row !== null && seen.lines === 0 && !seen.hasStart && !seen.hasEnd
  const peak = figures.maxMemoryUsedMB
  const isNearLimit = peak !== null && figures.memoryMB !== null && peak >= figures.memoryMB * 0.99
  const flags: Readonly<Record<AttemptFlag, boolean>> = {
    missingStart: !seen.hasStart && !isMetricsOnly,
    missingEnd: !seen.hasEnd && !isMetricsOnly,
    duplicateMarkers: seen.hasDuplicateMarkers,
    retried: seen.isRetried,
    lateEnd: seen.isLateEnd,
    metricsOnly: isMetricsOnly,
    suspectedOutOfMemory: isNearLimit && (verdict.status === 'timeout' || verdict.status === 'processExited'),
    evicted: false,
  }
  const sources: Sources = verdict.source === null ? figures.sources : { status: verdict.source, ...figures.sources }
  return {
    requestId: seen.requestId,
    attempt: seen.attempt,
    phase: seen.phase,
    functionName: profile?.functionName ?? null,
    serviceName: profile?.serviceName ?? null,
    qualifier: profile?.qualifier ?? null,
    versionId: profile === null || profile.versionId === '' ? null : profile.versionId,
    instanceID: seen.instanceID,
    invocationType: row?.invocationType ?? null,
    triggerType: row?.triggerType ?? null,
    resourceMode: row === null ? null : 'OnDemand',
    status: verdict.status,
    errorCode: verdict.errorCode,
    errorType: verdict.errorType,
    errorMessage: verdict.errorMessage,
    httpMethod: row?.http?.method ?? null,
    httpPath: row?.http?.requestURI ?? null,
    httpStatus: row?.http?.statusCode ?? null,
    startTimeMs: row?.startMs ?? seen.startMs,
    endTimeMs: row === null ? seen.endMs : rowEndMs(row),
    durationMs: figures.durationMs,
    durationUncertaintyMs: figures.durationUncertaintyMs,
    billedMs: figures.billedMs,
    memoryMB: figures.memoryMB,
    maxMemoryUsedMB: figures.maxMemoryUsedMB,
    coldStart: figures.coldStart,
    coldStartMs: row?.coldStartLatencyMs ?? null,
    prepareCodeMs: row?.prepareCodeLatencyMs ?? null,
    runtimeInitMs: row?.runtimeInitializationMs ?? null,
    initializeMs: figures.initializeMs,
    scheduleMs: row?.scheduleLatencyMs ?? null,
    lines: seen.lines,
    linesAfterEnd: seen.linesAfterEnd,
    levels: seen.levels,
    ...spanIds(seen),
    closedBy: closedBy(seen),
    flags: attemptFlags.filter(flag => flags[flag]),
    causes: verdict.status === 'ok' || seen.cause === null ? [] : [{ code: seen.cause }],
    sources,
    cu: null,
    revision: 1,
  }
}

function closedBy(seen: SeenAttempt): ClosedBy {
  if (seen.hasEnd) return 'end'
  if (seen.row !== null) return 'metrics'
  return seen.closedEarly ?? 'eof'
}

function spanIds(seen: SeenAttempt): { traceId: string; spanId: string; parentSpanId: string | null } {
  const context = seen.row?.traceContext ?? null
  if (context !== null) {
    const [trace = '', span = '', parent = ''] = context.split(':')
    return {
      traceId: trace.padStart(32, '0'),
      spanId: span.padStart(16, '0'),
      parentSpanId: parent === '0' ? null : parent.padStart(16, '0'),
    }
  }
  const identity = seen.requestId ?? `${seen.phase}|${seen.attempt}|${seen.instanceID ?? ''}`
  const span = { phase: phases.indexOf(seen.phase), attempt: seen.attempt }
  return { traceId: deriveTraceId(identity), spanId: deriveSpanId(identity, span), parentSpanId: null }
}

/** One line of JSON in the contract's key order, with its newline. */
export function formatTruth(truth: TrueAttempt): string {
  const { startTimeMs, endTimeMs, ...rest } = truth
  // The contract's names of the two times take the places of the model's.
  const entries: [string, unknown][] = []
  for (const [key, value] of Object.entries(rest)) {
    if (key === 'durationMs') entries.push(['startTime', isoOrNull(startTimeMs)], ['endTime', isoOrNull(endTimeMs)])
    entries.push([key, value])
  }
  return `${JSON.stringify(Object.fromEntries(entries))}\n`
}

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
