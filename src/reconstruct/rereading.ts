// Where records come a second time, so that attempts can be closed again that were left open: which attempts consist of nothing but
// such records, and may be known here in part only, since what came before them is not read again.
import { Cell, Figure, none, State, slotShift } from './attempt-layout.ts'
import type { AttemptTable } from './attempt-table.ts'
import { msBetween } from './engine-frame.ts'

/** HTTP status. */
const leastFailure = 500

/** Homes of streams (`homeOf`), and until when their records were old ones. */
export class Rereading {
  /** The last tick with an old record, by home. */
  readonly #until = new Map<string, number>()
  /** Attempts with this number or a higher one began where everything of them is read again, by home. */
  readonly #wholeFrom = new Map<string, number>()

  /** Records of the home that come at this tick were stored before. */
  note(home: string, tick: number): void {
    this.#until.set(home, tick)
  }

  /** Of attempts of the home that begin from now on, all records are read; `nextNumber` is the first one's number. */
  noteWhole(home: string, nextNumber: number): void {
    if (!this.#wholeFrom.has(home)) this.#wholeFrom.set(home, nextNumber)
  }

  /** True when records that come at this tick would be taken for old ones. */
  covers(home: string, tick: number): boolean {
    const until = this.#until.get(home)
    return until !== undefined && msBetween(until, tick) <= 0
  }

  forget(isGone: (home: string) => boolean): void {
    for (const homes of [this.#until, this.#wholeFrom])
      for (const home of [...homes.keys()]) if (isGone(home)) homes.delete(home)
  }

  /**
   * `slot` and `row` as in `FusionInput`. True when the store may have more of the attempt than is known here: not when all of it was read
   * again, and not when something new came of it, which makes it another one than the one that is stored.
   */
  mayKnowLess(table: AttemptTable, slot: number, row: number): boolean {
    if (this.#until.size === 0) return false
    if (slot !== none && isWhole(table, slot, row)) return false
    if (this.#beganWhole(table, slot) || this.#beganWhole(table, row)) return false
    return this.#isOld(table, slot) && this.#isOld(table, row)
  }

  #beganWhole(table: AttemptTable, slot: number): boolean {
    if (slot === none) return false
    const from = this.#wholeFrom.get(table.streamOf(slot).home)
    return from !== undefined && table.figures[(slot >> 1) + Figure.sequence]! >= from
  }

  #isOld(table: AttemptTable, slot: number): boolean {
    return slot === none || this.covers(table.streamOf(slot).home, table.cells[slot + Cell.lastTick]!)
  }
}

/** Its Start was read, and what its instance did before it, or that does not matter: to success, and with a row that says the rest. */
function isWhole({ cells, figures, facts }: AttemptTable, slot: number, row: number): boolean {
  const state = cells[slot + Cell.state]!
  if ((state & State.hasStart) === 0) return false
  if ((state & State.coldStart) !== 0 || !Number.isNaN(figures[(slot >> 1) + Figure.idleBeforeMs]!)) return true
  const said = row === none ? null : facts[row >> slotShift]
  if (!said || said.isColdStart === null || said.hasFunctionError === true || said.statusCode >= leastFailure)
    return false
  return (state & (State.hasEnd | State.outcome)) === State.hasEnd
}
