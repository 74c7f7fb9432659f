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
  const attempt = Math.max(cells[slot + Cell.givenOut]!, cells[slot + Cell.sameCount]!)
  deriveSpanWords(cells, at, { phase, attempt }, cells, slot + Cell.spanId)
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
