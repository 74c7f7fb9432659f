// Hot path: one attempt's markers, lines, summary, sentences and metrics row become one set of values
// (docs/semantics.md §5 to §7). One object is filled again and again.

import { deriveSpanWords, deriveTraceWords, spanIdWords, traceIdWords } from '../lib/trace-id.ts'
import { type Attempt, type AttemptFlag, type ClosedBy, closers } from '../model/attempt.ts'
import type { ErrorSignal } from '../model/attempt-signals.ts'
import type { ErrorLine } from '../model/error-line.ts'
import { outcomes } from '../model/outcome.ts'
import { phases } from '../model/record-kind.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import { Cell, Figure, idWords, none, State, slotShift } from './attempt-layout.ts'
import type { AttemptNotes } from './attempt-notes.ts'
import type { Attempts } from './attempts.ts'
import { emptyAttempt, MutableSignals } from './empty-attempt.ts'
import { type Evidence, fuseColdStart, fuseFigures, fuseTimes } from './figures.ts'
import type { Follower } from './follower.ts'
import type { GroupMember } from './request-group.ts'
import type { Rereading } from './rereading.ts'
import { collectLineSpans, identify } from './settled-identity.ts'
import type { TroubleRing } from './trouble-ring.ts'

const noErrorLines: readonly ErrorLine[] = []
const noErrors: readonly ErrorSignal[] = []
const noTrouble: readonly string[] = []

/** What is to be fused: the slot of markers and lines, the slot of the row, or both (`none` for what is not there). */
export interface FusionInput {
  readonly slot: number
  readonly row: number
  readonly attempt: number
  readonly retried: boolean
  /** Span ids that lines of its copies carry; not given where it has none. */
  readonly lineSpans?: readonly number[]
}

/** Fuses attempts and hands each on; the receiver must be done with the objects when it returns. */
export class Fusion {
  readonly #attempts: Attempts
  readonly #ring: TroubleRing
  readonly #withIds: boolean
  readonly #receive: (settled: SettledAttempt) => void
  readonly #follower: Follower | null
  readonly #rereading: Rereading
  /** What is given out now will not change any more: its slots are given back behind it. */
  isFinal = true
  readonly #attempt: Attempt = emptyAttempt()
  readonly #signals = new MutableSignals()
  readonly #evidence: Evidence
  readonly #settled: SettledAttempt
  readonly #lineSpans: number[] = []

