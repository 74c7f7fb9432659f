// Hot path: attempts as fixed-size records in one block of memory, which the kernel for ordinary lines shares. A slot is
// the index of a record's first word, a multiple of 64: field access is one addition, and a record lies in four cache lines
// (an array per field was measured at one and a half times the cost). Slots are reused.
import type { LinearMemory } from '../lib/linear-memory.ts'
import { levelNames } from '../model/level.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import { type AttemptRoom, recordWords } from './attempt-room.ts'
import type { AttemptNotes } from './attempt-notes.ts'
import type { StreamState } from './stream-state.ts'

/** Bits of {@link Cell.state}. The lowest two are the phase, the next two the End's outcome. The kernel knows some: see ordinary-lines.wat. */
export const State = {
  phase: 0b11,
  outcomeShift: 2,
  outcome: 0b1100,
  hasStart: 1 << 4,
  hasEnd: 1 << 5,
  /** No End was seen, and something else closed it: {@link Cell.closer} says what. */
  closed: 1 << 6,
  duplicateMarkers: 1 << 7,
  lateEnd: 1 << 8,
  evicted: 1 << 9,
  /** A request metrics row; it becomes part of an attempt when its request is settled. */
  metricsRow: 1 << 10,
  /** A marker that may be a copy of an earlier one: decided when the request is settled. */
  maybeCopy: 1 << 11,
  hasSummary: 1 << 12,
  startWholeSeconds: 1 << 13,
  endWholeSeconds: 1 << 14,
  /** The End came before its Start. */
  endFirst: 1 << 15,
  coldStart: 1 << 16,
  coldStartByInitialize: 1 << 17,
  /** Some line was attached. */
  hasLine: 1 << 18,
  /** Another attempt of the same request was given out before. */
  retried: 1 << 19,
  /** Times came from a console prefix in text. */
  textTimes: 1 << 20,
} as const

/** Words of 4 bytes kept of an id: 40 bytes hold every shape the platform uses (UUID 36, `1-8-24` 35, 32 hex). */
export const idWords = 10

/** Counts of lines, of lines after the End, then one per level. */
export const countCells = 2 + levelNames.length

/** Offsets of a record's words in {@link AttemptTable.cells}. The first sixteen and the counts are known to the kernel. */
export const Cell = {
  state: 0,
  idHash: 1,
  /** Bytes of the id, at most 40; 255 when it is longer and `id` holds its number (see `RequestIds`); 0 for no id. */
  idLength: 2,
  /** `StreamState.number` of the stream the attempt runs on. */
  stream: 3,
  id: 4,
  /** The attempts of one request id, newest first. */
  nextSame: 14,
  lines: 16,
  linesAfterEnd: 17,
  levels: 18,
  previousSame: 25,
  openNext: 26,
  openPrevious: 27,
  olderOpen: 28,
  youngerOpen: 29,
  nextClosed: 30,
  previousClosed: 31,
  /** Grows by one each time a slot is given back: tells a reference to a slot's former tenant. */
  generation: 32,
  /** Attempts added to the chain up to and with this one, since the chain was last empty of closed ones. */
  sameCount: 33,
  /** Index of the closer in `closers`; only with {@link State.closed}. */
  closer: 34,
  /** How many attempts of this request id and phase have been given out already. */
  givenOut: 35,
} as const

/** Offsets of a record's doubles in {@link AttemptTable.figures}, from `slot >> 1`. Times are unix ms, NaN = not known. */
export const Figure = {
  sequence: 20,
  startMs: 21,
  endMs: 22,
  idleBeforeMs: 23,
  /** Positions of the first and the last error line in the `TroubleRing`; 0 for none. */
  firstTrouble: 24,
  lastTrouble: 25,
  /** durationMs, billedMs, memoryMB, maxMemoryUsedMB. */
  summary: 26,
} as const

/** The shift that makes a slot the index of its tenant in the arrays of objects; 2 ** slotShift is `recordWords`. */
export const slotShift = 6

/** No slot. */
export const none = -1

/**
 * How many attempts of one request id are looked at for a marker or a line, newest first. A function that prints the same id
 * for every call must not make each of them cost more than the one before.
 */
export const maxSameIdSteps = 64

/** The records. Plain data: every rule lives in the files that use it. */
export class AttemptTable {
  /** Where the records begin in the shared memory. */
  readonly address: number
  readonly cells: Int32Array
  readonly figures: Float64Array
  readonly streams: (StreamState | undefined)[] = []
  readonly origins: (RecordOrigin | undefined)[] = []
  readonly notes: (AttemptNotes | undefined)[] = []
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
    this.cells[slot + Cell.nextClosed] = this.#free
    this.#free = slot
  }
}
