// When something came last of attempts that began early.
import { Cell, Figure, maxSameIdSteps, none, State } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { msBetween } from './engine-frame.ts'

/**
 * The last tick at which a record came of an attempt with a number below `number`, of its row or of a copy of it; of those that were
 * given back, of any. Null when there was none. Attempts below `number` must be closed. Looks at all closed attempts.
 */
export function lastTickBelow(attempts: Attempts, number: number): number | null {
  const { cells, figures } = attempts.table
  let last = attempts.releasedTick
  const see = (slot: number): void => {
    const tick = cells[slot + Cell.lastTick]!
    if (last === null || msBetween(last, tick) > 0) last = tick
  }
  for (let slot = attempts.oldestClosed; slot !== none; slot = cells[slot + Cell.nextClosed]!) {
    if (figures[(slot >> 1) + Figure.sequence]! >= number) continue
    see(slot)
    // What belongs to the same request and came later stands in front of it.
    let other = cells[slot + Cell.previousSame]!
    for (let steps = 0; other !== none && steps < maxSameIdSteps; other = cells[other + Cell.previousSame]!, steps++)
      if ((cells[other + Cell.state]! & (State.metricsRow | State.maybeCopy)) !== 0) see(other)
  }
  return last
}
