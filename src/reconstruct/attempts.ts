// Hot path: opens and closes attempts and keeps the lists they are in: open on their stream, open by age, closed by age.

import type { LinearMemory } from '../lib/linear-memory.ts'
import { type ClosedBy, closers } from '../model/attempt.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { Cell, Figure, none, State, slotShift } from './attempt-layout.ts'
import { AttemptNotes } from './attempt-notes.ts'
import type { AttemptRoom } from './attempt-room.ts'
import { AttemptTable } from './attempt-table.ts'
import { EngineFrame, Frame, msBetween, sequenceDouble } from './engine-frame.ts'
import { IdIndex } from './id-index.ts'
import { RequestIds } from './request-ids.ts'
import type { Since, StreamState } from './stream-state.ts'
import { joinTraceParents } from './trace-parents.ts'

const closerNumbers = new Map<ClosedBy, number>(closers.map((closer, index) => [closer, index]))

/** Attempts of one request id that are held at the same time; with more, the closed ones are given out. */
const maxAttemptsPerId = 256

/** An attempt, its row and copies of it; with more of one id, all of them were said to be retried before. */
const fewOfOneId = 4

/** All attempts that have not been given out. */
export class Attempts {
  readonly table: AttemptTable
  readonly ids: RequestIds
  /** Changes whenever an attempt is opened or closed. */
  version = 0
  readonly frame: EngineFrame
  readonly #words: Int32Array

  constructor(options: { memory: LinearMemory; room: AttemptRoom; seed: number }) {
    this.frame = new EngineFrame(options.memory, options.room)
    this.#words = this.frame.words
    this.#words[Frame.oldestOpen] = none
    this.#words[Frame.youngestOpen] = none
    this.#words[Frame.oldestClosed] = none
    this.#words[Frame.youngestClosed] = none
    this.#words[Frame.seed] = options.seed
    this.table = new AttemptTable(options.memory, options.room, this.frame)
    const index = new IdIndex(options.memory, options.room, this.frame)
    this.ids = new RequestIds({ index, table: this.table, seed: options.seed })
  }

  get openCount(): number {
    return this.#words[Frame.attemptsOpen]!
  }

  get closedCount(): number {
    return this.#words[Frame.attemptsClosed]!
  }

  get oldestOpen(): number {
    return this.#words[Frame.oldestOpen]!
  }

  /** A slot whose request id has very many attempts here; its closed ones should be given out now. */
  crowded = none

  /** The last closed attempt that was published or passed over; {@link none} before the first. */
  lastPublished = none

  /** The last tick at which a record came of an attempt that was settled and given back; null when there was none. */
  releasedTick: number | null = null

  /** Published attempts that changed since, each with its slot's generation. */
  readonly touched: number[] = []

  /** To be called before or after a record changes an attempt: if it was published, it must be given out again. */
  touch(slot: number): void {
    this.table.cells[slot + Cell.lastTick] = this.#words[Frame.tick]!
    this.giveAgain(slot)
  }

  /** The same where no record came. */
  giveAgain(slot: number): void {
    const { cells } = this.table
    const state = cells[slot + Cell.state]!
    if ((state & State.published) === 0) return
    cells[slot + Cell.state] = state & ~State.published
    this.touched.push(slot, cells[slot + Cell.generation]!)
  }

  /** A record of the attempt names the caller's trace; see `joinTraceParents`. */
  nameTrace(slot: number, traceParent: string): void {
    const notes = this.notesOf(slot)
    const joined = joinTraceParents(notes.traceParent, traceParent)
    if (joined === notes.traceParent) return
    notes.traceParent = joined
    this.giveAgain(slot)
  }

