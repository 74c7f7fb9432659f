// The loop of the worker: pulls from sources, closes batches, commits them and lets them go. Nothing is read that cannot be put
// somewhere, and nothing is let go before it is committed.
import { rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Backoff } from '../lib/backoff.ts'
import type { BatchCommit } from '../model/batch-commit.ts'
import type { Delivery } from '../model/delivery.ts'
import type { Chunk, Source } from '../model/source.ts'
import { commitFailed, recordsUnaccounted } from '../telemetry/events/worker.ts'
import { Batch } from './batch.ts'
import { EngineSaving } from './engine-saving.ts'
import type { StreamPosition, WorkerParts } from './worker-parts.ts'

/** Between two looks at silent attempts when nothing comes. */
const idleMs = 1000
/** So long the loop keeps the thread at most. */
const turnMs = 20
const firstCommitRetryMs = 500
const maxCommitRetryMs = 15_000

/** Runs until it is told to stop or until nothing more can come: with `once`, everything that was there has been read. */
export class Worker {
  readonly #parts: WorkerParts
  readonly #batch = new Batch()
  #lastBatch: number
  #isStopping = false
  #hasEnded = false
  #next = 0
  #turnBeganMs = 0
  readonly #saving: EngineSaving
  #wake: (() => void) | null = null
  #isAwake = false
  #unaccounted = 0
  /** What the next chunk is read into: a part of the engine's window, or all of it. */
  #window: Uint8Array

  /** `before`: the last batch of an earlier run, and the positions as of its end. */
  constructor(parts: WorkerParts, before: { lastBatch: number; positions: readonly StreamPosition[] }) {
    this.#parts = parts
    this.#lastBatch = before.lastBatch
    this.#saving = new EngineSaving(parts, before.positions)
    this.#window = parts.engine.window.subarray(0, parts.engine.chunkBytes)
  }

  /** Something may have changed: a source has more, a sink has room, it is time to stop. */
  wake(): void {
    this.#isAwake = true
    this.#wake?.()
  }

  /** Everything that the sources can ever give was read, and given out as it stands. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Reads no more; {@link run} resolves when what was read is committed. Safe twice. */
  stop(): void {
    this.#isStopping = true
    this.wake()
  }

