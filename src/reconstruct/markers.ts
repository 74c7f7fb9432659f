// Hot path: Start and End markers open and close attempts (contract §4 rules 1, 2, 4, 10; docs/semantics.md §3).

import { Outcome } from '../model/outcome.ts'
import type { ParsedLine } from '../model/parsed-line.ts'
import { isEndMarker, markerPhase } from '../model/record-kind.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { RecordTime } from '../model/record-time.ts'
import { Cell, Figure, maxSameIdSteps, none, State, slotShift } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { FateCode } from './fate-code.ts'
import { ColdStart, type StreamState } from './stream-state.ts'
import { touchRivals } from './touch-rivals.ts'

/** Two markers of one request on one instance are copies when they are closer than this (rule 2). */
const copyWithinMs = 1000

const invoke = 0
const initialize = 1

/** Applies markers to attempts. */
export class Markers {
  readonly #attempts: Attempts
  readonly #allowedLatenessMs: number

  constructor(attempts: Attempts, allowedLatenessMs: number) {
    this.#attempts = attempts
    this.#allowedLatenessMs = allowedLatenessMs
  }

  /** Applies one marker; `time` is its record time. Returns its fate. */
  accept(buf: Uint8Array, line: ParsedLine, stream: StreamState, origin: RecordOrigin, time: RecordTime): FateCode {
    const phase = markerPhase(line.kind)
    const ids = this.#attempts.ids
    const named = line.idEnd > line.idStart && ids.pack(buf, line.idStart, line.idEnd)
    const head = named ? ids.find() : none
    let slot: number
    let fate: FateCode = FateCode.attached
    if (isEndMarker(line.kind)) {
      slot = named ? this.#endOf(head, phase, stream, time) : this.#namelessEnd(phase, stream)
      if (slot === none && phase !== invoke) slot = this.#begunByLine(head, phase, stream)
      if (slot === none) slot = this.#endWithoutStart(named, head, phase, stream, origin)
      else if ((this.#attempts.table.cells[slot + Cell.state]! & State.hasEnd) !== 0) fate = FateCode.duplicate
      this.#end(slot, line, stream, time, fate)
    } else {
      slot = named ? this.#startOf(head, phase, stream, time) : none
      if (slot !== none) fate = this.#joinStart(slot, stream, origin, time)
      else slot = this.#newStart(named, head, phase, stream, origin, time)
    }
    this.#attempts.touch(slot)
    if (line.instanceEnd > line.instanceStart) this.#noteInstance(buf, line, slot)
    stream.lastLine.set(this.#attempts.table.cells, slot)
    stream.lastWasMarker = true
    return fate
  }

  /** The attempt that a Start belongs to; {@link none} when it begins a new one. */
  #startOf(head: number, phase: number, stream: StreamState, time: RecordTime): number {
    const table = this.#attempts.table
    let endFirst = none
    for (
      let slot = head, steps = 0;
      slot !== none && steps < maxSameIdSteps;
      slot = table.cells[slot + Cell.nextSame]!, steps++
    ) {
      const state = table.cells[slot + Cell.state]!
      if ((state & State.phase) !== phase || (state & State.metricsRow) !== 0) continue
      if (!stream.mayShare(table.streamOf(slot))) continue
      if ((state & (State.hasEnd | State.closed)) === 0) return slot
      if (endFirst === none && (state & State.hasStart) === 0 && !stream.ordered && this.#mayBegin(slot, time))
        endFirst = slot
    }
    return endFirst
  }

  /** Whether a Start at `time` can be the one that an End without a Start waits for. */
  #mayBegin(slot: number, time: RecordTime): boolean {
    const endMs = this.#attempts.table.figures[(slot >> 1) + Figure.endMs]!
    return time.ms < endMs + copyWithinMs && endMs - time.ms <= this.#allowedLatenessMs
  }

  #joinStart(slot: number, stream: StreamState, origin: RecordOrigin, time: RecordTime): FateCode {
    const table = this.#attempts.table
    if (table.originOf(slot).instanceID === null) table.origins[slot >> slotShift] = origin
    if ((table.cells[slot + Cell.state]! & State.hasStart) !== 0) {
      table.cells[slot + Cell.state]! |= State.duplicateMarkers
      return FateCode.duplicate
    }
    // What was taken for a copy of another attempt's End has its own Start now.
    table.cells[slot + Cell.state]! &= ~State.maybeCopy
    if ((table.cells[slot + Cell.state]! & State.hasEnd) !== 0) table.cells[slot + Cell.state]! |= State.endFirst
    this.#setStart(slot, stream, time)
    return FateCode.attached
  }

  #newStart(
    named: boolean,
    head: number,
    phase: number,
    stream: StreamState,
    origin: RecordOrigin,
    time: RecordTime,
  ): number {
    const attempts = this.#attempts
    const table = attempts.table
    const copy = named && this.#isCloseToEnd(head, phase, stream, time)
    const slot = named ? attempts.add(stream, origin, head) : attempts.addNameless(stream, origin)
    table.cells[slot + Cell.state] = phase | (copy ? State.maybeCopy : 0)
    this.#setStart(slot, stream, time)
    if (phase === invoke) {
      if (stream.config?.instanceConcurrency === 1) this.#closeOthers(stream)
      this.#takeColdStart(slot, stream)
      if (time.ms >= stream.lastInvokeEndMs)
        table.figures[(slot >> 1) + Figure.idleBeforeMs] = time.ms - stream.lastInvokeEndMs
    } else if (phase === initialize) stream.expectColdStart(ColdStart.initialize, attempts.sinceOf(slot))
    attempts.open(slot)
    return slot
  }

