// The partitions that this worker has: how far each is read, and what is to be done with the next records of each.
import { createHash } from 'node:crypto'
import type { Handover, PartitionNote } from '../model/handover.ts'
import { isPartitioned, type PartitionedSource } from '../model/partitioned-source.ts'
import type { StoredStream } from '../model/source.ts'
import { type Engine, homeOf } from './engine.ts'
import { type Mark, PartitionMarks, planReading, type ReadingPlan } from './partition-marks.ts'
import type { StreamPosition, WorkerParts } from './worker-parts.ts'

/** Between two notes. */
const noteEveryMs = 1000
/** Streams of a partition that are named in its notes: those of its newest records. */
const maxStreamIds = 4

/** What is kept of records, and counted. */
export interface Keeping {
  readonly rows: boolean
  readonly counts: boolean
  /** Of attempts that begin there, all records are read. */
  readonly isWhole: boolean
}

/** Of a partition; see `PartitionNote`. */
type Place = Pick<PartitionNote, 'position' | 'replayFrom' | 'wholeFrom'>

/** One partition. */
export class HeldPartition {
  readonly source: PartitionedSource
  readonly partition: string
  readonly home: string
  readonly plan: ReadingPlan
  /** The next record. */
  next: number
  /** As it was noted last. */
  noted: Place
  streamIds: string[] = []
  /** Nothing comes of it any more. It is kept for as long as something that began there may still change. */
  hasEnded = false
  /** The notes say so. */
  isEndNoted = false
  /** Of this worker's holding of it. */
  readonly epoch: number
  /** The last batch before it was assigned: earlier marks may speak of the same partition, but not of this reading of it. */
  readonly since: number

  constructor(
    source: PartitionedSource,
    partition: string,
    { plan, since, epoch }: { plan: ReadingPlan; since: number; epoch: number },
  ) {
    this.since = since
    this.epoch = epoch
    this.source = source
    this.partition = partition
    this.home = homeOf(source.name, partition)
    this.plan = plan
    this.next = plan.from
    this.noted = { position: plan.stored, replayFrom: plan.from, wholeFrom: plan.whole }
  }

  /** Of the record with this number. */
  keepingOf(number: number): Keeping {
    const { stored, counted, whole } = this.plan
    return { rows: number >= stored, counts: number >= counted, isWhole: number >= whole }
  }

  /** True while records come that were read before, by whomever. */
  get isCatchingUp(): boolean {
    return this.next < this.plan.counted
  }

  /** It has ended, and nothing that began there can change any more. */
  get isSettled(): boolean {
    return this.hasEnded && this.isEndNoted && this.noted.replayFrom === this.noted.position
  }

  sawStream(id: string): boolean {
    if (this.streamIds.at(-1) === id) return false
    this.streamIds = [...this.streamIds, id].slice(-maxStreamIds)
    return true
  }
}

export interface PartitionsParts {
  readonly sources: readonly PartitionedSource[]
  readonly handover: Handover
  /** So long after it closed an attempt may still change. */
  readonly allowedLatenessMs: number
  readonly engine: Pick<Engine, 'oldestNumber' | 'lastRecordMs'>
  readonly nowMs: () => number
  /** The next record of each partition as of the last commit of an earlier run, by home. */
  readonly before: ReadonlyMap<string, { readonly taken: number }>
}

/** All partitions of all sources. */
export class Partitions {
  readonly #parts: PartitionsParts
  readonly #held = new Map<string, HeldPartition>()
  /** How far this worker had come with partitions that it has not now, by home. */
  readonly #taken = new Map<string, number>()
  readonly marks: PartitionMarks
  #notedMs = 0
  #noting: Promise<void> | null = null

  constructor(parts: PartitionsParts) {
    this.#parts = parts
    this.marks = new PartitionMarks(parts.allowedLatenessMs)
    for (const [home, { taken }] of parts.before) this.#taken.set(home, taken)
  }

  get sources(): readonly PartitionedSource[] {
    return this.#parts.sources
  }

  get handover(): Handover {
    return this.#parts.handover
  }