  /**
   * A new attempt of the current id (`RequestIds.pack`); `head` is what `find` returned for it. Not in any list yet. Those before it
   * are retried from now on, though it may be open for long.
   */
  add(stream: StreamState, origin: RecordOrigin, head: number): number {
    const slot = this.table.take(stream, origin, this.frame.doubles[sequenceDouble]!++)
    this.ids.add(slot, head)
    if (head !== none) {
      const same = this.table.cells[head + Cell.sameCount]! + 1
      this.table.cells[slot + Cell.sameCount] = same
      if (same >= maxAttemptsPerId) this.crowded = slot
      if (same <= fewOfOneId) this.giveAgain(head)
    }
    return slot
  }

  /** A new attempt without a request id. */
  addNameless(stream: StreamState, origin: RecordOrigin): number {
    const slot = this.table.take(stream, origin, this.frame.doubles[sequenceDouble]!++)
    this.table.cells[slot + Cell.sameCount] = stream.nameless++
    if (stream.key !== '') this.notesOf(slot).streamKey = stream.key
    this.ids.addNameless(slot)
    return slot
  }

  /** Puts a fresh slot into the lists of open attempts. */
  open(slot: number): void {
    const table = this.table
    const stream = table.streamOf(slot)
    table.cells[slot + Cell.openNext] = stream.openHead
    table.cells[slot + Cell.openPrevious] = none
    if (stream.openHead !== none) table.cells[stream.openHead + Cell.openPrevious] = slot
    stream.openHead = slot
    stream.openCount++
    table.cells[slot + Cell.olderOpen] = this.#words[Frame.youngestOpen]!
    table.cells[slot + Cell.youngerOpen] = none
    if (this.#words[Frame.youngestOpen]! === none) this.#words[Frame.oldestOpen] = slot
    else table.cells[this.#words[Frame.youngestOpen]! + Cell.youngerOpen] = slot
    this.#words[Frame.youngestOpen] = slot
    this.#words[Frame.attemptsOpen]!++
    this.version++
  }

  isOpen(slot: number): boolean {
    return (this.table.cells[slot + Cell.state]! & (State.hasEnd | State.closed | State.metricsRow)) === 0
  }

  /** Ends an open attempt by its End marker. The caller sets the End's facts. */
  end(slot: number): void {
    this.#leaveOpen(slot)
    this.table.cells[slot + Cell.state]! |= State.hasEnd
    this.#joinClosed(slot)
  }

  /** Closes an open attempt that has no End. */
  close(slot: number, closedBy: ClosedBy): void {
    this.#leaveOpen(slot)
    this.markClosed(slot, closedBy)
    this.#joinClosed(slot)
  }

  /** Notes what closed an attempt, without touching lists. */
  markClosed(slot: number, closedBy: ClosedBy): void {
    this.table.cells[slot + Cell.state]! |= State.closed
    this.table.cells[slot + Cell.closer] = closerNumbers.get(closedBy)!
  }

  /** A sentence that came late, or was decided late, explains better than the end of the input why there is no End. */
  explainClosing(slot: number): void {
    const { cells } = this.table
    const closed = (cells[slot + Cell.state]! & (State.hasEnd | State.closed)) === State.closed
    if (closed && closers[cells[slot + Cell.closer]!] === 'eof') this.markClosed(slot, 'errorText')
  }

  /** Puts a slot that was never open (an End without a Start, a metrics row) among the closed ones. */
  addClosed(slot: number): void {
    this.#joinClosed(slot)
  }

  notesOf(slot: number): AttemptNotes {
    let notes = this.table.notes[slot >> slotShift]
    if (notes === undefined) {
      notes = new AttemptNotes()
      this.table.notes[slot >> slotShift] = notes
    }
    return notes
  }

  /** The attempt that closed first; {@link none} when none is closed. */
  get oldestClosed(): number {
    return this.#words[Frame.oldestClosed]!
  }

  /** The attempt that closed last; {@link none} when none is closed. */
  get youngestClosed(): number {
    return this.#words[Frame.youngestClosed]!
  }

  /** Gives a closed attempt's slot back. */
  release(slot: number): void {
    const tick = this.table.cells[slot + Cell.lastTick]!
    if (this.releasedTick === null || msBetween(this.releasedTick, tick) > 0) this.releasedTick = tick
    this.#remove(slot)
  }

  #remove(slot: number): void {
    this.ids.remove(slot)
    this.#leaveClosed(slot)
    this.table.giveBack(slot)
  }

  /** Takes out attempts as if they had never been: nothing is given out of them. Looks at every slot. */
  discard(isGone: (stream: StreamState) => boolean): void {
    for (const open of [true, false]) {
      const link = open ? Cell.youngerOpen : Cell.nextClosed
      let slot = open ? this.oldestOpen : this.oldestClosed
      while (slot !== none) {
        const next = this.table.cells[slot + link]!
        if (isGone(this.table.streamOf(slot))) {
          if (open) this.close(slot, 'eof')
          this.#remove(slot)
        }
        slot = next
      }
    }
    this.crowded = none
  }

  /** Numbers a record that is of no attempt, and may matter to one that is yet to come. */
  since(): Since {
    return { number: this.frame.doubles[sequenceDouble]!++, tick: this.#words[Frame.tick]! }
  }

  /** The same for what an attempt says of another. */
  sinceOf(slot: number): Since {
    return { number: this.table.figures[(slot >> 1) + Figure.sequence]!, tick: this.#words[Frame.tick]! }
  }

  /** What announced an attempt's cold start has to be read again with it, unless that was long before. */
  keepColdStart(slot: number, since: Since | null, withinMs: number): void {
    if (since !== null && msBetween(since.tick, this.#words[Frame.tick]!) <= withinMs)
      this.notesOf(slot).coldStartNumber = since.number
  }

  /** The number that the next attempt will have. */
  get nextNumber(): number {
    return this.frame.doubles[sequenceDouble]!
  }

  #leaveOpen(slot: number): void {
    const table = this.table
    const stream = table.streamOf(slot)
    const next = table.cells[slot + Cell.openNext]!
    const previous = table.cells[slot + Cell.openPrevious]!
    if (next !== none) table.cells[next + Cell.openPrevious] = previous
    if (previous === none) stream.openHead = next
    else table.cells[previous + Cell.openNext] = next
    stream.openCount--
    const older = table.cells[slot + Cell.olderOpen]!
    const younger = table.cells[slot + Cell.youngerOpen]!
    if (older === none) this.#words[Frame.oldestOpen] = younger
    else table.cells[older + Cell.youngerOpen] = younger
    if (younger === none) this.#words[Frame.youngestOpen] = older
    else table.cells[younger + Cell.olderOpen] = older
    this.#words[Frame.attemptsOpen]!--
    this.version++
  }

  #joinClosed(slot: number): void {
    const table = this.table
    table.cells[slot + Cell.closedTick] = this.#words[Frame.tick]!
    table.cells[slot + Cell.nextClosed] = none
    table.cells[slot + Cell.previousClosed] = this.#words[Frame.youngestClosed]!
    if (this.#words[Frame.youngestClosed]! === none) this.#words[Frame.oldestClosed] = slot
    else table.cells[this.#words[Frame.youngestClosed]! + Cell.nextClosed] = slot
    this.#words[Frame.youngestClosed] = slot
    this.#words[Frame.attemptsClosed]!++
  }

  /** The closed attempt that is to be published next; {@link none} when all were. */
  get nextToPublish(): number {
    return this.lastPublished === none ? this.oldestClosed : this.table.cells[this.lastPublished + Cell.nextClosed]!
  }

  #leaveClosed(slot: number): void {
    const table = this.table
    const next = table.cells[slot + Cell.nextClosed]!
    const previous = table.cells[slot + Cell.previousClosed]!
    if (slot === this.lastPublished) this.lastPublished = previous
    if (previous === none) this.#words[Frame.oldestClosed] = next
    else table.cells[previous + Cell.nextClosed] = next
    if (next === none) this.#words[Frame.youngestClosed] = previous
    else table.cells[next + Cell.previousClosed] = previous
    this.#words[Frame.attemptsClosed]!--
  }
}
