// Changes to attempts that are taken back: to see what would be given out if nothing more came. Lists and links are never part
// of it, so that they may change for good in the meantime.
import type { ClosedBy } from '../model/attempt.ts'
import { closers } from '../model/attempt.ts'
import type { ErrorDetail } from '../model/error-detail.ts'
import { Cell, countCells, Figure, State, slotShift } from './attempt-layout.ts'
import { maxSignals } from './attempt-notes.ts'
import type { Attempts } from './attempts.ts'
import type { PendingGroup } from './pending-lines.ts'
import { joinTraceParents } from './trace-parents.ts'

interface Saved {
  readonly slot: number
  state: number
  readonly closer: number
  readonly counts: Int32Array
  readonly lastTrouble: number
  readonly lastTick: number
  /** How much the notes held; -1 when there were none. */
  readonly errors: number
  readonly troubleLines: number
  readonly traceParent: string | null
}

/** Remembers attempts as they were. Every slot must be saved before it is changed. */
export class Trial {
  readonly #attempts: Attempts
  readonly #saved: Saved[] = []

  constructor(attempts: Attempts) {
    this.#attempts = attempts
  }

  save(slot: number): void {
    const { cells, figures, notes } = this.#attempts.table
    const noted = notes[slot >> slotShift]
    this.#saved.push({
      slot,
      state: cells[slot + Cell.state]!,
      closer: cells[slot + Cell.closer]!,
      counts: cells.slice(slot + Cell.lines, slot + Cell.lines + countCells),
      lastTrouble: figures[(slot >> 1) + Figure.lastTrouble]!,
      lastTick: cells[slot + Cell.lastTick]!,
      errors: noted?.errors.length ?? -1,
      troubleLines: noted?.troubleLines.length ?? -1,
      traceParent: noted?.traceParent ?? null,
    })
  }

  /** As if this had closed an open attempt. */
  close(slot: number, closedBy: ClosedBy): void {
    const { cells } = this.#attempts.table
    cells[slot + Cell.state]! |= State.closed
    cells[slot + Cell.closer] = closers.indexOf(closedBy)
  }

  /** As if a start failure were the row's. */
  giveFailure(row: number, detail: ErrorDetail): void {
    const { cells } = this.#attempts.table
    this.#attempts.notesOf(row).errors.push({ detail, inAppLine: false })
    cells[row + Cell.lines]!++
    cells[row + Cell.lines + countCells - 1]!++
    cells[row + Cell.state]! |= State.hasLine
  }

  /** As if lines that wait for an owner were the slot's. */
  giveLines(slot: number, { counts, errors, traceParent }: PendingGroup): void {
    const { cells } = this.#attempts.table
    for (let column = 0; column < countCells; column++) cells[slot + Cell.lines + column]! += counts[column]!
    cells[slot + Cell.state]! |= State.hasLine
    if (errors.length === 0 && traceParent === null) return
    const noted = this.#attempts.notesOf(slot)
    for (const error of errors) if (noted.errors.length < maxSignals) noted.errors.push(error)
    noted.traceParent = joinTraceParents(noted.traceParent, traceParent)
  }

  /** Bits of a state that stay set when the trial is over. */
  keepState(slot: number, bits: number): void {
    for (const saved of this.#saved) if (saved.slot === slot) saved.state |= bits
  }

  /** Everything is as it was. Slots that were given back meanwhile must not be among the saved ones. */
  undo(): void {
    const { cells, figures, notes } = this.#attempts.table
    for (const saved of this.#saved.reverse()) {
      const { slot } = saved
      cells[slot + Cell.state] = saved.state
      cells[slot + Cell.closer] = saved.closer
      cells[slot + Cell.lastTick] = saved.lastTick
      cells.set(saved.counts, slot + Cell.lines)
      figures[(slot >> 1) + Figure.lastTrouble] = saved.lastTrouble
      const noted = notes[slot >> slotShift]
      if (noted === undefined) continue
      if (saved.errors < 0) notes[slot >> slotShift] = undefined
      else {
        noted.errors.length = saved.errors
        noted.troubleLines.length = saved.troubleLines
        noted.traceParent = saved.traceParent
      }
    }
    this.#saved.length = 0
  }
}
