// Hot path: attempts as rows of typed arrays. A row is a number, the slot; slots are reused.
// Large zeroed arrays cost memory only where they are touched, so that all columns are made for the full capacity at once
// and an ordinary run pays for the slots it uses.
import { levelNames } from '../model/level.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { AttemptNotes } from './attempt-notes.ts'
import type { StreamState } from './stream-state.ts'

/** Bits of {@link AttemptTable.state}. The lowest two are the phase, the next two the End's outcome. */
export const State = {
  phase: 0b11,
  outcomeShift: 2,
  outcome: 0b1100,
  hasStart: 1 << 4,
  hasEnd: 1 << 5,
  /** No End was seen, and something else closed it: the reason is in {@link AttemptTable.closers}. */
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

/** Columns of counts: lines, lines after the End, then one per level. */
export const countColumns = 2 + levelNames.length

/** Columns of a summary: durationMs, billedMs, memoryMB, maxMemoryUsedMB. */
export const summaryColumns = 4

/** No slot. */
export const none = -1

/**
 * How many attempts of one request id are looked at for a marker or a line, newest first. A function that prints the same id
 * for every call must not make each of them cost more than the one before.
 */
export const maxSameIdSteps = 64

/** The columns. Plain data: every rule lives in the files that use it. */
export class AttemptTable {
  readonly capacity: number
  readonly state: Uint32Array
  readonly idBytes: Int32Array
  /** Length in bytes, at most 40; 255 when the id is longer and `idBytes` holds its number (see `RequestIds`). */
  readonly idLength: Uint8Array
  readonly idHash: Int32Array
  /** The attempts of one request id, newest first. */
  readonly nextSame: Int32Array
  readonly previousSame: Int32Array
  /** The next request id in the same hash bucket; valid for the first slot of a request. */
  readonly nextInBucket: Int32Array
  /** Attempts added to the chain up to and with this one, since the chain was last empty of closed ones. */
  readonly sameCount: Uint16Array
  readonly openNext: Int32Array
  readonly openPrevious: Int32Array
  readonly olderOpen: Int32Array
  readonly youngerOpen: Int32Array
  readonly nextClosed: Int32Array
  readonly previousClosed: Int32Array
  /** Grows by one each time a slot is given back: tells a reference to a slot's former tenant. */
  readonly generation: Uint32Array
  readonly sequence: Float64Array
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly counts: Uint32Array
  readonly summary: Float64Array
  /** Index of the closer in `closers`; only with {@link State.closed}. */
  readonly closer: Uint8Array
  /** How many attempts of this request id and phase have been given out already. */
  readonly givenOut: Uint32Array
  readonly idleBeforeMs: Float64Array
  /** Positions of the first and the last error line in the `TroubleRing`; 0 for none. */
  readonly firstTrouble: Float64Array
  readonly lastTrouble: Float64Array
  readonly streams: (StreamState | undefined)[] = []
  readonly origins: (RecordOrigin | undefined)[] = []
  readonly notes: (AttemptNotes | undefined)[] = []
  used = 0
  #free = none
  #fresh = 0

  constructor(capacity: number) {
    this.capacity = capacity
    this.state = new Uint32Array(capacity)
    this.idBytes = new Int32Array(capacity * idWords)
    this.idLength = new Uint8Array(capacity)
    this.idHash = new Int32Array(capacity)
    this.nextSame = new Int32Array(capacity)
    this.previousSame = new Int32Array(capacity)
    this.nextInBucket = new Int32Array(capacity)
    this.sameCount = new Uint16Array(capacity)
    this.openNext = new Int32Array(capacity)
    this.openPrevious = new Int32Array(capacity)
    this.olderOpen = new Int32Array(capacity)
    this.youngerOpen = new Int32Array(capacity)
    this.nextClosed = new Int32Array(capacity)
    this.previousClosed = new Int32Array(capacity)
    this.generation = new Uint32Array(capacity)
    this.sequence = new Float64Array(capacity)
    this.startMs = new Float64Array(capacity)
    this.endMs = new Float64Array(capacity)
    this.counts = new Uint32Array(capacity * countColumns)
    this.summary = new Float64Array(capacity * summaryColumns)
    this.closer = new Uint8Array(capacity)
    this.givenOut = new Uint32Array(capacity)
    this.idleBeforeMs = new Float64Array(capacity)
    this.firstTrouble = new Float64Array(capacity)
    this.lastTrouble = new Float64Array(capacity)
  }

  get isFull(): boolean {
    return this.used >= this.capacity
  }

  /** Takes a slot with all columns at rest. The table must not be full. */
  take(stream: StreamState, origin: RecordOrigin, sequence: number): number {
    let slot = this.#free
    if (slot === none) {
      if (this.#fresh >= this.capacity) throw new RangeError('BUG: attempt table overflow')
      slot = this.#fresh++
      this.streams.push(stream)
      this.origins.push(origin)
      this.notes.push(undefined)
    } else {
      this.#free = this.nextClosed[slot]!
      this.streams[slot] = stream
      this.origins[slot] = origin
      const counts = slot * countColumns
      // Shorter than the call of fill() would take.
      for (let column = 0; column < countColumns; column++) this.counts[counts + column] = 0
      this.state[slot] = 0
      this.givenOut[slot] = 0
      this.firstTrouble[slot] = 0
      this.lastTrouble[slot] = 0
    }
    this.used++
    this.startMs[slot] = Number.NaN
    this.endMs[slot] = Number.NaN
    this.idleBeforeMs[slot] = Number.NaN
    this.sequence[slot] = sequence
    this.nextSame[slot] = none
    this.previousSame[slot] = none
    this.sameCount[slot] = 0
    return slot
  }

  /** Gives a slot back. References to it become stale (see {@link generation}). */
  giveBack(slot: number): void {
    this.generation[slot]!++
    this.streams[slot] = undefined
    this.origins[slot] = undefined
    this.notes[slot] = undefined
    this.nextClosed[slot] = this.#free
    this.#free = slot
    this.used--
  }
}
