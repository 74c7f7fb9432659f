// The loop that routes sources of partitions: takes what they have, and sends it on when enough is there or enough time has gone.
// Nothing is kept anywhere but in the topic.
import { Deadline } from '../lib/deadline.ts'
import { LoopPace } from '../lib/loop-pace.ts'
import type { InputFormat } from '../model/batch-options.ts'
import { hasRecords, type PartitionChunk, type PartitionedSource } from '../model/partitioned-source.ts'
import type { Chunk } from '../model/source.ts'
import { nextNumber } from './record-places.ts'
import type { RouteBatch } from './route-batch.ts'
import type { RouteLanes } from './route-lanes.ts'

const idleMs = 1000

/** Cuts lines and finds their keys. */
export interface RouteLineReader {
  /** Where chunks have to be read into, from the front. */
  readonly window: Uint8Array
  /** How much of the window to fill at a time when nothing asks for more. */
  readonly chunkBytes: number
  /** Puts lines of the chunk in the window into the batch; returns how many bytes of it are done with. */
  take(chunk: Chunk, from: { readonly format: InputFormat; readonly source: string }, batch: RouteBatch): number
}

export interface RoutePartitionsParts {
  readonly sources: readonly PartitionedSource[]
  readonly lines: RouteLineReader
  readonly lanes: RouteLanes
  /** Keeps what cannot be routed; false when that is not possible now. */
  readonly bury: () => boolean | Promise<boolean>
  readonly limits: {
    readonly maxBatchBytes: number
    readonly maxBufferedBytes: number
    readonly lingerMs: number
    /** So long what is under way may take when it is time to stop. */
    readonly stopWaitMs: number
    /** The same at the end of the input, when nobody will come again soon. */
    readonly lastWaitMs: number
  }
}

export class RoutePartitions {
  readonly #parts: RoutePartitionsParts
  #isStopping = false
  #next = 0
  readonly #pace = new LoopPace()
  /** By then what was read must be delivered, once nothing more is read. */
  #last: Deadline | null = null
  #window: Uint8Array

  constructor(parts: RoutePartitionsParts) {
    this.#parts = parts
    this.#window = parts.lines.window.subarray(0, parts.lines.chunkBytes)
  }

  /** Something may have changed: a source has more, something was delivered, it is time to stop. */
  wake(): void {
    this.#pace.wake()
  }

  /** Reads no more; {@link run} resolves when what was read is delivered, or after some seconds. Safe twice. */
  stop(): void {
    this.#isStopping = true
    this.#last?.bringForward(this.#parts.limits.stopWaitMs)
    this.#pace.stop()
  }

  /** Until it is told to stop, or nothing more can come. Resolves with false when not everything that was read is in the topic. */
  async run(): Promise<boolean> {
    const { sources, lanes, limits } = this.#parts
    let hasEnded = false
    while (!this.#isStopping && !hasEnded) {
      await this.#pace.yield()
      for (const source of sources) lanes.follow(source)
      if (!(await this.#bury())) {
        await this.#pace.sleep(idleMs)
        continue
      }
      this.#sendDue()
      if (lanes.bytes >= limits.maxBufferedBytes) await this.#pace.sleep(idleMs)
      else if (!(await this.#takeNext())) {
        hasEnded = sources.every(source => source.isDone())
        if (!hasEnded) await this.#pace.sleep(this.#untilDueMs())
      }
    }
    this.#last = new Deadline(this.#isStopping ? limits.stopWaitMs : limits.lastWaitMs)
    const isWhole = (await this.#bury()) && (await lanes.finish(this.#last.passed))
    this.#last.clear()
    await lanes.end()
    return isWhole || !hasEnded
  }

  async #bury(): Promise<boolean> {
    return await this.#parts.bury()
  }

  /** Takes one chunk of the next source that has one; false when none has. */
  async #takeNext(): Promise<boolean> {
    const { sources } = this.#parts
    for (let tried = 0; tried < sources.length; tried++) {
      const source = sources[(this.#next + tried) % sources.length]!
      const reading = source.read(this.#window)
      const chunk = reading instanceof Promise ? await reading : reading
      if (chunk === null) continue
      if (!hasRecords(chunk)) throw new RangeError(`BUG: a chunk of ${source.name} without records`)
      this.#next = (this.#next + tried + 1) % sources.length
      this.#take(source, chunk)
      return true
    }
    return false
  }

  #take(source: PartitionedSource, chunk: PartitionChunk): void {
    const { lines, lanes } = this.#parts
    const { records, length } = chunk
    const lane = lanes.of(source, records.partition)
    if (lane === undefined) throw new RangeError(`BUG: a chunk of ${records.partition}, which nobody began`)
    const format = source.formatOf?.(chunk.stream.id) ?? source.format
    const bytes = lines.take(chunk, { format, source: source.name }, lane.batch(performance.now()))
    source.advance(chunk, bytes)
    if (bytes > 0 || length === 0) {
      lane.next = nextNumber(records, bytes)
      lane.isWithinRecord = isWithinRecord(chunk, bytes)
    }
    // A line that fills the window needs a larger one.
    const isTooSmall = bytes === 0 && length === this.#window.length
    this.#window = isTooSmall ? lines.window : lines.window.subarray(0, lines.chunkBytes)
  }

  /** While a transaction is under way, what comes behind it is gathered for the next one. */
  #sendDue(): void {
    const { lanes, limits } = this.#parts
    const dueMs = performance.now() - limits.lingerMs
    for (const lane of lanes.all()) {
      const isDue = lane.openedMs <= dueMs && !lane.isSending
      if (isDue || lane.fillingBytes >= limits.maxBatchBytes) lane.send(false)
    }
  }

  #untilDueMs(): number {
    const nowMs = performance.now()
    let dueMs = nowMs + idleMs
    for (const lane of this.#parts.lanes.all()) {
      if (!lane.isSending) dueMs = Math.min(dueMs, lane.openedMs + this.#parts.limits.lingerMs)
    }
    return Math.max(1, dueMs - nowMs)
  }
}

/** Some bytes of a record were taken, and not all. */
function isWithinRecord({ records, length }: PartitionChunk, bytes: number): boolean {
  const { ends, count, isCut } = records
  if (bytes === 0) return false
  if (bytes === length) return isCut
  let at = 0
  while (at < count && ends[at]! < bytes) at++
  return ends[at] !== bytes
}
