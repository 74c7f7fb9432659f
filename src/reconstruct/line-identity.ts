// Hot path: the ids of tracing that an attempt's lines carry: those that follow from what is known of the attempt when its first
// line comes. They are derived once and kept in the attempt's record, where the kernel finds them, too.
import {
  deriveSpanWords,
  deriveTraceWords,
  deriveTraceWordsOfText,
  spanIdWords,
  traceIdWords,
} from '../lib/trace-id.ts'
import type { LineOwner, LinePlace } from '../model/line-owner.ts'
import { Cell, idWords, none, State } from './attempt-layout.ts'
import type { AttemptTable } from './attempt-table.ts'
import type { Attempts } from './attempts.ts'
import { namelessPosition } from './nameless-position.ts'

/** Derives the ids of a slot's attempt into its record. */
export function deriveIdentity({ table, ids }: Attempts, slot: number): void {
  const { cells } = table
  const length = cells[slot + Cell.idLength]!
  const at = slot + Cell.traceId
  if (length === 0) deriveTraceWordsOfText(namelessPosition(table, slot), cells, at)
  else if (length <= idWords * 4) deriveTraceWords(cells, slot + Cell.id, length, cells, at)
  else deriveTraceWordsOfText(ids.textOf(slot) ?? '', cells, at)
  const phase = cells[slot + Cell.state]! & State.phase
  deriveSpanWords(cells, at, { phase, attempt: likelyNumber(table, slot) }, cells, slot + Cell.spanId)
}

/**
 * The number that the attempt will most likely have. No two of one request and phase that are known at the same time have the same; where
 * it turns out to be another, its lines are told (`SettledAttempt.lineSpans`).
 */
function likelyNumber({ cells }: AttemptTable, slot: number): number {
  const phaseOrRow = State.phase | State.metricsRow
  const phase = cells[slot + Cell.state]! & State.phase
  let number = cells[slot + Cell.givenOut]!
  for (let older = cells[slot + Cell.nextSame]!; older !== none; older = cells[older + Cell.nextSame]!)
    if ((cells[older + Cell.state]! & phaseOrRow) === phase) number++
  return number
}

/** Adds the span id (2 words) that an attempt's lines carry; nothing where it has no lines. They may have been kept by somebody else. */
export function addLineSpan(attempts: Attempts, slot: number, into: number[]): void {
  const { cells } = attempts.table
  if (cells[slot + Cell.traceId + 3] === 0) {
    if (cells[slot + Cell.lines] === 0) return
    deriveIdentity(attempts, slot)
  }
  into.push(cells[slot + Cell.spanId]!, cells[slot + Cell.spanId + 1]!)
}

const words = new Int32Array(traceIdWords + spanIdWords)

/** The owner of a line that waited, nobody for {@link none}; valid until the next call. */
export function ownerOf(attempts: Attempts, place: LinePlace, slot: number): LineOwner {
  if (slot === none) return { place, requestId: null, identityWords: null }
  const { cells } = attempts.table
  if (cells[slot + Cell.traceId + 3] === 0) deriveIdentity(attempts, slot)
  for (let word = 0; word < traceIdWords; word++) words[word] = cells[slot + Cell.traceId + word]!
  for (let word = 0; word < spanIdWords; word++) words[traceIdWords + word] = cells[slot + Cell.spanId + word]!
  return { place, requestId: attempts.ids.textOf(slot), identityWords: words }
}