  async run(): Promise<void> {
    // What was found is known from now on, whatever happens before the first batch.
    const found = this.#takeStreams()
    if (found.length > 0) await this.#commit(found)
    while (!this.#isStopping) {
      await this.#yield()
      if (!this.#hasRoom()) {
        await this.#waitForRoom()
        continue
      }
      const hasTaken = await this.#takeNext()
      if (this.#isDue()) await this.#close()
      else if (!hasTaken) {
        this.#hasEnded = this.#parts.sources.every(source => source.isDone())
        if (this.#hasEnded) break
        await this.#rest()
      }
    }
    if (this.#hasEnded) await this.#giveAll()
    if (!this.#batch.isEmpty) await this.#close()
    await this.#saving.finish(this.#lastBatch)
  }

  /** Every timer, signal and answer needs its turn, however much there is to read. */
  async #yield(): Promise<void> {
    if (performance.now() - this.#turnBeganMs < turnMs) return
    await nextTurn()
    this.#turnBeganMs = performance.now()
  }

  #hasRoom(): boolean {
    for (const outbox of this.#parts.outboxes.values()) if (!outbox.hasRoom) return false
    return true
  }

  async #waitForRoom(): Promise<void> {
    const changes = [...this.#parts.outboxes.values()].map(outbox => outbox.changed())
    await Promise.race([...changes, this.#sleep(idleMs)])
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
    const { continues, stream } = chunk
    if (continues !== undefined && engine.goOn(continues, stream.id)) this.#batch.goOn(continues, stream.id)
    const format = source.formatOf?.(stream.id) ?? source.format
    const bytes = engine.take(chunk, format, source.name)
    metrics.count(source.name, engine.ledger)
    source.advance(chunk, bytes)
    // A line that fills the window needs a larger one.
    const isTooSmall = bytes === 0 && chunk.length === this.#window.length
    this.#window = isTooSmall ? engine.window : engine.window.subarray(0, engine.chunkBytes)
    if (bytes === 0) return
    const from = chunk.position
    const taken = { source: source.name, streamId: chunk.stream.id, from, to: from + bytes }
    this.#batch.take({ ...taken, nowMs: performance.now() })
    if (chunk.isLast && bytes === chunk.length) engine.forgetStream(chunk.stream.id)
  }

  #setTime(): void {
    const nowMs = this.#parts.nowMs()
    this.#parts.engine.setTime(nowMs)
    this.#batch.time(nowMs)
  }

  #isDue(): boolean {
    const { engine, times } = this.#parts
    return engine.isFull || performance.now() - this.#batch.openedMs >= times.lingerMs
  }

  /** Nothing to read: waits for more, for the batch to be due, or for time to pass for attempts that wait. */
  async #rest(): Promise<void> {
    const { engine, times, once } = this.#parts
    if (!this.#batch.isEmpty) {
      await this.#sleep(Math.max(1, times.lingerMs - (performance.now() - this.#batch.openedMs)))
      return
    }
    await this.#sleep(!once && engine.hasWaiting ? times.lingerMs : idleMs)
    if (!once && engine.hasWaiting && !this.#isStopping) await this.#close()
  }

  /** Until {@link wake} or for so long. */
  async #sleep(ms: number): Promise<void> {
    if (!this.#isAwake && !this.#isStopping) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#wake = null
    this.#isAwake = false
    this.#turnBeganMs = performance.now()
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
    let hasGiven = false
    if (!once) {
      this.#setTime()
      hasGiven = engine.giveDue()
      this.#batch.give()
    }
    if (this.#batch.isEmpty && !hasGiven) this.#batch.clear()
    else await this.#commit()
  }

  async #commit(streams = this.#takeStreams()): Promise<void> {
    const { engine, metrics, counters, stagers, outboxes } = this.#parts
    metrics.count(null, engine.ledger)
    const commit = await this.#stageAndCommit(streams)
    metrics.expose()
    counters.expose()
    for (const stager of stagers) stager.clear()
    for (const [sink, outbox] of outboxes) {
      const deliveries = commit.deliveries.filter(delivery => delivery.sink === sink)
      outbox.add(deliveries, { mayBeThere: false })
    }
    this.#lastBatch = commit.batch
    const { bytes } = this.#batch
    this.#parts.onBatch({ bytes })
    this.#batch.clear()
    engine.clearRows()
    metrics.observeEngine(engine)
    this.#checkLedger()
    this.#saving.afterCommit(commit.batch, bytes, commit.streams)
  }

  #takeStreams(): readonly StreamPosition[] {
    const { sources } = this.#parts
    return sources.flatMap(source => source.takeChanges().map(stream => ({ source: source.name, stream })))
  }

  /** A bug must be heard of once, not once a batch. */
  #checkLedger(): void {
    const { engine, log } = this.#parts
    const { unaccounted } = engine.ledger
    if (unaccounted !== 0 && unaccounted !== this.#unaccounted) recordsUnaccounted(log, { records: unaccounted })
    this.#unaccounted = unaccounted
  }

  /**
   * Writes the batch's files and commits it. On a full disk it is tried again until there is room, or until it is time to stop:
   * then nothing of the batch has happened, and it is read again by the next run.
   */
  async #stageAndCommit(streams: readonly StreamPosition[]): Promise<BatchCommit> {
    const { state, sources, metrics, counters, nowMs, isTransient, log } = this.#parts
    const backoff = new Backoff({ firstMs: firstCommitRetryMs, maxMs: maxCommitRetryMs, random: () => 1 })
    const batch = this.#lastBatch + 1
    const storedMs = nowMs()
    const changes = [...metrics.takeChanges(), ...counters.takeChanges()]
    const forgotten = sources.flatMap(source =>
      source.takeForgotten().map(streamId => ({ source: source.name, streamId })),
    )
    for (;;) {
      const deliveries: Delivery[] = []
      try {
        await this.#stage({ batch, storedMs }, deliveries)
        const commit = { batch, steps: this.#batch.steps, streams, forgotten, deliveries, counters: changes }
        state.commit(commit)
        return commit
      } catch (error) {
        for (const { file } of deliveries) rmSync(file, { force: true })
        if (!isTransient(error) || this.#isStopping) throw error
        const nextTryMs = backoff.nextMs()
        commitFailed(log, { batch, nextTryMs, reason: error instanceof Error ? error.message : String(error) })
        await this.#sleep(nextTryMs)
      }
    }
  }

  async #stage(batch: { batch: number; storedMs: number }, into: Delivery[]): Promise<void> {
    const { engine, stagers } = this.#parts
    const rows = engine.rows()
    for (const stager of stagers) into.push(...(await stager.stage(batch, rows)))
  }
}