  of(source: string, partition: string): HeldPartition | null {
    return this.#held.get(homeOf(source, partition)) ?? null
  }

  drop(held: HeldPartition): void {
    this.#held.delete(held.home)
    this.#taken.set(held.home, Math.max(held.next, held.plan.counted))
  }

  /** A batch was committed, and the engine is as it was then. */
  committed(commit: { batch: number; deliveries: readonly unknown[] }, engine: Engine): void {
    const { batch, deliveries } = commit
    const { nextNumber, momentMs } = engine
    const next = new Map([...this.#held].map(([home, held]) => [home, held.next]))
    this.marks.add({ batch, timeMs: this.#parts.nowMs(), nextNumber, momentMs, next }, deliveries.length)
  }

  /** What a restart of this worker wants to know: kept in the state as if partitions were streams. */
  positions(): readonly StreamPosition[] {
    return [...this.#held.values()].map(held => ({ source: held.source.name, stream: storedOf(held) }))
  }

  /**
   * Begins partitions of one source where the notes say. The notes are written anew first: from then on they are this worker's. Fails
   * with a `StoreError` while the store cannot be reached, and then nothing has happened.
   */
  async adopt(
    source: PartitionedSource,
    assigned: readonly { partition: string; position: number; isFromGroup: boolean; first: number }[],
    lastBatch: number,
  ): Promise<void> {
    const { handover } = this.#parts
    const group = source.group
    const notes = await handover.read(group)
    const adopted = assigned.map(({ partition, ...place }) => {
      const note = notes.get(partition) ?? null
      const taken = this.#taken.get(homeOf(source.name, partition)) ?? null
      const plan = planReading({ ...place, note, worker: handover.worker, taken })
      return {
        held: new HeldPartition(source, partition, { plan, since: lastBatch, epoch: (note?.epoch ?? 0) + 1 }),
        note,
      }
    })
    // Of all notes: whoever had these partitions may have taken over others since.
    if (adopted.some(({ note }) => note !== null)) {
      handover.takeOver(Math.max(...[...notes.values()].map(({ generation }) => generation)))
    }
    await handover.write(
      group,
      adopted.map(({ held: { partition, plan, epoch }, note }) => ({
        partition,
        epoch,
        position: plan.stored,
        replayFrom: plan.from,
        wholeFrom: plan.whole,
        hasEnded: false,
        streamIds: note?.streamIds ?? [],
      })),
    )
    // First, so that they count as behind when the others are asked for.
    for (const note of notes.values()) this.#beginTail(source, note, lastBatch)
    for (const { held, note } of adopted) this.#begin(held, note)
  }

  /** What ended in an earlier run of this worker, and had begun something that may go on in other partitions. */
  #beginTail(source: PartitionedSource, note: PartitionNote, lastBatch: number): void {
    const { partition, position, replayFrom, wholeFrom, hasEnded, worker, epoch } = note
    const isNeeded = hasEnded && worker === this.#parts.handover.worker && replayFrom < position
    if (!isNeeded || source.beginTail === undefined || this.of(source.name, partition) !== null) return
    const plan = { from: replayFrom, whole: wholeFrom, stored: position, counted: position }
    const held = new HeldPartition(source, partition, { plan, since: lastBatch, epoch })
    held.hasEnded = held.isEndNoted = true
    held.streamIds = [...note.streamIds]
    this.#held.set(held.home, held)
    source.beginTail(partition, replayFrom, position)
  }

  #begin(held: HeldPartition, note: PartitionNote | null): void {
    const { source, partition, plan } = held
    const { from, whole, stored, counted } = plan
    this.#held.set(held.home, held)
    if (note !== null) {
      held.streamIds = [...note.streamIds]
      this.#parts.handover.expectStored(note.streamIds)
    }
    source.begin(
      partition,
      from,
      [...new Set([whole, stored, counted])].filter(stop => stop > from),
    )
  }

  /** Notes what is stored by now, now and then; the groups are told when the notes are there. Never waits. */
  noteIfDue(): void {
    const { nowMs } = this.#parts
    if (this.#held.size === 0 || this.#noting !== null || nowMs() - this.#notedMs < noteEveryMs) return
    void this.note()
  }

  /** The same, at once. A note that fails is written with the next one. */
  async note(): Promise<void> {
    await this.#noting
    this.#notedMs = this.#parts.nowMs()
    this.#noting = this.#note().catch(() => {})
    await this.#noting
    this.#noting = null
  }

  async #note(): Promise<void> {
    const { handover, sources, nowMs, engine } = this.#parts
    const stored = this.marks.stored()
    if (stored === null) return
    const before = this.marks.before(stored, engine.oldestNumber(this.marks.horizonMs(stored, nowMs())))
    const whole = before && this.marks.behind(engine.lastRecordMs(before.nextNumber))
    for (const source of sources) {
      const moved = [...this.#held.values()].flatMap(held => {
        if (held.source !== source) return []
        const place = placeOf(held, { stored, before, whole })
        const { position, replayFrom, wholeFrom } = held.noted
        const hasEnded = place.position === held.next && (held.hasEnded || source.hasEnded?.(held.partition) === true)
        const isPlace = place.position === position && place.replayFrom === replayFrom && place.wholeFrom === wholeFrom
        const isNoted = isPlace && hasEnded === held.isEndNoted
        return isNoted ? [] : [{ held, place, hasEnded }]
      })
      if (moved.length === 0) continue
      const notes = moved.map(({ held: { partition, epoch, streamIds }, place, hasEnded }) => {
        return { partition, epoch, ...place, hasEnded, streamIds }
      })
      await handover.write(source.group, notes)
      for (const { held, place, hasEnded } of moved) {
        held.noted = place
        held.isEndNoted = hasEnded
        // It may have been given up meanwhile.
        const isHeld = this.#held.get(held.home) === held
        if (isHeld && !held.hasEnded) source.delivered(held.partition, place.position)
      }
    }
    for (const held of this.#held.values()) if (held.isSettled) this.drop(held)
    if (before !== null) this.marks.drop(before, nowMs())
  }
}

/** Where a partition is stored up to, and where it would have to be read again from; never behind what was said before. */
function placeOf(held: HeldPartition, marks: { stored: Mark; before: Mark | null; whole: Mark | null }): Place {
  const { noted, plan, isCatchingUp } = held
  if (isCatchingUp) return noted
  const position = Math.max(noted.position, nextAt(held, marks.stored) ?? 0)
  const before = nextAt(held, marks.before)
  const replayFrom = Math.min(position, Math.max(noted.replayFrom, before ?? plan.from))
  // What began before this reading of the partition did is in pieces up to there, whatever came of it since.
  const whole = before === undefined ? plan.whole : Math.max(plan.whole, wholeAt(held, marks.whole) ?? position)
  return { position, replayFrom, wholeFrom: Math.min(position, Math.max(noted.wholeFrom, replayFrom, whole)) }
}

function storedOf({ home, next, plan, streamIds }: HeldPartition): StoredStream {
  return {
    streamId: createHash('sha256').update(home).digest('hex').slice(0, 16),
    position: Math.max(next, plan.counted),
    memo: JSON.stringify({ home, streamIds }),
  }
}

/** The partition's next record when the mark was set; undefined when it was not read yet. */
const nextAt = ({ home, since }: HeldPartition, mark: Mark | null): number | undefined =>
  mark !== null && mark.batch > since ? mark.next.get(home) : undefined

/** The same; 0 when the mark is from before this reading of the partition: then nothing of what was before came since. */
const wholeAt = (held: HeldPartition, mark: Mark | null): number | undefined =>
  mark !== null && mark.batch <= held.since ? 0 : nextAt(held, mark)

/** Null where no source has partitions. */
export function partitionsOf(parts: WorkerParts): Partitions | null {
  const { engine, nowMs, partitions } = parts
  if (partitions === null) return null
  return new Partitions({
    ...partitions,
    sources: parts.sources.filter(isPartitioned),
    engine,
    nowMs,
  })
}
