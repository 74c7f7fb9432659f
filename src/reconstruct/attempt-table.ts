// Hot path: attempts as fixed-size records in one block of memory, which the kernel for ordinary lines shares (an array per
// field was measured at one and a half times the cost). Slots are reused.
import type { LinearMemory } from '../lib/linear-memory.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { Cell, countCells, Figure, none, slotShift } from './attempt-layout.ts'
import type { AttemptNotes } from './attempt-notes.ts'
import { type AttemptRoom, recordWords } from './attempt-room.ts'
import { type EngineFrame, Frame } from './engine-frame.ts'
import type { MetricsFacts } from './metrics-facts.ts'
import type { StreamState } from './stream-state.ts'

/** The records. Plain data: every rule lives in the files that use it. */
export class AttemptTable {
  /** Where the records begin in the shared memory. */
  readonly address: number
  readonly cells: Int32Array
  readonly figures: Float64Array
  readonly streams: (StreamState | undefined)[] = []
  readonly origins: (RecordOrigin | undefined)[] = []
  readonly notes: (AttemptNotes | undefined)[] = []
  /** The metrics row, in slots that are one. */
  readonly facts: (MetricsFacts | undefined)[] = []
  /** Text streams by number: the kernel makes attempts there without telling anybody. */
  readonly #textStreams = new Map<number, StreamState>()
  readonly #frame: Int32Array

  constructor(memory: LinearMemory, room: AttemptRoom, frame: EngineFrame) {
    const { buffer } = memory.memory
    this.address = room.recordsAddress
    this.#frame = frame.words
    this.#frame[Frame.freeSlot] = none
    this.#frame[Frame.slotEnd] = room.capacity << slotShift
    this.#frame[Frame.records] = room.recordsAddress
    this.cells = new Int32Array(buffer, room.recordsAddress, room.capacity * recordWords)
    this.figures = new Float64Array(buffer, room.recordsAddress, (room.capacity * recordWords) / 2)
  }

  /** Takes a slot with all fields at rest. The table must not be full. */
  take(stream: StreamState, origin: RecordOrigin, sequence: number): number {
    const frame = this.#frame
    const { cells, figures } = this
    let slot = frame[Frame.freeSlot]!
    if (slot === none) {
      slot = frame[Frame.freshSlot]!
      if (slot >= frame[Frame.slotEnd]!) throw new RangeError('BUG: attempt table overflow')
      frame[Frame.freshSlot] = slot + (1 << slotShift)
      this.growTenants()
    } else {
      frame[Frame.freeSlot] = cells[slot + Cell.nextClosed]!
      cells[slot + Cell.state] = 0
      cells[slot + Cell.givenOut] = 0
      // Shorter than the call of fill() would take.
      for (let count = 0; count < countCells; count++) cells[slot + Cell.lines + count] = 0
    }
    this.streams[slot >> slotShift] = stream
    this.origins[slot >> slotShift] = origin
    cells[slot + Cell.stream] = stream.number
    cells[slot + Cell.nextSame] = none
    cells[slot + Cell.previousSame] = none
    cells[slot + Cell.sameCount] = 0
    cells[slot + Cell.givenAs] = 0
    cells[slot + Cell.traceId + 3] = 0
    cells[slot + Cell.lastTick] = frame[Frame.tick]!
    const figure = slot >> 1
    figures[figure + Figure.sequence] = sequence
    figures[figure + Figure.startMs] = Number.NaN
    figures[figure + Figure.endMs] = Number.NaN
    figures[figure + Figure.idleBeforeMs] = Number.NaN
    figures[figure + Figure.firstTrouble] = 0
    figures[figure + Figure.lastTrouble] = 0
    return slot
  }

  /** Gives a slot back. References to it become stale (see {@link Cell.generation}). */
  giveBack(slot: number): void {
    this.cells[slot + Cell.generation]!++
    this.streams[slot >> slotShift] = undefined
    this.origins[slot >> slotShift] = undefined
    this.notes[slot >> slotShift] = undefined
    this.facts[slot >> slotShift] = undefined
    this.cells[slot + Cell.nextClosed] = this.#frame[Frame.freeSlot]!
    this.#frame[Frame.freeSlot] = slot
  }

  /** The arrays of objects have a place for every slot that was ever taken, by whomever. */
  growTenants(): void {
    const tenants = this.#frame[Frame.freshSlot]! >> slotShift
    while (this.streams.length < tenants) {
      this.streams.push(undefined)
      this.origins.push(undefined)
      this.notes.push(undefined)
      this.facts.push(undefined)
    }
  }

  /** Makes a text stream known before the kernel sees its number. */
  addTextStream(stream: StreamState): void {
    this.#textStreams.set(stream.number, stream)
  }

  get textStreams(): Iterable<StreamState> {
    return this.#textStreams.values()
  }

  /** A text stream that nothing comes from any more: only its attempts know it from here on. Looks at every slot. */
  forgetTextStream(stream: StreamState): void {
    const tenants = this.#frame[Frame.freshSlot]! >> slotShift
    for (let at = 0; at < tenants; at++) {
      if (this.cells[(at << slotShift) + Cell.stream] === stream.number) this.streams[at] ??= stream
    }
    this.#textStreams.delete(stream.number)
  }

  streamOf(slot: number): StreamState {
    // An attempt that the kernel made has no object here; then its stream is one of the text streams.
    return this.streams[slot >> slotShift] ?? this.#textStreams.get(this.cells[slot + Cell.stream]!)!
  }

  originOf(slot: number): RecordOrigin {
    return this.origins[slot >> slotShift] ?? this.streamOf(slot).origin
  }
}
