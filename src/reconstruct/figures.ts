// Hot path: which of several figures for the same thing holds, and where it came from
// (contract §4 rule 7: metric rows, then summaries, then sentences, then record times; docs/semantics.md §5, §6).

import type { Attempt, Sources } from '../model/attempt.ts'
import type { FunctionConfig } from '../model/function-config.ts'
import { Cell, Figure, none, State } from './attempt-layout.ts'
import type { AttemptNotes } from './attempt-notes.ts'
import type { AttemptTable } from './attempt-table.ts'
import type { MetricsFacts } from './metrics-facts.ts'

/** Billing units: CPU functions by the millisecond, GPU functions by the second (facts/fc-metrics-billing §D.3). */
const cpuBillingUnitMs = 1
const gpuBillingUnitMs = 1000

/** Uncertainty of a duration between two whole-second times. */
const wholeSecondsUncertaintyMs = 1000

/** What is known of one attempt before fusion; `slot` is `none` when only a row was seen. */
export interface Evidence {
  readonly table: AttemptTable
  slot: number
  facts: MetricsFacts | null
  notes: AttemptNotes | undefined
  /** Notes of the row's slot: start failures that its time covered. */
  rowNotes: AttemptNotes | undefined
  config: FunctionConfig | null
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** Fills `startTimeMs` and `endTimeMs`. */
export function fuseTimes(into: Attempt, sources: Sources, evidence: Evidence): void {
  sources.startTime = undefined
  sources.endTime = undefined
  const { table, slot, facts } = evidence
  into.startTimeMs = null
  into.endTimeMs = null
  if (facts !== null && !Number.isNaN(facts.startMs)) {
    into.startTimeMs = facts.startMs
    sources.startTime = 'metrics'
    if (!Number.isNaN(facts.durationMs)) {
      into.endTimeMs = Math.round(facts.endMs)
      sources.endTime = 'metrics'
    }
  }
  if (slot === none) return
  const source = (table.cells[slot + Cell.state]! & State.textTimes) === 0 ? 'recordTime' : 'text'
  if (into.startTimeMs === null) {
    into.startTimeMs = orNull(table.figures[(slot >> 1) + Figure.startMs]!)
    if (into.startTimeMs !== null) sources.startTime = source
  }
  if (into.endTimeMs === null) {
    into.endTimeMs = orNull(table.figures[(slot >> 1) + Figure.endMs]!)
    if (into.endTimeMs !== null) sources.endTime = source
  }
}

/** Fills durations and memory, each from the best source that has it. */
export function fuseFigures(into: Attempt, sources: Sources, evidence: Evidence): void {
  sources.durationMs = undefined
  sources.billedMs = undefined
  sources.memoryMB = undefined
  sources.maxMemoryUsedMB = undefined
  into.durationMs = null
  into.durationUncertaintyMs = 0
  into.billedMs = null
  into.memoryMB = null
  into.maxMemoryUsedMB = null
  takeMetrics(into, sources, evidence.facts)
  if (evidence.slot !== none) takeSummary(into, sources, evidence)
  if (evidence.notes !== undefined) takeSentences(into, sources, evidence.notes, hasQuietEnd(evidence))
  if (evidence.rowNotes !== undefined) takeSentences(into, sources, evidence.rowNotes, false)
  if (into.durationMs === null && evidence.slot !== none) takeRecordTimes(into, sources, evidence)
  if (into.memoryMB === null && evidence.config !== null) into.memoryMB = evidence.config.memoryMB
  if (into.billedMs === null && into.durationMs !== null) {
    const unitMs = evidence.config?.gpu ? gpuBillingUnitMs : cpuBillingUnitMs
    into.billedMs = Math.ceil(into.durationMs / unitMs) * unitMs
    if (sources.durationMs !== undefined) sources.billedMs = sources.durationMs
  }
}

function takeMetrics(into: Attempt, sources: Sources, facts: MetricsFacts | null): void {
  if (facts === null) return
  into.durationMs = orNull(facts.durationMs)
  if (into.durationMs !== null) sources.durationMs = 'metrics'
  into.memoryMB = orNull(facts.memoryMB)
  if (into.memoryMB !== null) sources.memoryMB = 'metrics'
  into.maxMemoryUsedMB = orNull(facts.maxMemoryUsedMB)
  if (into.maxMemoryUsedMB !== null) sources.maxMemoryUsedMB = 'metrics'
}

function takeSummary(into: Attempt, sources: Sources, { table, slot }: Evidence): void {
  if ((table.cells[slot + Cell.state]! & State.hasSummary) === 0) return
  const base = (slot >> 1) + Figure.summary
  const durationMs = table.figures[base]!
  const billedMs = table.figures[base + 1]!
  const memoryMB = table.figures[base + 2]!
  const maxMemoryUsedMB = table.figures[base + 3]!
  if (into.durationMs === null && !Number.isNaN(durationMs)) {
    into.durationMs = durationMs
    sources.durationMs = 'summary'
  }
  if (!Number.isNaN(billedMs)) {
    into.billedMs = billedMs
    sources.billedMs = 'summary'
  }
  if (into.memoryMB === null && !Number.isNaN(memoryMB)) {
    into.memoryMB = memoryMB
    sources.memoryMB = 'summary'
  }
  if (into.maxMemoryUsedMB === null && !Number.isNaN(maxMemoryUsedMB)) {
    into.maxMemoryUsedMB = maxMemoryUsedMB
    sources.maxMemoryUsedMB = 'summary'
  }
}

/** An End that reports no error: sentences that the function itself logged before it are not about this attempt. */
function hasQuietEnd({ table, slot }: Evidence): boolean {
  return slot !== none && (table.cells[slot + Cell.state]! & (State.hasEnd | State.outcome)) === State.hasEnd
}

function takeSentences(into: Attempt, sources: Sources, notes: AttemptNotes, quietEnd: boolean): void {
  takeSentence(into, sources, orNull(notes.canceledDurationMs), orNull(notes.canceledMemoryMB))
  for (const { detail, inAppLine } of notes.errors) {
    if (detail.sentence === null || (inAppLine && quietEnd)) continue
    takeSentence(into, sources, detail.durationMs, detail.maxMemoryUsedMB)
  }
}

function takeSentence(
  into: Attempt,
  sources: Sources,
  durationMs: number | null,
  maxMemoryUsedMB: number | null,
): void {
  if (into.durationMs === null && durationMs !== null) {
    into.durationMs = durationMs
    sources.durationMs = 'message'
  }
  if (into.maxMemoryUsedMB === null && maxMemoryUsedMB !== null) {
    into.maxMemoryUsedMB = maxMemoryUsedMB
    sources.maxMemoryUsedMB = 'message'
  }
}

function takeRecordTimes(into: Attempt, sources: Sources, { table, slot }: Evidence): void {
  const state = table.cells[slot + Cell.state]!
  const durationMs = table.figures[(slot >> 1) + Figure.endMs]! - table.figures[(slot >> 1) + Figure.startMs]!
  // Unknown times give NaN, and an End that was stamped before its Start gives nothing that could be a duration.
  if (!(durationMs >= 0)) return
  into.durationMs = durationMs
  const coarse = (state & (State.startWholeSeconds | State.endWholeSeconds)) !== 0
  into.durationUncertaintyMs = coarse ? wholeSecondsUncertaintyMs : 0
  sources.durationMs = (state & State.textTimes) === 0 ? 'recordTime' : 'text'
}

/** Fills the cold start and its parts. */
export function fuseColdStart(into: Attempt, sources: Sources, evidence: Evidence): void {
  const { table, slot, facts, notes } = evidence
  sources.coldStart = undefined
  sources.initializeMs = undefined
  into.coldStart = facts === null ? null : facts.isColdStart
  if (into.coldStart !== null) sources.coldStart = 'metrics'
  into.coldStartMs = facts === null ? null : orNull(facts.coldStartMs)
  into.prepareCodeMs = facts === null ? null : orNull(facts.prepareCodeMs)
  into.runtimeInitMs = facts === null ? null : orNull(facts.runtimeInitMs)
  into.scheduleMs = facts === null ? null : orNull(facts.scheduleMs)
  into.initializeMs = facts === null ? null : orNull(facts.initializeMs)
  if (into.initializeMs !== null) sources.initializeMs = 'metrics'
  if (slot === none) return
  const state = table.cells[slot + Cell.state]!
  if (into.coldStart === null && (state & State.coldStart) !== 0) {
    into.coldStart = true
    sources.coldStart = (state & State.coldStartByInitialize) === 0 ? 'text' : 'marker'
  }
  if (into.initializeMs === null && notes !== undefined && !Number.isNaN(notes.initializeMs)) {
    into.initializeMs = notes.initializeMs
    sources.initializeMs = 'recordTime'
  }
}
