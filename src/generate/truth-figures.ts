// Durations, memory and cold starts of an attempt, each from the best record that gives it (docs/semantics.md §6).
import type { Sources, ValueSource } from '../model/attempt.ts'
import type { SeenAttempt } from './seen-attempt.ts'

export interface FusedFigures {
  readonly durationMs: number | null
  readonly durationUncertaintyMs: number
  readonly billedMs: number | null
  readonly memoryMB: number | null
  readonly maxMemoryUsedMB: number | null
  readonly coldStart: boolean | null
  readonly initializeMs: number | null
  /** Of all fields but the status, in the contract's order. */
  readonly sources: Sources
}

interface Sourced<T> {
  readonly value: T
  readonly source: ValueSource
}

/** The first that is known. */
function first<T>(...candidates: readonly (readonly [T | null | undefined, ValueSource])[]): Sourced<T> | null {
  for (const [value, source] of candidates) if (value !== null && value !== undefined) return { value, source }
  return null
}

export function fuseFigures(seen: SeenAttempt, options: { readonly isConsole: boolean }): FusedFigures {
  const { row, summary } = seen
  const recordSource: ValueSource = options.isConsole ? 'text' : 'recordTime'
  const startTime = first([row?.startMs, 'metrics'], [seen.startMs, recordSource])
  const endTime = first([row?.startMs, 'metrics'], [seen.endMs, recordSource])
  const duration = fuseDuration(seen, options)
  const billed =
    summary?.billedMs !== undefined && summary.billedMs !== null
      ? { value: summary.billedMs, source: 'summary' as const }
      : duration && { value: Math.ceil(duration.value), source: duration.source }
  const memory = first([row?.memoryMB, 'metrics'], [summary?.memoryMB, 'summary'])
  const peak = first<number>(
    [row?.memoryUsageMB, 'metrics'],
    [summary?.maxMemoryUsedMB, 'summary'],
    [sentencePeak(seen), 'message'],
  )
  const coldStart = first<boolean>(
    [row?.isColdStart, 'metrics'],
    [seen.isFirstOnInstance ? true : null, seen.initialize === null ? 'text' : 'marker'],
  )
  const initialize = first([row?.initializationMs, 'metrics'], [exactInitializeMs(seen), 'recordTime'])
  return {
    durationMs: duration?.value ?? null,
    durationUncertaintyMs: duration?.source === recordSource && seen.isWholeSeconds ? 1000 : 0,
    billedMs: billed?.value ?? null,
    memoryMB: memory?.value ?? null,
    maxMemoryUsedMB: peak?.value ?? null,
    coldStart: coldStart?.value ?? null,
    initializeMs: initialize?.value ?? null,
    sources: {
      ...(startTime && { startTime: startTime.source }),
      ...(endTime && { endTime: endTime.source }),
      ...(duration && { durationMs: duration.source }),
      ...(billed && { billedMs: billed.source }),
      ...(memory && { memoryMB: memory.source }),
      ...(peak && { maxMemoryUsedMB: peak.source }),
      ...(coldStart && { coldStart: coldStart.source }),
      ...(initialize && { initializeMs: initialize.source }),
    },
  }
}

function fuseDuration(seen: SeenAttempt, options: { readonly isConsole: boolean }): Sourced<number> | null {
  return first<number>(
    [seen.row?.durationMs, 'metrics'],
    [seen.summary?.durationMs, 'summary'],
    [seen.canceledFigures?.durationMs, 'message'],
    [sentenceFigure(seen, 'durationMs'), 'message'],
    [recordDuration(seen), options.isConsole ? 'text' : 'recordTime'],
  )
}

function recordDuration(seen: SeenAttempt): number | null {
  return seen.startMs === null || seen.endMs === null ? null : seen.endMs - seen.startMs
}

const sentencePeak = (seen: SeenAttempt): number | null =>
  seen.canceledFigures?.maxMemoryUsedMB ?? sentenceFigure(seen, 'maxMemoryUsedMB')

const sentenceFigure = (seen: SeenAttempt, field: 'durationMs' | 'maxMemoryUsedMB'): number | null =>
  seen.errors.findLast(error => error.detail[field] !== null)?.detail[field] ?? null

/** The joined initialize attempt's duration, where it is known to the millisecond. */
function exactInitializeMs(seen: SeenAttempt): number | null {
  const { initialize } = seen
  return initialize === null || initialize.isWholeSeconds ? null : recordDuration(initialize)
}
