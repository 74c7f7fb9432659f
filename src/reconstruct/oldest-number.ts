// From where records have to be read again by somebody who knows nothing: from the first record of the oldest attempt that counts.
import { Cell, Figure, maxSameIdSteps, none, State, slotShift } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { Frame, msBetween } from './engine-frame.ts'
import { ColdStart, type Since, type StreamState } from './stream-state.ts'
import type { Streams } from './streams.ts'

/**
 * The number of the oldest attempt that may still change: it is open, or was closed within `horizonMs`; or it shares undecided lines
 * with such a one, or such a one may turn out to be its copy. What waits for an attempt that is yet to come counts as one that was
 * closed then. The next number when there are none. Looks at all of these attempts, and at all streams.
 */
export function oldestNumber(
  { attempts, streams }: { readonly attempts: Attempts; readonly streams: Streams },
  horizonMs: number,
): number {
  const { table, frame } = attempts
  const { cells, figures } = table
  const now = frame.words[Frame.tick]!
  const undecided = new Set<StreamState>()
  let oldest = attempts.nextNumber
  const see = (slot: number): void => {
    oldest = Math.min(oldest, figures[(slot >> 1) + Figure.sequence]!)
  }
  const isAlive = (slot: number): boolean =>
    attempts.isOpen(slot) || msBetween(cells[slot + Cell.closedTick]!, now) <= horizonMs
  const look = (slot: number): void => {
    see(slot)
    const state = cells[slot + Cell.state]!
    if ((state & State.coldStart) !== 0)
      oldest = Math.min(oldest, table.notes[slot >> slotShift]?.coldStartNumber ?? oldest)
    if ((state & State.candidate) !== 0) undecided.add(table.streamOf(slot))
    if ((state & State.maybeCopy) !== 0) seeOriginals(attempts, slot, see)
  }
  for (let slot = attempts.oldestOpen; slot !== none; slot = cells[slot + Cell.youngerOpen]!) look(slot)
  for (let slot = attempts.youngestClosed; slot !== none && isAlive(slot); slot = cells[slot + Cell.previousClosed]!)
    look(slot)
  for (const { pending } of undecided) {
    for (const { candidates } of pending?.groups ?? []) {
      const slots = candidates.map(candidate => candidate.get(cells)).filter(slot => slot !== none)
      if (slots.some(isAlive)) slots.forEach(see)
    }
  }
  const seeSince = (since: Since | null): void => {
    if (since !== null && msBetween(since.tick, now) <= horizonMs) oldest = Math.min(oldest, since.number)
  }
  for (const all of [streams.all(), table.textStreams]) {
    for (const { coldStart, coldStartSince, startFailures } of all) {
      if (coldStart !== ColdStart.none) seeSince(coldStartSince)
      for (const { since } of startFailures ?? []) seeSince(since)
    }
  }
  return oldest
}

/** What a possible copy may be one of: the attempts of its request before it, up to the first that is none itself. */
function seeOriginals({ table: { cells } }: Attempts, copy: number, see: (slot: number) => void): void {
  let slot = cells[copy + Cell.nextSame]!
  for (let steps = 0; slot !== none && steps < maxSameIdSteps; slot = cells[slot + Cell.nextSame]!, steps++) {
    see(slot)
    const state = cells[slot + Cell.state]!
    const isSamePhase = (state & State.phase) === (cells[copy + Cell.state]! & State.phase)
    if (isSamePhase && (state & (State.maybeCopy | State.metricsRow)) === 0) return
  }
}
