// Hot path: which attempt a line belongs to (contract §4 rules 4 and 5; docs/semantics.md §4).

import type { ErrorSignal } from '../model/attempt-signals.ts'
import type { LinePlace } from '../model/line-owner.ts'
import type { LineReader } from '../model/line-reader.ts'
import type { ParsedLine } from '../model/parsed-line.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { RecordTime } from '../model/record-time.ts'
import { Cell, Figure, maxSameIdSteps, none, State } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { Frame } from './engine-frame.ts'
import { maxCandidates, PendingLines } from './pending-lines.ts'
import type { StreamState } from './stream-state.ts'

/** A line without an id belongs to what ended just before it, for so long (rule 5). */
const afterEndMs = 2000
/** The same where one of the two times is known to the second only: from this difference on 2 s have passed for sure. */
const afterEndWholeSecondsMs = 3000

/** Finds the attempt of a line and counts the line there. */
export class LineAttachment {
  readonly #attempts: Attempts
  readonly #reader: LineReader

  constructor(attempts: Attempts, reader: LineReader) {
    this.#attempts = attempts
    this.#reader = reader
  }

  /** The attempt that `line` belongs to, made if its id is new; {@link none} when nobody can tell. Counts nothing. */
  attemptOf(buf: Uint8Array, line: ParsedLine, stream: StreamState, origin: RecordOrigin, time: RecordTime): number {
    if (line.idEnd > line.idStart && this.#attempts.ids.pack(buf, line.idStart, line.idEnd)) {
      return this.attemptOfId(stream, origin)
    }
    return this.#attemptWithoutId(buf, line, stream, time)
  }

  /** The attempt of the current id (`RequestIds.pack`) on a stream; a new one with `missingStart` if there is none. */
  attemptOfId(stream: StreamState, origin: RecordOrigin): number {
    const table = this.#attempts.table
    const head = this.#attempts.ids.find()
    let ended = none
    let open = none
    for (
      let slot = head, steps = 0;
      slot !== none && steps < maxSameIdSteps;
      slot = table.cells[slot + Cell.nextSame]!, steps++
    ) {
      const state = table.cells[slot + Cell.state]!
      if ((state & State.metricsRow) !== 0 || !stream.mayShare(table.streamOf(slot))) continue
      if ((state & (State.hasEnd | State.closed)) !== 0) {
        if (ended === none) ended = slot
      } else if (open === none || (state & State.phase) < (table.cells[open + Cell.state]! & State.phase)) open = slot
    }
    if (open !== none) return open
    if (ended !== none) return ended
    const slot = this.#attempts.add(stream, origin, head)
    table.cells[slot + Cell.state] = 0
    this.#attempts.open(slot)
    return slot
  }

  #attemptWithoutId(buf: Uint8Array, line: ParsedLine, stream: StreamState, time: RecordTime): number {
    const table = this.#attempts.table
    const openCount = stream.openCount
    const before = stream.lastLine.get(table.cells)
    // The only open attempt is also the line before's: nothing to weigh. This is nearly every line of ordinary traffic.
    if (openCount === 1 && before === stream.openHead) return before
    if (before !== none && (openCount !== 1 || !stream.lastWasMarker)) {
      if (this.#reader.isContinuation(buf, line.start, line.end)) return before
    }
    if (openCount === 1) return stream.openHead
    if (openCount === 0) return this.#justEnded(stream, time)
    return none
  }

  /** The attempt that ended last on the stream, unless 2 s have passed since. */
  #justEnded(stream: StreamState, time: RecordTime): number {
    const slot = stream.lastEnded.get(this.#attempts.table.cells)
    if (slot === none) return none
    const passedMs = time.ms - stream.lastEndMs
    const coarse = time.wholeSeconds || stream.lastEndWholeSeconds
    // Unknown times compare as false: without times order alone decides.
    if (coarse ? passedMs >= afterEndWholeSecondsMs : passedMs > afterEndMs) return none
    return slot
  }

  /** Counts a line that belongs to `slot`. */
  count(slot: number, line: ParsedLine, time: RecordTime): void {
    const table = this.#attempts.table
    const base = slot + Cell.lines
    const counts = table.cells
    counts[base]!++
    counts[base + 2 + line.level]!++
    const state = table.cells[slot + Cell.state]!
    table.cells[slot + Cell.state] = state | State.hasLine
    table.cells[slot + Cell.lastTick] = this.#attempts.frame.words[Frame.tick]!
    if ((state & State.published) !== 0) this.#attempts.touch(slot)
    if ((state & State.hasEnd) === 0) return
    // Where the End came before its Start, only a later time tells that a line is after it.
    if ((state & State.endFirst) !== 0 || (state & State.hasStart) === 0) {
      if (!table.streamOf(slot).ordered && !(time.ms > table.figures[(slot >> 1) + Figure.endMs]!)) return
    }
    counts[base + 1]!++
  }

  /** Keeps the caller's trace that a line of `slot` names. Called for every attached line; must cost nothing for ordinary ones. */
  noteTrace(buf: Buffer, line: ParsedLine, slot: number): void {
    const traceParent = this.#reader.readTraceParent(buf, line.messageStart, line.messageEnd)
    if (traceParent !== null) this.#attempts.nameTrace(slot, traceParent)
  }

  /** Notes a line that several open attempts could own; metrics rows may decide later. True when its place is remembered. */
  keepPending(
    buf: Buffer,
    line: ParsedLine,
    stream: StreamState,
    time: RecordTime,
    waiting: { readonly error: ErrorSignal | null; readonly place: LinePlace | null },
  ): boolean {
    if (stream.ordered || !stream.instanceKnown) return false
    // Asked before the open ones are listed: a stream with very many must not list them for every line.
    if (stream.openCount < 2 || stream.openCount > maxCandidates) return false
    stream.pending ??= new PendingLines()
    return stream.pending.add({
      cells: this.#attempts.table.cells,
      version: this.#attempts.version,
      slots: () => this.#openSlots(stream),
      fromMs: time.ms,
      level: line.level,
      traceParent: this.#reader.readTraceParent(buf, line.messageStart, line.messageEnd),
      ...waiting,
    })
  }

  #openSlots(stream: StreamState): readonly number[] {
    const slots: number[] = []
    for (let slot = stream.openHead; slot !== none; slot = this.#attempts.table.cells[slot + Cell.openNext]!)
      slots.push(slot)
    return slots
  }
}
