// Hot path: the ids of tracing of an attempt that is given out, and those that its lines carry by then.
import { deriveSpanWords, deriveTraceWords, deriveTraceWordsOfText, traceIdWords } from '../lib/trace-id.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import { Cell, idWords, none, State } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { addLineSpan } from './line-identity.ts'
import { namelessPosition } from './nameless-position.ts'

/** Fills `identityWords`, and `position` of an attempt without a request id; `lead` is the slot that tells its id. */
export function identify({ table }: Attempts, lead: number, settled: SettledAttempt): void {
  const { identityWords } = settled
  const { requestId, attempt } = settled.attempt
  const phase = table.cells[lead + Cell.state]! & State.phase
  const length = table.cells[lead + Cell.idLength]!
  if (requestId === null) {
    settled.position = namelessPosition(table, lead)
    deriveTraceWordsOfText(settled.position, identityWords, 0)
  } else if (length <= idWords * 4) deriveTraceWords(table.cells, lead + Cell.id, length, identityWords, 0)
  else deriveTraceWordsOfText(requestId, identityWords, 0)
  deriveSpanWords(identityWords, 0, { phase, attempt }, identityWords, traceIdWords)
}

/** Fills `into` with the span ids (2 words each) of lines of the slots of markers, of the row, and of copies. */
export function collectLineSpans(
  attempts: Attempts,
  { slot, row, lineSpans }: { slot: number; row: number; lineSpans?: readonly number[] },
  into: number[],
): void {
  into.length = 0
  if (slot !== none) addLineSpan(attempts, slot, into)
  if (row !== none) addLineSpan(attempts, row, into)
  if (lineSpans !== undefined && lineSpans.length > 0) into.push(...lineSpans)
}
