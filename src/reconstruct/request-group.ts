// All attempts of one request: folds copies, pairs rows with markers, and numbers what remains (contract §4 rules 1, 2, 10).

import type { Ledger } from '../model/ledger.ts'
import { Cell, countCells, Figure, none, State, slotShift } from './attempt-layout.ts'
import type { AttemptTable } from './attempt-table.ts'
import type { Attempts } from './attempts.ts'
import { msBetween } from './engine-frame.ts'
import { addLineSpan } from './line-identity.ts'
import type { MetricsFacts } from './metrics-facts.ts'
import { joinTraceParents } from './trace-parents.ts'

/** Only invocations are retried; hooks of one id are calls of their own. */
const invoke = 0

/** One attempt of a settled request: markers and lines (`slot`), a row (`row`), or both; {@link none} for what is not there. */
export interface GroupMember {
  slot: number
  row: number
  attempt: number
  /** Slots that turned out to be copies of `slot`; they have yet to be folded into it. */
  readonly copies: number[]
  /** Span ids (2 words each) that lines of copies carry. */
  readonly lineSpans: number[]
}

/** Arranges the closed slots of one request id. */
export class RequestGroup {
  readonly #attempts: Attempts
  readonly #table: AttemptTable
  readonly #ledger: Ledger

  constructor(attempts: Attempts, ledger: Ledger) {
    this.#attempts = attempts
    this.#table = attempts.table
    this.#ledger = ledger
  }

  /** A row comes when the execution is over: open attempts that rows are left for have lost their End (rule 3). */
  closeByRows(head: number): void {
    const attempts = this.#attempts
    const { cells } = attempts.table
    const rows: number[] = []
    const open: number[] = []
    let closed = 0
    for (let slot = head; slot !== none; slot = cells[slot + Cell.nextSame]!) {
      const state = cells[slot + Cell.state]!
      if ((state & State.metricsRow) !== 0) rows.push(slot)
      else if ((state & State.phase) !== invoke) continue
      else if (attempts.isOpen(slot)) open.push(slot)
      else if ((state & State.maybeCopy) === 0) closed++
    }
    // Newest first, as the chain goes; the oldest has waited longest for its End.
    for (const slot of open.reverse()) {
      if (rows.length <= closed) return
      if (!rows.some(row => attempts.table.streamOf(row).mayShare(attempts.table.streamOf(slot)))) continue
      attempts.close(slot, 'metrics')
      closed++
    }
  }

  /** The attempts among `closed` (slots of one phase of one request id, rows included), numbered from `from` on. Changes nothing. */
  arrange(closed: readonly number[], from: number): GroupMember[] {
    const rows = closed.filter(slot => this.#isRow(slot)).sort((a, b) => this.#inOrder(a, b))
    const slots = closed.filter(slot => !this.#isRow(slot)).sort((a, b) => this.#inOrder(a, b))
    const members = this.#tellCopies(slots, rows)
    this.#pair(members, rows, (slot, row) => this.#table.streamOf(slot) === this.#table.streamOf(row))
    this.#pair(members, rows, (slot, row) => this.#table.streamOf(slot).mayShare(this.#table.streamOf(row)))
    for (const row of rows) members.push({ slot: none, row, attempt: none, copies: [], lineSpans: [] })
    this.#number(members, from)
    return members
  }

  #isRow(slot: number): boolean {
    return (this.#table.cells[slot + Cell.state]! & State.metricsRow) !== 0
  }

  #facts(row: number): MetricsFacts {
    // Every row slot has its facts: metrics-rows.ts puts them there when it takes the slot.
    return this.#table.facts[row >> slotShift]!
  }

  /** When a slot's execution began, as well as it is known; infinity where nothing is, which sorts last. */
  #startOf(slot: number): number {
    const { figures } = this.#table
    let startMs = this.#isRow(slot) ? this.#facts(slot).startMs : figures[(slot >> 1) + Figure.startMs]!
    if (Number.isNaN(startMs) && !this.#isRow(slot)) startMs = figures[(slot >> 1) + Figure.endMs]!
    return Number.isNaN(startMs) ? Number.POSITIVE_INFINITY : startMs
  }

  /** Time first; then instance, which does not depend on how streams were merged; then the order of coming. */
  #inOrder(a: number, b: number): number {
    const table = this.#table
    const ordered = table.streamOf(a).ordered && table.streamOf(b).ordered
    const startA = this.#startOf(a)
    const startB = this.#startOf(b)
    if (!ordered && startA !== startB) return startA < startB ? -1 : 1
    if (!ordered) {
      const byInstance = compareTexts(table.originOf(a).instanceID, table.originOf(b).instanceID)
      if (byInstance !== 0) return byInstance
    }
    return table.figures[(a >> 1) + Figure.sequence]! - table.figures[(b >> 1) + Figure.sequence]!
  }

