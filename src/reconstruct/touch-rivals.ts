// What a record says about one attempt may decide whose lines are that others could own as well.
import { Cell, State } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'

/** To be called when an End or a row came for `slot`: whoever shares undecided lines with it may have to be given out again. */
export function touchRivals(attempts: Attempts, slot: number): void {
  const { table } = attempts
  const { cells } = table
  if ((cells[slot + Cell.state]! & State.candidate) === 0) return
  for (const { candidates } of table.streamOf(slot).pending?.of(cells, slot) ?? [])
    for (const candidate of candidates) {
      const rival = candidate.get(cells)
      if (rival >= 0 && rival !== slot) attempts.touch(rival)
    }
}
