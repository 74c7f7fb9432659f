// How far partitions are stored for good, and from where another worker would have to read them. Batches leave marks when they are
// committed; deliveries may end in any order.
import type { PartitionNote } from '../model/handover.ts'

/** How things stood when a batch was committed. */
export interface Mark {
  readonly batch: number
  /** Unix ms. */
  readonly timeMs: number
  /** The engine's own time, see `Engine.momentMs`. */
  readonly momentMs: number
  /** The next attempt's number then. */
  readonly nextNumber: number
  /** The next record of each partition, by home. */
  readonly next: ReadonlyMap<string, number>
}

/** With more marks, every other one of the older half is dropped: reading again begins a little earlier then. */
const maxMarks = 8192
/** Marks in the order of their batches. */
export class PartitionMarks {
  /** So long after it closed an attempt may still change. */
  readonly #allowedLatenessMs: number
  #marks: Mark[] = []
  /** Deliveries that are not done, by batch. */
  readonly #waiting = new Map<number, number>()

  constructor(allowedLatenessMs: number) {
    this.#allowedLatenessMs = allowedLatenessMs
  }

  /** A batch was committed that consists of so many deliveries. */
  add(mark: Mark, deliveries: number): void {
    this.#marks.push(mark)
    if (deliveries > 0) this.#waiting.set(mark.batch, deliveries)
    if (this.#marks.length <= maxMarks) return
    const half = maxMarks / 2
    this.#marks = this.#marks.filter((_, index) => index >= half || index % 2 === 0)
  }

  /** One delivery of the batch is done. */
  delivered(batch: number): void {
    const left = (this.#waiting.get(batch) ?? 1) - 1
    if (left === 0) this.#waiting.delete(batch)
    else this.#waiting.set(batch, left)
  }

  get isAllDelivered(): boolean {
    return this.#waiting.size === 0
  }

  /** The newest mark before which everything is in the store: lines, and attempts that were over. Null when there is none. */
  stored(): Mark | null {
    const firstWaiting = Math.min(...this.#waiting.keys())
    return this.#marks.findLast(({ batch }) => batch < firstWaiting) ?? null
  }

  /** How far back closed attempts count as alive at `mark`, seen from now. */
  horizonMs(mark: Mark, nowMs: number): number {
    return this.#allowedLatenessMs + Math.max(0, nowMs - mark.timeMs)
  }

  /** The newest mark, up to `mark`, that is older than the attempt with this number. Null when none is. */
  before(mark: Mark, attempt: number): Mark | null {
    return this.#marks.findLast(({ batch, nextNumber }) => batch <= mark.batch && nextNumber <= attempt) ?? null
  }

  /** The oldest mark before which everything lies that came up to this moment. Null when there is none yet. */
  behind(momentMs: number): Mark | null {
    return this.#marks.find(mark => mark.momentMs > momentMs) ?? null
  }

  /** Marks before `mark` are not needed any more, once they are older than anything that may be asked for. */
  drop(mark: Mark, nowMs: number): void {
    const oldMs = nowMs - 2 * this.#allowedLatenessMs
    const keptFrom = this.#marks.findIndex(({ batch, timeMs }) => batch >= mark.batch || timeMs > oldMs)
    if (keptFrom > 1) this.#marks.splice(0, keptFrom - 1)
  }
}

/** Where reading of a partition begins, and what is known of its first records. All are numbers of records. */
export interface ReadingPlan {
  readonly from: number
  /** Before it everything is stored. */
  readonly stored: number
  /** From it on all records of the attempts that begin are read; never behind `stored`. */
  readonly whole: number
  /** Before it everything has been counted by this worker: records, and attempts that were over. */
  readonly counted: number
}

/**
 * What an assigned partition is begun with. `taken`: how far this worker had come before, as of its last commit. A group that is
 * behind the note has not heard of it yet; one that is ahead of it was moved by somebody else: then it is right, and what is known is
 * of no use.
 */
export function planReading(parts: {
  readonly position: number
  readonly isFromGroup: boolean
  readonly first: number
  readonly note: PartitionNote | null
  readonly worker: number
  readonly taken: number | null
}): ReadingPlan {
  const { position, isFromGroup, first, note, worker, taken } = parts
  const isMoved = note !== null && isFromGroup && position > note.position
  if (note === null || isMoved) return { from: position, whole: position, stored: position, counted: position }
  const stored = note.position
  const isOwn = note.worker === worker && taken !== null
  const from = Math.min(stored, Math.max(note.replayFrom, first))
  // Where records are gone, nobody knows what the first ones that are left belong to.
  const whole = first > note.replayFrom ? stored : Math.min(stored, Math.max(from, note.wholeFrom))
  return {
    from,
    whole,
    stored,
    counted: isOwn ? Math.max(stored, taken) : stored,
  }
}
