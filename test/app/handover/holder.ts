// One worker that has a partition for a while: the real engine, marks and notes, with deliveries that a test decides about.
import { WorkerEngine } from '../../../src/app/worker-engine.ts'
import { type PartitionChunk, type PartitionedSource, recordPosition } from '../../../src/model/partitioned-source.ts'
import type { SourceLag } from '../../../src/model/source.ts'
import type { GivenRow } from '../../../src/pipeline/emission.ts'
import { homeOf } from '../../../src/pipeline/engine.ts'
import { type HeldPartition, Partitions } from '../../../src/pipeline/partitions.ts'
import { nextNumber } from '../../../src/pipeline/record-places.ts'
import { usualEngine } from '../usual-engine.ts'
import { type AttemptRow, attemptJson, keyOf, lineRows, type SharedStore, type StoredBatch } from './shared-store.ts'

const sourceName = 'k'
const partition = 'p'

/** The records of the partition, and the clock that all workers share. */
export interface Scene {
  readonly store: SharedStore
  readonly records: readonly Buffer[]
  readonly clock: { nowMs: number }
  readonly allowedLatenessMs: number
}

/** A worker and its engine. */
export class Holder {
  readonly #scene: Scene
  readonly #engine: WorkerEngine
  readonly #partitions: Partitions
  readonly #source = new NamedSource()
  readonly #generation = { value: 0 }
  #attempts: AttemptRow[] = []
  #lastBatch = 0
  /** Batches that are committed and not delivered. */
  readonly #waiting: { readonly batch: number; readonly rows: StoredBatch }[] = []

  constructor(worker: number, scene: Scene) {
    this.#scene = scene
    this.#engine = this.#createEngine()
    this.#partitions = new Partitions({
      sources: [this.#source],
      handover: scene.store.handoverOf(worker, this.#generation),
      allowedLatenessMs: this.#scene.allowedLatenessMs,
      engine: this.#engine,
      nowMs: () => scene.clock.nowMs,
      before: new Map(),
    })
  }

  #createEngine(): WorkerEngine {
    const put = (row: Omit<AttemptRow, 'generation'>, mayKnowLess: boolean): void => {
      this.#attempts.push({ ...row, generation: mayKnowLess ? 0 : this.#generation.value + 1 })
    }
    return new WorkerEngine({
      ...usualEngine,
      maxOpen: 2000,
      allowedLatenessMs: this.#scene.allowedLatenessMs,
      maxRows: 5000,
      attemptRows: {
        rows: 0,
        add: (attempt, { position, revision, mayKnowLess }: GivenRow) => {
          put({ key: keyOf({ ...attempt, position }), revision, json: attemptJson(attempt) }, mayKnowLess)
        },
        withdraw: withdrawn => {
          put({ key: keyOf(withdrawn), revision: withdrawn.revision, json: null }, withdrawn.mayKnowLess)
        },
      },
      attemptCounter: { take: () => true, measure: () => {}, passOver: () => true },
    })
  }

  /** The partition is this worker's now. */
  async adopt(): Promise<void> {
    const home = homeOf(sourceName, partition)
    this.#engine.abandon(gone => gone === home)
    const note = this.#scene.store.note(partition)
    const assigned = { partition, position: note?.position ?? 0, isFromGroup: note !== null, first: 0 }
    await this.#partitions.adopt(this.#source, [assigned], this.#lastBatch)
  }

  get #held(): HeldPartition {
    const held = this.#partitions.of(sourceName, partition)
    if (held === null) throw new Error('the partition is not here')
    return held
  }

  /** The next record. */
  get next(): number {
    return this.#held.next
  }

  /** Reads up to the record with this number. */
  take(to: number): void {
    this.#engine.setTime(this.#scene.clock.nowMs)
    while (this.#held.next < to) {
      const at = this.#held.next
      this.#takeChunk(at, Math.min(to, this.#source.stops.find(stop => stop > at) ?? to))
    }
  }

  /** As the worker does it. */
  #takeChunk(from: number, to: number): void {
    const engine = this.#engine
    const held = this.#held
    const chunk = this.#chunkOf(from, to)
    const keeping = held.keepingOf(from)
    const wasCatchingUp = held.isCatchingUp
    engine.setKeeping(keeping)
    const bytes = engine.take(chunk, 'auto', sourceName)
    if (wasCatchingUp && keeping.rows) engine.giveClosed()
    else if (wasCatchingUp) engine.passOverEnded()
    engine.setKeeping({ rows: true, counts: true, isWhole: true })
    held.next = nextNumber(chunk.records, bytes)
  }

  #chunkOf(from: number, to: number): PartitionChunk {
    const ends: number[] = []
    let length = 0
    for (const record of this.#scene.records.slice(from, to)) {
      length += record.copy(this.#engine.window, length)
      ends.push(length)
    }
    const numbers = Float64Array.from(ends, (_, index) => from + index)
    const records = { partition, count: ends.length, ends: Uint32Array.from(ends), numbers, skipped: 0, isCut: false }
    const stream = { id: '00000000000000a0', label: '00000000000000a0' }
    return { stream, position: recordPosition(from, 0), length, isLast: false, records }
  }

  /** The batch is closed and committed; its rows are on their way. */
  close(): void {
    const engine = this.#engine
    engine.setTime(this.#scene.clock.nowMs)
    engine.giveClosed()
    engine.giveDue()
    this.#commit()
  }

  giveAll(): void {
    this.#engine.setTime(this.#scene.clock.nowMs)
    this.#engine.giveAll()
    this.#commit()
  }

  #commit(): void {
    const rows = { attempts: this.#attempts, ...lineRows(this.#engine.rows()) }
    this.#attempts = []
    this.#engine.clearRows()
    const batch = ++this.#lastBatch
    this.#partitions.committed({ batch, deliveries: [rows] }, this.#engine)
    this.#waiting.push({ batch, rows })
  }

  /** The oldest batches reach the store: so many, or all of them. */
  deliver(count = this.#waiting.length): void {
    for (const { batch, rows } of this.#waiting.splice(0, count)) {
      this.#scene.store.insert(rows)
      this.#partitions.marks.delivered(batch)
    }
  }

  async note(): Promise<void> {
    await this.#partitions.note()
  }

  /** What was read is stored and noted, and then the partition is another's. */
  async giveUp(): Promise<void> {
    this.close()
    this.deliver()
    await this.note()
    this.#forget()
  }

  /** The partition is another's before what was read is stored. */
  lose(): void {
    this.close()
    this.#forget()
    for (const { batch } of this.#waiting.splice(0)) this.#partitions.marks.delivered(batch)
  }

  #forget(): void {
    const held = this.#held
    this.#engine.abandon(home => home === held.home)
    this.#partitions.drop(held)
  }
}

/** What `Partitions` asks of a source; nothing is read through it. */
class NamedSource implements PartitionedSource {
  readonly name = sourceName
  readonly format = 'auto'
  readonly isPartitioned = true
  readonly group = 'g'
  stops: readonly number[] = []

  begin(_partition: string, _from: number, stops: readonly number[]): void {
    this.stops = stops
  }
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  read(): null {
    return null
  }
  takeMoves(): [] {
    return []
  }
  takeChanges(): [] {
    return []
  }
  takeForgotten(): [] {
    return []
  }
  readAgain(): number {
    return 0
  }
  isDone(): boolean {
    return false
  }
  lag(): SourceLag {
    return { bytes: 0, seconds: 0 }
  }
  advance(): void {}
  release(): void {}
  delivered(): void {}
  letGo(): void {}
}
