// Whose lines are that several attempts could own (`PendingLines`). As long as records may still tell, nothing is decided for good:
// an attempt that is given out has what would be its own if nothing more came. So what is given out follows from the records alone,
// and whoever takes a partition over need not decide anything once more that was stored already.
import type { Ledger } from '../model/ledger.ts'
import type { LinePlace } from '../model/line-owner.ts'
import { Cell, countCells, none, State, slotShift } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import type { Errors } from './errors.ts'
import type { PendingGroup } from './pending-lines.ts'
import type { Trial } from './trial.ts'

/** Decides about undecided lines. */
export class PendingDecisions {
  readonly #attempts: Attempts
  readonly #errors: Errors
  readonly #ledger: Ledger
  readonly #onOwner: (place: LinePlace, slot: number) => void

  constructor(parts: {
    attempts: Attempts
    errors: Errors
    ledger: Ledger
    onOwner: (place: LinePlace, slot: number) => void
  }) {
    this.#attempts = parts.attempts
    this.#errors = parts.errors
    this.#ledger = parts.ledger
    this.#onOwner = parts.onOwner
  }

  /** Decides for good what `slot` may own, which is about to be settled. */
  takeFor(slot: number): void {
    const { table } = this.#attempts
    const { pending } = table.streamOf(slot)
    if (pending === null) return
    for (const group of pending.takeFor(table.cells, slot)) this.#decide(group)
  }

  /** Gives `slot` what would be its own now, until the trial is over. */
  lend(slot: number, trial: Trial): void {
    const { table } = this.#attempts
    const { pending } = table.streamOf(slot)
    if (pending === null) return
    for (const group of pending.of(table.cells, slot)) {
      const owner = this.#ownerOf(group)
      this.#tell(group, owner)
      if (owner !== slot) continue
      trial.save(slot)
      trial.giveLines(slot, group)
    }
  }

  #decide(group: PendingGroup): void {
    const owner = this.#ownerOf(group)
    this.#tell(group, owner)
    if (owner === none) return
    this.#attempts.giveAgain(owner)
    const { cells } = this.#attempts.table
    const base = owner + Cell.lines
    for (let column = 0; column < countCells; column++) cells[base + column]! += group.counts[column]!
    cells[owner + Cell.state]! |= State.hasLine
    for (const { detail, inAppLine } of group.errors) this.#errors.add(owner, detail, inAppLine)
    if (group.traceParent !== null) this.#attempts.nameTrace(owner, group.traceParent)
    this.#ledger.unattached -= group.counts[0]!
    this.#ledger.attached += group.counts[0]!
  }

  /** Whoever keeps the lines hears of an owner once, and of it when there is none any more. */
  #tell({ places, told }: PendingGroup, owner: number): void {
    const { cells } = this.#attempts.table
    if (told.get(cells) === owner) return
    told.set(cells, owner)
    for (const place of places) this.#onOwner(place, owner)
  }

  /**
   * The candidate that is left when those are none that have no End and whose row says that they were over before the lines came;
   * {@link none} when several are left, or when one was given out for good meanwhile.
   */
  #ownerOf(group: PendingGroup): number {
    const { cells } = this.#attempts.table
    let owner = none
    for (const candidate of group.candidates) {
      const slot = candidate.get(cells)
      if (slot === none) return none
      if ((cells[slot + Cell.state]! & State.hasEnd) === 0 && this.#rowEndMs(slot) < group.fromMs) continue
      if (owner !== none) return none
      owner = slot
    }
    return owner
  }

  /** When the metrics row of an attempt says it ended: the only row of its request on its instance; else never. */
  #rowEndMs(slot: number): number {
    const { table, ids } = this.#attempts
    let endMs = Number.POSITIVE_INFINITY
    for (let other = ids.headOf(slot); other !== none; other = table.cells[other + Cell.nextSame]!) {
      const facts = table.facts[other >> slotShift]
      if (!facts || table.streamOf(other) !== table.streamOf(slot)) continue
      if (endMs !== Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
      endMs = facts.endMs
    }
    return endMs
  }
}