  constructor(options: {
    attempts: Attempts
    ring: TroubleRing
    withIds: boolean
    receive: (settled: SettledAttempt) => void
    follower: Follower | null
    rereading: Rereading
  }) {
    this.#attempts = options.attempts
    this.#ring = options.ring
    this.#withIds = options.withIds
    this.#receive = options.receive
    this.#follower = options.follower
    this.#rereading = options.rereading
    const { table } = options.attempts
    this.#evidence = { table, slot: none, facts: null, notes: undefined, rowNotes: undefined, config: null }
    const flags: AttemptFlag[] = []
    this.#attempt.flags = flags
    this.#settled = {
      attempt: this.#attempt,
      signals: this.#signals,
      flags,
      traceContext: null,
      position: '',
      isFinal: true,
      home: '',
      mayKnowLess: false,
      identityWords: new Int32Array(traceIdWords + spanIdWords),
      lineSpans: this.#lineSpans,
    }
  }

  /** Fuses the attempts of one phase of a request and hands them on; takes back what was given out under numbers that are gone. */
  giveGroup(members: readonly GroupMember[], retried: boolean): void {
    for (const { slot, row, attempt, lineSpans } of members) this.#give({ slot, row, attempt, retried, lineSpans })
    if (this.#follower === null) return
    for (const { slot, row, attempt, copies } of members) {
      const lead = slot === none ? row : slot
      for (const given of [slot, row, ...copies]) if (given !== none) this.#takeBack(given, members)
      this.#attempts.table.cells[lead + Cell.givenAs] = attempt + 1
    }
  }

  /** The only attempt of its phase, with or without its row. */
  giveOne(input: FusionInput): void {
    const { cells } = this.#attempts.table
    const { slot, row, attempt } = input
    if (this.isFinal && this.#isAsGiven(input)) return
    const isFirst =
      (slot === none || cells[slot + Cell.givenAs] === 0) && (row === none || cells[row + Cell.givenAs] === 0)
    if (isFirst) {
      this.#give(input)
      cells[(slot === none ? row : slot) + Cell.givenAs] = attempt + 1
    } else this.giveGroup([{ slot, row, attempt, copies: [], lineSpans: [] }], input.retried)
  }

  /** True when it was given out as it is, nothing has changed since, and whoever has it needs no more of it. */
  #isAsGiven({ slot, row, attempt, retried }: FusionInput): boolean {
    if (this.#follower === null || retried) return false
    const { cells } = this.#attempts.table
    const lead = slot === none ? row : slot
    if (cells[lead + Cell.givenAs] !== attempt + 1) return false
    const needed = slot === none ? State.published : State.published | State.hasEnd
    if ((cells[lead + Cell.state]! & needed) !== needed) return false
    if (row !== none && (cells[row + Cell.state]! & State.published) === 0) return false
    // With others of its request, some of which are gone by now, it may have been another one then.
    const others =
      cells[lead + Cell.sameCount]! + (slot === none || row === none ? 0 : cells[row + Cell.sameCount]! - 1)
    const length = cells[lead + Cell.idLength]!
    if (others !== 0 || length === 0 || length > idWords * 4) return false
    const { identityWords } = this.#settled
    deriveTraceWords(cells, lead + Cell.id, length, identityWords, 0)
    const phase = cells[lead + Cell.state]! & State.phase
    deriveSpanWords(identityWords, 0, { phase, attempt }, identityWords, traceIdWords)
    return this.#follower.isDone(identityWords)
  }

  #takeBack(slot: number, members: readonly GroupMember[]): void {
    const { cells } = this.#attempts.table
    const before = cells[slot + Cell.givenAs]! - 1
    cells[slot + Cell.givenAs] = 0
    if (before < 0 || members.some(({ attempt }) => attempt === before)) return
    this.#attempt.requestId = this.#attempts.ids.textOf(slot)
    this.#attempt.attempt = before
    this.#attempt.phase = phases[cells[slot + Cell.state]! & State.phase]!
    this.#settled.position = ''
    this.#settled.mayKnowLess = this.#rereading.mayKnowLess(this.#attempts.table, slot, none)
    identify(this.#attempts, slot, this.#settled)
    this.#follower?.withdraw(this.#settled)
  }

  #give(input: FusionInput): void {
    const table = this.#attempts.table
    const { slot, row } = input
    const lead = slot === none ? row : slot
    const rowNotes = row === none ? undefined : table.notes[row >> slotShift]
    const evidence = this.#evidence
    evidence.slot = slot
    evidence.facts = row === none ? null : table.facts[row >> slotShift]!
    evidence.notes = slot === none ? undefined : table.notes[slot >> slotShift]
    evidence.rowNotes = rowNotes
    evidence.config = table.streamOf(lead).config ?? (row === none ? null : table.streamOf(row).config)
    const into = this.#attempt
    const { sources } = into
    sources.status = undefined
    this.#identify(lead, row, input.attempt, evidence)
    fuseTimes(into, sources, evidence)
    fuseFigures(into, sources, evidence)
    fuseColdStart(into, sources, evidence)
    this.#count(slot, row)
    into.errorLines = this.#follower === null || slot === none ? noErrorLines : this.#errorLines(slot)
    this.#flag(input)
    into.closedBy = this.#closedBy(slot, row)
    this.#signal(evidence)
    const settled = this.#settled
    settled.traceContext = evidence.facts?.traceContext ?? (evidence.notes?.traceParent || null)
    settled.position = ''
    settled.isFinal = this.isFinal
    settled.home = table.streamOf(lead).home
    settled.mayKnowLess = this.#rereading.mayKnowLess(table, slot, row)
    if (this.#withIds) identify(this.#attempts, lead, settled)
    if (this.#follower !== null) collectLineSpans(this.#attempts, input, this.#lineSpans)
    this.#receive(settled)
  }

  #identify(lead: number, row: number, attempt: number, { facts, notes }: Evidence): void {
    const into = this.#attempt
    const table = this.#attempts.table
    const origin = table.originOf(lead)
    const other = row === none ? origin : table.originOf(row)
    into.requestId = this.#withIds ? this.#attempts.ids.textOf(lead) : null
    into.attempt = attempt
    into.phase = phases[table.cells[lead + Cell.state]! & State.phase]!
    into.functionName = origin.functionName ?? other.functionName
    into.serviceName = origin.serviceName ?? other.serviceName
    into.qualifier = origin.qualifier ?? other.qualifier
    into.versionId = origin.versionId ?? other.versionId
    into.instanceID = origin.instanceID ?? other.instanceID ?? notes?.instanceID ?? null
    into.invocationType = facts?.invocationType ?? null
    into.triggerType = facts?.triggerType ?? null
    into.resourceMode = facts?.resourceMode ?? null
    into.httpMethod = facts?.method ?? null
    into.httpPath = facts?.requestURI ?? null
    into.httpStatus = facts === null || Number.isNaN(facts.statusCode) ? null : facts.statusCode
  }

  #count(slot: number, row: number): void {
    const into = this.#attempt
    const counts = this.#attempts.table.cells
    // A row has lines of its own when its time covered a start failure.
    const a = slot === none ? none : slot + Cell.lines
    const b = row === none ? none : row + Cell.lines
    into.lines = (a === none ? 0 : counts[a]!) + (b === none ? 0 : counts[b]!)
    into.linesAfterEnd = a === none ? 0 : counts[a + 1]!
    const levels = into.levels
    const at = a === none ? b : a
    levels.fatal = counts[at + 2]!
    levels.error = counts[at + 3]!
    levels.warn = counts[at + 4]!
    levels.info = counts[at + 5]!
    levels.debug = counts[at + 6]!
    levels.trace = counts[at + 7]!
    levels.other = counts[at + 8]!
    // Start failures are never application lines, so that a row's own lines have no level.
    if (a !== none && b !== none) levels.other += counts[b + 8]!
  }

  #errorLines(slot: number): readonly ErrorLine[] {
    const { figures } = this.#attempts.table
    const at = slot >> 1
    return this.#ring.linesOf(figures[at + Figure.firstTrouble]!, figures[at + Figure.lastTrouble]!)
  }

  /** First error line, exceptions and the like, last error line. */
  #troubleLines(slot: number, notes: AttemptNotes | undefined): readonly string[] {
    if (slot === none) return noTrouble
    const { table } = this.#attempts
    const first = this.#ring.read(table.figures[(slot >> 1) + Figure.firstTrouble]!)
    const last = this.#ring.read(table.figures[(slot >> 1) + Figure.lastTrouble]!)
    const lines = notes === undefined ? [] : [...notes.troubleLines]
    if (first !== null) lines.unshift(first)
    if (last !== null) lines.push(last)
    return lines
  }

  #flag({ slot, row, retried }: FusionInput): void {
    const { flags } = this.#settled
    flags.length = 0
    const rowOnly = slot === none && this.#attempt.lines === 0
    const state = slot === none ? 0 : this.#attempts.table.cells[slot + Cell.state]!
    if (!rowOnly && (state & State.hasStart) === 0) flags.push('missingStart')
    if (!rowOnly && (state & State.hasEnd) === 0) flags.push('missingEnd')
    if ((state & State.duplicateMarkers) !== 0) flags.push('duplicateMarkers')
    if (retried) flags.push('retried')
    if ((state & State.lateEnd) !== 0) flags.push('lateEnd')
    if (rowOnly && row !== none) flags.push('metricsOnly')
    if ((state & State.evicted) !== 0) flags.push('evicted')
  }

  #closedBy(slot: number, row: number): ClosedBy {
    const table = this.#attempts.table
    if (slot !== none && (table.cells[slot + Cell.state]! & State.hasEnd) !== 0) return 'end'
    if (row !== none) return 'metrics'
    const closer = closers[table.cells[slot + Cell.closer]!]!
    // Nobody knows at which point between the lines an instance was destroyed; that it was outranks the reasons below it.
    const weak = closer === 'nextStart' || closer === 'eof'
    return weak && table.streamOf(slot).destroyed ? 'instanceDestroyed' : closer
  }

  #signal({ table, slot, facts, notes, rowNotes, config }: Evidence): void {
    const into = this.#signals
    const attempt = this.#attempt
    const state = slot === none ? 0 : table.cells[slot + Cell.state]!
    into.phase = attempt.phase
    into.hasStart = (state & State.hasStart) !== 0
    into.hasEnd = (state & State.hasEnd) !== 0
    into.endOutcome = into.hasEnd ? outcomes[(state & State.outcome) >> State.outcomeShift]! : null
    into.metrics = facts
    into.httpMethod = attempt.httpMethod
    into.httpStatus = attempt.httpStatus
    into.errors = joined(notes?.errors, rowNotes?.errors, noErrors)
    const quiet = into.endOutcome === 'ok' && into.errors.length === 0 && facts?.hasFunctionError !== true
    into.troubleLines = quiet ? noTrouble : this.#troubleLines(slot, notes)
    into.lines = attempt.lines
    into.durationMs = attempt.durationMs
    into.memoryMB = attempt.memoryMB
    into.maxMemoryUsedMB = attempt.maxMemoryUsedMB
    into.timeoutMs = config === null || config.timeoutSeconds === null ? null : config.timeoutSeconds * 1000
    const idleMs = slot === none ? Number.NaN : table.figures[(slot >> 1) + Figure.idleBeforeMs]!
    into.idleBeforeMs = Number.isNaN(idleMs) ? null : idleMs
  }
}

function joined<T>(
  first: readonly T[] | undefined,
  second: readonly T[] | undefined,
  empty: readonly T[],
): readonly T[] {
  if (second === undefined || second.length === 0) return first === undefined || first.length === 0 ? empty : first
  return first === undefined || first.length === 0 ? second : [...first, ...second]
}
