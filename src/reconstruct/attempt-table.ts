// Hot path: attempts as fixed-size records in one block of memory, which the kernel for ordinary lines shares (an array per
// field was measured at one and a half times the cost). Slots are reused.
import type { LinearMemory } from '../lib/linear-memory.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { Cell, countCells, Figure, none, slotShift } from './attempt-layout.ts'
import type { AttemptNotes } from './attempt-notes.ts'
import { type AttemptRoom, recordWords } from './attempt-room.ts'
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
  readonly #capacity: number
  #free = none
  #fresh = 0

  constructor(memory: LinearMemory, room: AttemptRoom) {
    const { buffer } = memory.memory
    this.address = room.recordsAddress
    this.#capacity = room.capacity
    this.cells = new Int32Array(buffer, room.recordsAddress, room.capacity * recordWords)
    this.figures = new Float64Array(buffer, room.recordsAddress, (room.capacity * recordWords) / 2)
  }

  /** Takes a slot with all fields at rest. The table must not be full. */
  take(stream: StreamState, origin: RecordOrigin, sequence: number): number {
    let slot = this.#free
    const { cells, figures } = this
    if (slot === none) {
      if (this.#fresh >= this.#capacity) throw new RangeError('BUG: attempt table overflow')
      slot = this.#fresh++ << slotShift
      this.streams.push(stream)
      this.origins.push(origin)
      this.notes.push(undefined)
      this.facts.push(undefined)
    } else {
      this.#free = cells[slot + Cell.nextClosed]!
      this.streams[slot >> slotShift] = stream
      this.origins[slot >> slotShift] = origin
      cells[slot + Cell.state] = 0
      cells[slot + Cell.givenOut] = 0
      // Shorter than the call of fill() would take.
      for (let count = 0; count < countCells; count++) cells[slot + Cell.lines + count] = 0
    }
    cells[slot + Cell.stream] = stream.number
    cells[slot + Cell.nextSame] = none
    cells[slot + Cell.previousSame] = none
    cells[slot + Cell.sameCount] = 0
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
    this.cells[slot + Cell.nextClosed] = this.#free
    this.#free = slot
  }
}
