// The few numbers that the engine and its kernel both change: heads of lists, counters, and where things are. They live in
// the shared memory, so that neither has to tell the other.
import type { LinearMemory } from '../lib/linear-memory.ts'
import type { AttemptRoom } from './attempt-room.ts'

/** Words of the frame. The kernel knows them by number: see ordinary-lines.wat. */
export const Frame = {
  /** Set by a run of the kernel: where the first line it left begins, and the first pair not before it. */
  start: 0,
  pair: 1,
  /** The stream's state, handed over before a run and taken back after it (see `OrdinaryLines`). */
  lastLine: 2,
  lastWasMarker: 3,
  openHead: 4,
  openCount: 5,
  lastEnded: 6,
  endedSinceSummary: 7,
  summaryTarget: 8,
  stream: 9,
  /** 1 when a Start needs nothing but a new attempt: no cold start is pending, and no limit of concurrency known. */
  mayStart: 10,
  /** Lists and counters of all attempts. */
  oldestOpen: 11,
  youngestOpen: 12,
  oldestClosed: 13,
  youngestClosed: 14,
  attemptsOpen: 15,
  attemptsClosed: 16,
  freeSlot: 17,
  freshSlot: 18,
  indexMask: 19,
  indexCount: 20,
  /** Limits at which a run stops: attempts open, attempts closed, the first slot that there is not. */
  maxOpen: 21,
  maxClosed: 22,
  slotEnd: 23,
  /** What a run took, by kind and fate; set to 0 before it. */
  appLines: 24,
  starts: 25,
  ends: 26,
  summariesAttached: 27,
  summariesUnattached: 28,
  blanks: 29,
  /** Addresses and constants, set once. */
  records: 30,
  entries: 31,
  seed: 32,
  lineEnds: 33,
  pairs: 34,
  /** The chunk at hand. */
  lineCount: 35,
  pairCount: 36,
  /** 1 when application lines are kept as rows (see `LineColumns`). */
  rowsOn: 37,
  rowCount: 38,
  rowLimit: 39,
  /** Addresses behind the last row's body, id and severity text, and where the first two columns are full. */
  bodyEnd: 42,
  idEnd: 43,
  severityEnd: 44,
  bodyLimit: 45,
  idLimit: 46,
  /** Where the columns begin. */
  rowTimes: 47,
  rowPositions: 48,
  rowTraceIds: 49,
  rowSpanIds: 50,
  rowKinds: 51,
  rowLevels: 52,
  rowTimeSources: 53,
  rowOrigins: 54,
  rowStreams: 55,
  /** Indices of the origin and the stream that lines come from now. */
  rowOrigin: 56,
  rowStream: 57,
  /** Where the column of rows that wait for an owner begins. */
  rowWaiting: 64,
  /** 1 when times without a zone are UTC. */
  zonelessUtc: 62,
  /** The time of day as `tickOf` packs it; stands still within a batch. */
  tick: 63,
} as const

/** The double that numbers attempts in the order of coming: index in {@link EngineFrame.doubles}. */
export const sequenceDouble = 20

/** Where the window's first byte stands in its stream, and the last time seen there: handed over before a run of the kernel. */
export const windowPositionDouble = 29
export const lastTimeDouble = 30

/** The clock of attempts: units of 64 ms in 32 bits, which come round after eight years. */
const tickMs = 64
export const tickOf = (unixMs: number): number => Math.floor(unixMs / tickMs) | 0

/** Milliseconds from one tick to a later one. */
export const msBetween = (earlier: number, later: number): number => ((later - earlier) | 0) * tickMs

/** A tick near `nowMs` as unix ms, in whole ticks. */
export const momentOf = (tick: number, nowMs: number): number =>
  Math.floor(nowMs / tickMs) * tickMs - msBetween(tick, tickOf(nowMs))

/** Words reserved for the frame. */
export const frameWords = 72

/** Views of the frame. */
export class EngineFrame {
  readonly address: number
  readonly words: Int32Array
  readonly doubles: Float64Array

  constructor(memory: LinearMemory, room: AttemptRoom) {
    const { buffer } = memory.memory
    this.address = room.frameAddress
    this.words = new Int32Array(buffer, room.frameAddress, frameWords)
    this.doubles = new Float64Array(buffer, room.frameAddress, frameWords / 2)
  }
}
