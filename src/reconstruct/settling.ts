// Gives attempts out: when nothing is expected to change them any more, when room is needed, or at the end.

import type { PhaseCode } from '../model/record-kind.ts'
import { phases } from '../model/record-kind.ts'
import { Cell, none, State, slotShift } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import type { Fusion, FusionInput } from './fusion.ts'
import type { PendingDecisions } from './pending-decisions.ts'
import type { RequestGroup } from './request-group.ts'
import type { StartFailures } from './start-failures.ts'

/** Only invocations are retried; hooks of one id are calls of their own. */
const invoke = 0

/** Settles requests and hands their attempts to `fusion`. */
export class Settling {
  readonly #attempts: Attempts
  readonly #fusion: Fusion
  readonly #group: RequestGroup
  readonly #pending: PendingDecisions
  readonly #startFailures: StartFailures

  constructor(parts: {
    attempts: Attempts
    fusion: Fusion
    group: RequestGroup
    startFailures: StartFailures
    pending: PendingDecisions
  }) {
    this.#attempts = parts.attempts
    this.#fusion = parts.fusion
    this.#startFailures = parts.startFailures
    this.#group = parts.group
    this.#pending = parts.pending
  }

  /** Gives out the closed attempts of the request that `slot` belongs to. */
  settle(slot: number): void {
    const table = this.#attempts.table
    const alone = table.cells[slot + Cell.nextSame] === none && table.cells[slot + Cell.previousSame] === none
    if (table.cells[slot + Cell.idLength] === 0 || (alone && (table.cells[slot + Cell.state]! & State.maybeCopy) === 0))
      this.#settleOne(slot)
    else this.#settleRequest(this.#attempts.ids.headOf(slot))
  }

  #settleOne(slot: number): void {
    const table = this.#attempts.table
    const row = (table.cells[slot + Cell.state]! & State.metricsRow) !== 0
    this.prepare(slot)
    const attempt = row ? this.#retryCount(slot) : table.cells[slot + Cell.givenOut]!
    const retried = (table.cells[slot + Cell.state]! & State.retried) !== 0
    this.#fusion.giveOne({ slot: row ? none : slot, row: row ? slot : none, attempt, retried })
    this.#attempts.release(slot)
  }

  #retryCount(row: number): number {
    const retry = this.#attempts.table.facts[row >> slotShift]!.retryCount
    return Number.isNaN(retry) ? this.#attempts.table.cells[row + Cell.givenOut]! : retry
  }

  #settleRequest(head: number): void {
    if (this.#settlePair(head)) return
    this.#group.closeByRows(head)
    const table = this.#attempts.table
    const closed: number[][] = phases.map(() => [])
    const open: number[] = []
    for (let slot = head; slot !== none; slot = table.cells[slot + Cell.nextSame]!) {
      if (this.#attempts.isOpen(slot)) open.push(slot)
      else closed[table.cells[slot + Cell.state]! & State.phase]!.push(slot)
    }
    for (const slots of closed) for (const slot of slots) this.prepare(slot)
    for (const phase of phases.keys()) this.#settlePhase(phase as PhaseCode, closed[phase]!, open)
  }

  #settlePair(head: number): boolean {
    const pair = this.pairOf(head)
    if (pair === null) return false
    const { slot, row } = pair
    this.prepare(slot)
    this.prepare(row)
    this.#fusion.giveOne(pair)
    this.#attempts.release(slot)
    this.#attempts.release(row)
    return true
  }

  /** The usual request with metrics: one attempt that is over, and its row. Null when it is anything else. */
  pairOf(head: number): FusionInput | null {
    const table = this.#attempts.table
    const { cells } = table
    const other = cells[head + Cell.nextSame]!
    if (other === none || cells[other + Cell.nextSame] !== none) return null
    const isRow = (cells[head + Cell.state]! & State.metricsRow) !== 0
    const row = isRow ? head : other
    const slot = isRow ? other : head
    const state = cells[slot + Cell.state]!
    if ((cells[row + Cell.state]! & State.metricsRow) === 0 || (state & (State.metricsRow | State.maybeCopy)) !== 0)
      return null
    if ((state & State.phase) !== invoke || this.#attempts.isOpen(slot)) return null
    if (!table.streamOf(slot).mayShare(table.streamOf(row))) return null
    const retry = table.facts[row >> slotShift]!.retryCount
    const before = Math.max(cells[slot + Cell.givenOut]!, cells[row + Cell.givenOut]!)
    return { slot, row, attempt: Number.isNaN(retry) ? before : retry, retried: before > 0 }
  }

  #settlePhase(phase: PhaseCode, closed: readonly number[], open: readonly number[]): void {
    if (closed.length === 0) return
    const table = this.#attempts.table
    const stillOpen = open.filter(slot => (table.cells[slot + Cell.state]! & State.phase) === phase)
    const before = Math.max(...closed.map(slot => table.cells[slot + Cell.givenOut]!))
    const members = this.#group.arrange(closed, before)
    for (const member of members) {
      this.#group.fold(member)
      this.#group.dropCopies(member)
    }
    const retried = phase === invoke && members.length + stillOpen.length + before > 1
    this.#fusion.giveGroup(members, retried)
    for (const { slot, row } of members) {
      if (slot !== none) this.#attempts.release(slot)
      if (row !== none) this.#attempts.release(row)
    }
    for (const slot of stillOpen) {
      table.cells[slot + Cell.givenOut] = before + members.length
      table.cells[slot + Cell.sameCount] = 0
      if (phase === invoke) table.cells[slot + Cell.state]! |= State.retried
    }
  }

  /** Decides what waited for this slot: lines that several attempts could own, start failures that its row covers. */
  prepare(slot: number): void {
    const table = this.#attempts.table
    const stream = table.streamOf(slot)
    this.#pending.takeFor(slot)
    if (stream.startFailures !== null && (table.cells[slot + Cell.state]! & State.metricsRow) !== 0)
      this.#startFailures.takeFor(slot, stream)
  }
}