  /** Slots that are copies of another attempt's markers are no attempts of their own, unless rows show one more execution there. */
  #tellCopies(slots: readonly number[], rows: readonly number[]): GroupMember[] {
    const table = this.#table
    const members: GroupMember[] = []
    for (const slot of slots) {
      const stream = table.streamOf(slot)
      const shares = (other: number): boolean => stream.mayShare(table.streamOf(other))
      const known = members.filter(member => shares(member.slot))
      const original = known.at(-1)
      const isCopy = (table.cells[slot + Cell.state]! & State.maybeCopy) !== 0 && original !== undefined
      if (isCopy && rows.filter(shares).length <= known.length) original.copies.push(slot)
      else members.push({ slot, row: none, attempt: none, copies: [], lineSpans: [] })
    }
    return members
  }

  /** Adds what its copies hold to a member's attempt; what they count came after its End. The copies stay in their slots. */
  fold(member: GroupMember): void {
    for (const copy of member.copies) {
      this.#fold(copy, member.slot)
      addLineSpan(this.#attempts, copy, member.lineSpans)
    }
  }

  #fold(copy: number, original: number): void {
    const table = this.#table
    const from = copy + Cell.lines
    const to = original + Cell.lines
    table.cells[to]! += table.cells[from]!
    table.cells[to + 1]! += table.cells[from]!
    for (let column = 2; column < countCells; column++) table.cells[to + column]! += table.cells[from + column]!
    const tick = table.cells[copy + Cell.lastTick]!
    if (msBetween(table.cells[original + Cell.lastTick]!, tick) > 0) table.cells[original + Cell.lastTick] = tick
    const state = table.cells[copy + Cell.state]!
    table.cells[original + Cell.state]! |= State.duplicateMarkers | (state & State.hasLine)
    const outcome = state & State.outcome
    if ((table.cells[original + Cell.state]! & State.outcome) === 0) table.cells[original + Cell.state]! |= outcome
    const notes = table.notes[copy >> slotShift]
    if (notes !== undefined) {
      const into = this.#attempts.notesOf(original)
      into.errors.push(...notes.errors)
      into.troubleLines.push(...notes.troubleLines)
      into.traceParent = joinTraceParents(into.traceParent, notes.traceParent)
    }
    table.figures[(original >> 1) + Figure.lastTrouble] =
      table.figures[(copy >> 1) + Figure.lastTrouble]! ||
      table.figures[(copy >> 1) + Figure.firstTrouble]! ||
      table.figures[(original >> 1) + Figure.lastTrouble]!
  }

  /** Copies that were folded for good: their markers are duplicates, and their slots are given back. */
  dropCopies(member: GroupMember): void {
    for (const copy of member.copies) {
      const state = this.#table.cells[copy + Cell.state]!
      const markers = ((state & State.hasStart) === 0 ? 0 : 1) + ((state & State.hasEnd) === 0 ? 0 : 1)
      this.#ledger.attached -= markers
      this.#ledger.duplicate += markers
      this.#attempts.release(copy)
    }
    member.copies.length = 0
  }

  /** Gives rows to attempts that have none and that `fits` allows; rows that found one leave `rows`. */
  #pair(members: GroupMember[], rows: number[], fits: (slot: number, row: number) => boolean): void {
    for (const row of [...rows]) {
      if (!rows.includes(row)) continue
      const candidates = members.filter(member => member.row === none && fits(member.slot, row))
      const rivals = rows.filter(other => candidates.some(member => fits(member.slot, other)))
      const pairs =
        candidates.length === rivals.length ? inTurn(candidates, rivals) : this.#byDistance(candidates, rivals)
      for (const [member, paired] of pairs) {
        if (member.row !== none || !rows.includes(paired)) continue
        member.row = paired
        rows.splice(rows.indexOf(paired), 1)
      }
    }
  }

  /** All pairs of attempt and row, the ones whose starts are nearest first; unknown times last, in the order of both lists. */
  #byDistance(members: readonly GroupMember[], rows: readonly number[]): [GroupMember, number][] {
    const distanceMs = ([member, row]: [GroupMember, number]): number => {
      const distance = Math.abs(this.#startOf(member.slot) - this.#startOf(row))
      return Number.isNaN(distance) ? Number.MAX_VALUE : distance
    }
    const pairs = members.flatMap(member => rows.map((row): [GroupMember, number] => [member, row]))
    return pairs.sort((a, b) => distanceMs(a) - distanceMs(b))
  }

  /** `retryCount` where a row gives it, the free numbers in order of time for the rest. */
  #number(members: GroupMember[], from: number): void {
    const taken = new Set<number>()
    for (const member of members) {
      const retry = member.row === none ? Number.NaN : this.#facts(member.row).retryCount
      if (Number.isNaN(retry) || taken.has(retry)) continue
      member.attempt = retry
      taken.add(retry)
    }
    members.sort((a, b) => this.#inOrder(lead(a), lead(b)))
    let next = from
    for (const member of members) {
      if (member.attempt !== none) continue
      while (taken.has(next)) next++
      member.attempt = next++
    }
  }
}

/** Both lists are in order of time and of one length: the first goes with the first. */
function inTurn(members: readonly GroupMember[], rows: readonly number[]): [GroupMember, number][] {
  return members.map((member, index): [GroupMember, number] => [member, rows[index]!])
}

/** The slot that tells a member's time best. */
const lead = (member: GroupMember): number => (member.row === none ? member.slot : member.row)

function compareTexts(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}
