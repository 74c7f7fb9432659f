// Which metrics row a start failure belongs to that no open attempt could take (contract §4 rule 5): the row of its instance
// whose time covers it, whatever came first.

import type { Ledger } from '../model/ledger.ts'
import type { LinePlace } from '../model/line-owner.ts'
import { Cell, countCells, none, State, slotShift } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import type { Errors } from './errors.ts'
import type { MetricsFacts } from './metrics-facts.ts'
import { loadReference, SlotReference } from './slot-reference.ts'
import { maxStartFailures, type StartFailure, type StreamState } from './stream-state.ts'
import type { Trial } from './trial.ts'

/** A row covers what happened so much before and after it, too. */
const slackMs = 2000

/** Failed rows remembered per stream: an instance that does not start has few. */
const maxFailedRows = 64

/** A failure that is known to the second only may have happened at its end. */
const restOfSecondMs = 999

/** Remembers a row that a start failure of its instance may belong to. */
export function rememberFailedRow(cells: Int32Array, row: number, stream: StreamState): void {
  stream.failedRows ??= []
  if (stream.failedRows.length >= maxFailedRows) stream.failedRows.shift()
  const reference = new SlotReference()
  reference.set(cells, row)
  stream.failedRows.push(reference)
}

/** Gives start failures to rows. */
export class StartFailures {
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

  /** A failure waits for the row that covers its time; with too many, it does not. True when its place is remembered. */
  keep(stream: StreamState, failure: Omit<StartFailure, 'since' | 'told'>): boolean {
    stream.startFailures ??= []
    if (stream.startFailures.length >= maxStartFailures) return false
    stream.startFailures.push({ ...failure, since: this.#attempts.since(), told: null })
    this.touchRows(stream)
    return failure.place !== null
  }

  /** Gives `row`, which is about to be settled, the failures of its stream that it covers and no other row covers better. */
  takeFor(row: number, stream: StreamState): void {
    const left = (stream.startFailures ?? []).filter(failure => {
      if (this.#bestRow(failure, stream) !== row) return true
      this.#give(failure, row)
      return false
    })
    stream.startFailures = left.length === 0 ? null : left
  }

  /** What {@link takeFor} would give to `row` now. */
  wouldTake(row: number, stream: StreamState): readonly StartFailure[] {
    return (stream.startFailures ?? []).filter(failure => this.#bestRow(failure, stream) === row)
  }

  /** Gives `row` the same until the trial is over. */
  lend(row: number, trial: Trial): void {
    const failures = this.wouldTake(row, this.#attempts.table.streamOf(row))
    if (failures.length > 0) trial.save(row)
    for (const failure of failures) {
      trial.giveFailure(row, failure.detail)
      this.#tell(failure, row)
    }
  }

  /** Rows that were published must be given out again: a failure or a row came that may change whose a failure is. */
  touchRows(stream: StreamState): void {
    if (stream.startFailures === null) return
    for (const reference of stream.failedRows ?? []) {
      const row = reference.get(this.#attempts.table.cells)
      if (row !== none) this.#attempts.touch(row)
    }
  }

  #bestRow(failure: StartFailure, stream: StreamState): number {
    let best = none
    for (const reference of stream.failedRows ?? []) {
      const row = reference.get(this.#attempts.table.cells)
      if (row === none || !Number.isFinite(distanceMs(failure, this.#facts(row)))) continue
      if (best === none || this.#isBetter(row, best, failure)) best = row
    }
    return best
  }

  /** Nearer in time; then the earlier; then the earlier try. None of it depends on which row came first. */
  #isBetter(row: number, best: number, failure: StartFailure): boolean {
    const a = this.#facts(row)
    const b = this.#facts(best)
    const byDistance = distanceMs(failure, a) - distanceMs(failure, b)
    if (byDistance !== 0) return byDistance < 0
    if (a.startMs !== b.startMs) return a.startMs < b.startMs
    return a.retryCount < b.retryCount
  }

  #facts(row: number): MetricsFacts {
    // Only rows are remembered, and every row has its facts.
    return this.#attempts.table.facts[row >> slotShift]!
  }

  /** Whoever keeps the line hears of an owner once. */
  #tell(failure: StartFailure, row: number): void {
    if (failure.place === null || this.#isTold(failure, row)) return
    const reference = new SlotReference()
    reference.set(this.#attempts.table.cells, row)
    failure.told = reference.save()
    this.#onOwner(failure.place, row)
  }

  #isTold({ told }: StartFailure, row: number): boolean {
    return told !== null && loadReference(told).get(this.#attempts.table.cells) === row
  }

  #give(failure: StartFailure, row: number): void {
    const { cells } = this.#attempts.table
    this.#errors.add(row, failure.detail, false)
    cells[row + Cell.lines]!++
    cells[row + Cell.lines + countCells - 1]!++
    cells[row + Cell.state]! |= State.hasLine
    this.#ledger.unattached--
    this.#ledger.attached++
    this.#tell(failure, row)
  }
}

/** From the failure to the nearest moment of the row; infinite when the row does not cover it. */
function distanceMs(failure: StartFailure, facts: MetricsFacts): number {
  const lastMs = failure.timeMs + (failure.wholeSeconds ? restOfSecondMs : 0)
  const endMs = Number.isNaN(facts.durationMs) ? facts.startMs : facts.endMs
  const distance = Math.max(0, facts.startMs - lastMs, failure.timeMs - endMs)
  return distance <= slackMs ? distance : Number.POSITIVE_INFINITY
}
