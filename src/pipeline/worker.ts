// The loop of the worker: pulls from sources, closes batches, commits them and lets them go. Nothing is read that cannot be put
// somewhere, and nothing is let go before it is committed.
import { LoopPace } from '../lib/loop-pace.ts'
import { hasRecords, type PartitionChunk } from '../model/partitioned-source.ts'
import type { Chunk, Source } from '../model/source.ts'
import { Batch } from './batch.ts'
import { BatchCommits } from './commit-batch.ts'
import { EngineSaving } from './engine-saving.ts'
import { PartitionMoves } from './partition-moves.ts'
import { type Partitions, partitionsOf } from './partitions.ts'
import { nextNumber } from './record-places.ts'
import type { StreamPosition, WorkerParts } from './worker-parts.ts'

/** Between two looks at silent attempts when nothing comes. */
const idleMs = 1000
/**
 * So many times its usual wait a batch may take for as long as there is always more to read: few large inserts cost the store less than
 * many small ones, and whoever is behind gains more by that than by a batch that is early.
 */
const busyFactor = 5

/** Runs until it is told to stop or until nothing more can come: with `once`, everything that was there has been read. */
export class Worker {
  readonly #parts: WorkerParts
  readonly #batch = new Batch()
  #isStopping = false
  #hasEnded = false
  /** There was always something to read since the batch was begun. */
  #isBusy = true
  #next = 0
  readonly #committing: BatchCommits
  readonly #saving: EngineSaving
  /** Null where no source has partitions. */
  readonly #partitions: Partitions | null
  readonly #moves: PartitionMoves | null
  readonly #pace = new LoopPace()
  /** What the next chunk is read into: a part of the engine's window, or all of it. */
  #window: Uint8Array

