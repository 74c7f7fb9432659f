// How an attempt lies in memory: the words of its record, and what their bits mean. A slot is the index of a record's first
// word, a multiple of 64: field access is one addition, and a record lies in four cache lines.
import { levelNames } from '../model/level.ts'

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
  /** Closed, and given out as it is now: a change must be given out again (see `Attempts.touch`). */
  published: 1 << 21,
  /** Undecided lines may be its own (`PendingLines`). */
  candidate: 1 << 22,
} as const

/** Words of 4 bytes kept of an id: 40 bytes hold every shape the platform uses (UUID 36, `1-8-24` 35, 32 hex). */
export const idWords = 10

/** Counts of lines, of lines after the End, then one per level. */
export const countCells = 2 + levelNames.length

/** Offsets of a record's words in `AttemptTable.cells`. The first sixteen and the counts are known to the kernel. */
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
  /** One more than the number with which it was given out last; 0 when it was not. */
  givenAs: 15,
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
  /**
   * Attempts added to the chain up to and with this one, since the chain was last empty of closed ones; without a request id
   * the number among its like on the stream.
   */
  sameCount: 33,
  /** Index of the closer in `closers`; only with {@link State.closed}. */
  closer: 34,
  /** How many attempts of this request id and phase have been given out already. */
  givenOut: 35,
  /** Ids of tracing for the attempt's lines, 4 words and 2; not derived yet while the trace id's last word is 0. */
  traceId: 36,
  spanId: 60,
  /** `Frame.tick` when a record last belonged to the attempt, and when it was closed. */
  lastTick: 62,
  closedTick: 63,
} as const

/** Offsets of a record's doubles in `AttemptTable.figures`, from `slot >> 1`. Times are unix ms, NaN = not known. */
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