  /** True when the newest attempt that ended on the same instance ended less than a second before (rule 2). */
  #isCloseToEnd(head: number, phase: number, stream: StreamState, time: RecordTime): boolean {
    const table = this.#attempts.table
    for (
      let slot = head, steps = 0;
      slot !== none && steps < maxSameIdSteps;
      slot = table.cells[slot + Cell.nextSame]!, steps++
    ) {
      const state = table.cells[slot + Cell.state]!
      if ((state & State.phase) !== phase || (state & State.metricsRow) !== 0) continue
      if (!stream.mayShare(table.streamOf(slot))) continue
      return time.ms - table.figures[(slot >> 1) + Figure.endMs]! < copyWithinMs
    }
    return false
  }

  #setStart(slot: number, stream: StreamState, time: RecordTime): void {
    const table = this.#attempts.table
    table.figures[(slot >> 1) + Figure.startMs] = time.ms
    table.cells[slot + Cell.state]! |=
      State.hasStart | (time.wholeSeconds ? State.startWholeSeconds : 0) | (stream.ordered ? State.textTimes : 0)
  }

  #takeColdStart(slot: number, stream: StreamState): void {
    if (stream.coldStart === ColdStart.none) return
    const table = this.#attempts.table
    table.cells[slot + Cell.state]! |= State.coldStart
    if (stream.coldStart === ColdStart.initialize) {
      table.cells[slot + Cell.state]! |= State.coldStartByInitialize
      if (!Number.isNaN(stream.initializeMs)) this.#attempts.notesOf(slot).initializeMs = stream.initializeMs
    }
    this.#attempts.keepColdStart(slot, stream.coldStartSince, this.#allowedLatenessMs)
    stream.coldStart = ColdStart.none
    stream.coldStartSince = null
    stream.initializeMs = Number.NaN
  }

  /** With one request at a time per instance, a Start tells that whatever was open there is over (rule 3). */
  #closeOthers(stream: StreamState): void {
    const table = this.#attempts.table
    for (let slot = stream.openHead; slot !== none; ) {
      const next = table.cells[slot + Cell.openNext]!
      if ((table.cells[slot + Cell.state]! & State.phase) === invoke) this.#attempts.close(slot, 'nextStart')
      slot = next
    }
  }

  /**
   * The attempt that an End belongs to: open, or closed otherwise, or ended (then it is a copy); {@link none} when it
   * makes its own.
   */
  #endOf(head: number, phase: number, stream: StreamState, time: RecordTime): number {
    const table = this.#attempts.table
    let closed = none
    let ended = none
    for (
      let slot = head, steps = 0;
      slot !== none && steps < maxSameIdSteps;
      slot = table.cells[slot + Cell.nextSame]!, steps++
    ) {
      const state = table.cells[slot + Cell.state]!
      if ((state & State.phase) !== phase || (state & State.metricsRow) !== 0) continue
      if (!stream.mayShare(table.streamOf(slot))) continue
      // An End from before this attempt's Start is another attempt's.
      if (!stream.ordered && time.ms < table.figures[(slot >> 1) + Figure.startMs]! - copyWithinMs) continue
      if ((state & State.hasEnd) !== 0) {
        if (ended === none) ended = slot
      } else if ((state & State.closed) !== 0) {
        if (closed === none) closed = slot
      } else return slot
    }
    if (closed !== none) return closed
    if (ended === none) return none
    // Where times exist, an End a second or more after the first may be a later attempt's whose Start is still to come.
    if (!stream.ordered && time.ms - table.figures[(ended >> 1) + Figure.endMs]! >= copyWithinMs) return none
    return ended
  }

  #namelessEnd(phase: number, stream: StreamState): number {
    const table = this.#attempts.table
    let found = none
    for (let slot = stream.openHead; slot !== none; slot = table.cells[slot + Cell.openNext]!) {
      if ((table.cells[slot + Cell.state]! & State.phase) !== phase || table.cells[slot + Cell.idLength] !== 0) continue
      if (found !== none) return none
      found = slot
    }
    return found
  }

  /**
   * An open attempt of the id that no Start began: a line did, which could not tell the phase and was taken for one of an invocation.
   * The End of a hook says what it was. {@link none} when there is none.
   */
  #begunByLine(head: number, phase: number, stream: StreamState): number {
    const { cells } = this.#attempts.table
    for (
      let slot = head, steps = 0;
      slot !== none && steps < maxSameIdSteps;
      slot = cells[slot + Cell.nextSame]!, steps++
    ) {
      const state = cells[slot + Cell.state]!
      if ((state & (State.phase | State.hasStart | State.hasEnd | State.closed | State.metricsRow)) !== invoke) continue
      if (cells[slot + Cell.givenAs] !== 0 || this.#attempts.table.streamOf(slot) !== stream) continue
      cells[slot + Cell.state] = state | phase
      return slot
    }
    return none
  }

  #endWithoutStart(named: boolean, head: number, phase: number, stream: StreamState, origin: RecordOrigin): number {
    const attempts = this.#attempts
    const table = attempts.table
    let copy = 0
    for (
      let slot = head, steps = 0;
      slot !== none && steps < maxSameIdSteps;
      slot = table.cells[slot + Cell.nextSame]!, steps++
    ) {
      const state = table.cells[slot + Cell.state]!
      if ((state & State.phase) !== phase || (state & (State.metricsRow | State.maybeCopy)) !== 0) continue
      if ((state & State.hasEnd) !== 0 && stream.mayShare(table.streamOf(slot))) copy = State.maybeCopy
    }
    const slot = named ? attempts.add(stream, origin, head) : attempts.addNameless(stream, origin)
    table.cells[slot + Cell.state] = phase | copy
    attempts.open(slot)
    return slot
  }

  #end(slot: number, line: ParsedLine, stream: StreamState, time: RecordTime, fate: FateCode): void {
    const attempts = this.#attempts
    const table = attempts.table
    const state = table.cells[slot + Cell.state]!
    if (fate === FateCode.duplicate) {
      table.cells[slot + Cell.state] = state | State.duplicateMarkers
      // The platform's End knows of the error, the program's own copy may not.
      if (line.outcome !== Outcome.ok) this.#setOutcome(slot, line)
      return
    }
    if ((state & State.closed) !== 0) table.cells[slot + Cell.state] = state | State.hasEnd | State.lateEnd
    else attempts.end(slot)
    touchRivals(attempts, slot)
    table.figures[(slot >> 1) + Figure.endMs] = time.ms
    table.cells[slot + Cell.state]! |=
      (time.wholeSeconds ? State.endWholeSeconds : 0) | (stream.ordered ? State.textTimes : 0)
    this.#setOutcome(slot, line)
    stream.lastEnded.set(table.cells, slot)
    stream.lastEndMs = time.ms
    stream.lastEndWholeSeconds = time.wholeSeconds
    const phase = state & State.phase
    if (phase === invoke) {
      stream.endedSinceSummary++
      stream.summaryTarget.set(table.cells, slot)
      stream.lastInvokeEndMs = time.ms
    } else if (phase === initialize) this.#noteInitialize(slot, stream)
  }

  #setOutcome(slot: number, line: ParsedLine): void {
    const table = this.#attempts.table
    table.cells[slot + Cell.state] =
      (table.cells[slot + Cell.state]! & ~State.outcome) | (line.outcome << State.outcomeShift)
    if (line.outcome !== Outcome.canceled) return
    const notes = this.#attempts.notesOf(slot)
    notes.canceledDurationMs = line.durationMs
    notes.canceledMemoryMB = line.maxMemoryUsedMB
  }

  /** The next invocation of the stream is the first after this initialize attempt (rule 9). */
  #noteInitialize(slot: number, stream: StreamState): void {
    const table = this.#attempts.table
    stream.expectColdStart(ColdStart.initialize, this.#attempts.sinceOf(slot))
    const exact = (table.cells[slot + Cell.state]! & (State.startWholeSeconds | State.endWholeSeconds)) === 0
    stream.initializeMs = exact
      ? table.figures[(slot >> 1) + Figure.endMs]! - table.figures[(slot >> 1) + Figure.startMs]!
      : Number.NaN
  }

  #noteInstance(buf: Uint8Array, line: ParsedLine, slot: number): void {
    const notes = this.#attempts.notesOf(slot)
    notes.instanceID ??= Buffer.from(buf.subarray(line.instanceStart, line.instanceEnd)).toString('latin1')
  }
}