  /** `before`: the last batch of an earlier run, and the positions as of its end. */
  constructor(parts: WorkerParts, before: { lastBatch: number; positions: readonly StreamPosition[] }) {
    this.#parts = parts
    this.#committing = new BatchCommits(parts, {
      lastBatch: before.lastBatch,
      isStopping: () => this.#isStopping,
      sleep: ms => this.#pace.sleep(ms),
      onCommitted: commit => this.#partitions?.committed(commit, parts.engine),
    })
    this.#saving = new EngineSaving(parts, before.positions)
    this.#partitions = partitionsOf(parts)
    this.#moves = this.#partitions && this.#createMoves(this.#partitions)
    this.#window = parts.engine.window.subarray(0, parts.engine.chunkBytes)
  }

  #createMoves(partitions: Partitions): PartitionMoves {
    const { engine, log, nowMs } = this.#parts
    return new PartitionMoves({
      partitions,
      engine,
      log,
      nowMs,
      isStopping: () => this.#isStopping,
      close: () => this.#close(),
      lastBatch: () => this.#committing.lastBatch,
    })
  }

  /** A delivery of a batch of this run is done. */
  delivered(batch: number): void {
    this.#partitions?.marks.delivered(batch)
  }

  /** Tells other workers how far this one came, once everything is delivered. */
  async noteEnd(): Promise<void> {
    await this.#partitions?.note()
  }

  /** Something may have changed: a source has more, a sink has room, it is time to stop. */
  wake(): void {
    this.#pace.wake()
  }

  /** Everything that the sources can ever give was read, and given out as it stands. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** It was told to stop. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  /** Reads no more; {@link run} resolves when what was read is committed. Safe twice. */
  stop(): void {
    this.#isStopping = true
    this.#pace.stop()
  }

  async run(): Promise<void> {
    // What was found is known from now on, whatever happens before the first batch.
    const found = this.#takeStreams()
    if (found.length > 0) await this.#commit(found)
    while (!this.#isStopping) {
      await this.#pace.yield()
      this.#partitions?.noteIfDue()
      if (await this.#moves?.settle()) continue
      if (!this.#hasRoom()) {
        await this.#waitForRoom()
        continue
      }
      const hasTaken = await this.#takeNext()
      if (!hasTaken) this.#isBusy = false
      if (this.#isDue()) await this.#close()
      else if (!hasTaken) {
        this.#hasEnded = this.#parts.sources.every(source => source.isDone())
        if (this.#hasEnded) break
        await this.#rest()
      }
    }
    if (this.#hasEnded) await this.#giveAll()
    if (!this.#batch.isEmpty) await this.#close()
    await this.#saving.finish(this.#committing.lastBatch)
  }

  #hasRoom(): boolean {
    for (const outbox of this.#parts.outboxes.values()) if (!outbox.hasRoom) return false
    return true
  }

  async #waitForRoom(): Promise<void> {
    const changes = [...this.#parts.outboxes.values()].map(outbox => outbox.changed())
    await Promise.race([...changes, this.#pace.sleep(idleMs)])
  }

  /** Takes one chunk of the next source that has one; false when none has. */
  async #takeNext(): Promise<boolean> {
    const { sources } = this.#parts
    for (let tried = 0; tried < sources.length; tried++) {
      const source = sources[(this.#next + tried) % sources.length]!
      const reading = source.read(this.#window)
      const chunk = reading instanceof Promise ? await reading : reading
      if (chunk === null) continue
      this.#next = (this.#next + tried + 1) % sources.length
      this.#take(source, chunk)
      return true
    }
    return false
  }

  #take(source: Source, chunk: Chunk): void {
    const { engine, metrics } = this.#parts
    if (this.#batch.steps.length === 0) this.#setTime()
    if (hasRecords(chunk)) {
      this.#takeRecords(source, chunk)
      return
    }
    const { continues, stream } = chunk
    if (continues !== undefined && engine.goOn(continues, stream.id)) this.#batch.goOn(continues, stream.id)
    const format = source.formatOf?.(stream.id) ?? source.format
    const bytes = engine.take(chunk, format, source.name)
    metrics.count(source.name, engine.ledger)
    this.#advance(source, chunk, bytes)
    if (bytes === 0) return
    const from = chunk.position
    const taken = { source: source.name, streamId: chunk.stream.id, from, to: from + bytes }
    this.#batch.take({ ...taken, nowMs: performance.now() })
    if (chunk.isLast && bytes === chunk.length) engine.forgetStream(chunk.stream.id)
  }

  #advance(source: Source, chunk: Chunk, bytes: number): void {
    const { engine } = this.#parts
    source.advance(chunk, bytes)
    // A line that fills the window needs a larger one.
    const isTooSmall = bytes === 0 && chunk.length === this.#window.length
    this.#window = isTooSmall ? engine.window : engine.window.subarray(0, engine.chunkBytes)
  }

  /** What was read of a partition before is taken for what the engine has to know only, and neither stored nor counted again. */
  #takeRecords(source: Source, chunk: PartitionChunk): void {
    const { engine, metrics } = this.#parts
    const { records } = chunk
    const held = this.#partitions?.of(source.name, records.partition)
    if (held === null || held === undefined)
      throw new RangeError(`BUG: a chunk of ${records.partition}, which nobody began`)
    if (held.sawStream(chunk.stream.id)) this.#partitions?.handover.expectStored([chunk.stream.id])
    const keeping = held.keepingOf(records.numbers[0]!)
    const wasCatchingUp = held.isCatchingUp
    engine.setKeeping(keeping)
    const bytes = engine.take(chunk, source.formatOf?.(chunk.stream.id) ?? source.format, source.name)
    // What is over is given out as its records were taken.
    if (wasCatchingUp && keeping.rows) engine.giveClosed()
    else if (wasCatchingUp) engine.passOverEnded()
    engine.setKeeping({ rows: true, counts: true, isWhole: true })
    if (keeping.counts) metrics.count(source.name, engine.ledger)
    else metrics.begin(engine.ledger)
    if (bytes > 0 || chunk.length === 0) held.next = nextNumber(records, bytes)
    this.#advance(source, chunk, bytes)
    this.#batch.takeRecords({ bytes, nowMs: performance.now() })
  }

  #setTime(): void {
    const nowMs = this.#parts.nowMs()
    this.#parts.engine.setTime(nowMs)
    this.#batch.time(nowMs)
  }

  #isDue(): boolean {
    const { engine, times } = this.#parts
    const lingerMs = this.#isBusy ? busyFactor * times.lingerMs : times.lingerMs
    return engine.isFull || performance.now() - this.#batch.openedMs >= lingerMs
  }

  /** Nothing to read: waits for more, for the batch to be due, or for time to pass for attempts that wait. */
  async #rest(): Promise<void> {
    const { engine, times, once } = this.#parts
    if (!this.#batch.isEmpty) {
      await this.#pace.sleep(Math.max(1, times.lingerMs - (performance.now() - this.#batch.openedMs)))
      return
    }
    const mayGive = (!once || this.#partitions !== null) && engine.hasWaiting
    await this.#pace.sleep(mayGive ? times.lingerMs : idleMs)
    if (mayGive && !this.#isStopping) await this.#close()
  }

  /** Everything is given out as it stands at the end of the input; in parts, since a batch has a bound. */
  async #giveAll(): Promise<void> {
    if (!this.#batch.isEmpty) await this.#close()
    this.#setTime()
    this.#parts.engine.giveAll()
    this.#batch.giveAll()
    await this.#commit()
  }

  /** Closes the batch: what is at rest is given out, and everything is committed. */
  async #close(): Promise<void> {
    const { engine, once } = this.#parts
    const hasPartitions = this.#partitions !== null
    let hasGiven = false
    // Read to the present end, files need not be given out piece by piece.
    if (!once || hasPartitions) {
      this.#setTime()
      // Before a note may say that all is stored, all must be given out: then the last commit says what was counted, too.
      hasGiven = (hasPartitions && this.#giveClosed()) || hasGiven
      hasGiven = engine.giveDue() || hasGiven
      this.#batch.give()
    }
    if (this.#batch.isEmpty && !hasGiven) this.#batch.clear()
    else await this.#commit()
  }

  #giveClosed(): boolean {
    const { engine } = this.#parts
    const { hasClosed } = engine
    engine.giveClosed()
    this.#batch.giveClosed()
    return hasClosed
  }

  async #commit(streams = this.#takeStreams()): Promise<void> {
    const { engine } = this.#parts
    const commit = await this.#committing.commit(this.#batch, streams)
    const { bytes } = this.#batch
    this.#parts.onBatch({ bytes })
    this.#batch.clear()
    this.#isBusy = true
    engine.clearRows()
    this.#parts.metrics.observeEngine(engine)
    this.#saving.afterCommit(commit.batch, bytes, commit.streams)
  }

  #takeStreams(): readonly StreamPosition[] {
    const { sources } = this.#parts
    const streams = sources.flatMap(source => source.takeChanges().map(stream => ({ source: source.name, stream })))
    return [...streams, ...(this.#partitions?.positions() ?? [])]
  }
}
