// A source whose bytes exist nowhere else: an intake puts them into a write-ahead log, and the worker reads them from there.
import { join } from 'node:path'
import type { InputFormat } from '../../model/batch-options.ts'
import type { Chunk, Source, SourceLag, SourceStream, StoredStream } from '../../model/source.ts'
import { Backlog } from './backlog.ts'
import type { FrameReader } from './frame-reader.ts'
import type { Inlet, Intake } from './intake.ts'
import { LogCursor } from './log-cursor.ts'
import { LogReplay } from './log-replay.ts'
import { findRestart, firstFreeOffset, writeMemo } from './log-restart.ts'
import type { OpenSegmentFile } from './segment-file.ts'
import type { SourceDeps } from './source-definition.ts'
import { streamId } from './stream-id.ts'
import { WriteAheadLog } from './write-ahead-log.ts'

export interface LoggedSourceOptions {
  readonly format: InputFormat
  readonly fsync: boolean
  /** When so many bytes of the log are unread, the intake takes nothing more. */
  readonly maxBacklogBytes: number
  /** For tests, as are the others. */
  readonly maxReadBytes?: number
  readonly openFile?: OpenSegmentFile
  readonly segmentBytes?: number
}

/** What there is from `start` on. */
interface Running {
  readonly log: WriteAheadLog
  readonly reader: FrameReader
  readonly cursor: LogCursor
  readonly replay: LogReplay
  readonly backlog: Backlog
}

/**
 * So much may have been read and still have to be kept, because the worker could ask for it again. It is far more than a worker lets
 * come together as long as all is well: a limit that it could reach would be one on throughput, or a deadlock.
 */
const maxReadBytes = 1024 * 1024 * 1024

const maxDeletionBytes = 8 * 1024 * 1024

const maxStreamsKept = 4096

/**
 * Positions of a stream go on without a gap as long as it is busy, and never repeat. There is a gap after a restart, and in a stream
 * that was quiet while others were not; always between two lines. A chunk never holds one.
 */
export class LoggedSource implements Source {
  readonly name: string
  readonly format: InputFormat
  readonly #options: LoggedSourceOptions
  readonly #deps: SourceDeps
  readonly #intake: Intake
  #running: Running | null = null
  #stopped: Promise<void> | null = null
  readonly #streams = new Map<string, SourceStream>()
  readonly #changed = new Map<string, number>()
  /** Streams that are stored, those that changed last at the end. */
  readonly #stored = new Set<string>()
  #unreadBytes = 0
  /** Released since the last time that segments were deleted. */
  #freeBytes = 0
  readonly #deletionBytes: number
  /** Where the log ended when the worker waited for more of a line. */
  #starvedAt = -1

  constructor(options: LoggedSourceOptions, deps: SourceDeps, intake: Intake) {
    this.name = deps.name
    this.format = options.format
    this.#options = options
    this.#deletionBytes = Math.min(maxDeletionBytes, options.segmentBytes ?? maxDeletionBytes)
    this.#deps = deps
    this.#intake = intake
  }

  async start(stored: readonly StoredStream[]): Promise<void> {
    for (const { streamId: id } of stored) this.#stored.add(id)
    const log = await this.#openLog(stored)
    try {
      const restart = findRestart(log, stored, stream => this.#stream(log.id, stream).id)
      this.#unreadBytes += restart.unreadBytes
      const reader = log.reader(true)
      const cursor = new LogCursor(reader, stream => this.#intake.isOver(stream), restart.offset)
      const first = cursor.current()
      // Damage may have been stepped over.
      if (first !== null && first.offset === restart.taken?.frame) cursor.skip(first, restart.taken.bytes)
      const backlog = new Backlog(restart.offset)
      backlog.addEarlier(restart.earlierFrom, restart.earlier)
      const replay = new LogReplay(log, stream => this.#stream(log.id, stream).id)
      this.#running = { log, reader, cursor, replay, backlog }
      this.#deleteFree(this.#running)
      await this.#intake.start(this.#inlet(this.#running))
    } catch (error) {
      this.#running = null
      await log.close()
      throw error
    }
  }

  read(window: Uint8Array): Chunk | null {
    if (this.#running === null || this.#stopped !== null) return null
    const { log, cursor } = this.#running
    const filled = cursor.fill(window)
    if (cursor.isStarving) {
      this.#starvedAt = log.end
      this.#intake.resume()
    }
    if (filled === null) return null
    const { position, length, isLast } = filled
    return { stream: this.#stream(log.id, filled.stream), position, length, isLast }
  }

  advance(chunk: Chunk, bytes: number): void {
    if (this.#running === null) return
    const { cursor, backlog } = this.#running
    cursor.take(bytes)
    if (bytes === 0) return
    this.#intake.resume()
    this.#unreadBytes -= bytes
    const position = chunk.position + bytes
    this.#changed.set(chunk.stream.id, position)
    backlog.take(chunk.stream.id, position)
  }

  takeChanges(): readonly StoredStream[] {
    if (this.#running === null) return []
    const { log, cursor, backlog } = this.#running
    backlog.close(cursor.offset)
    const memo = writeMemo({ log: log.id, offset: cursor.offset })
    const changes = [...this.#changed].map(([id, position]) => ({ streamId: id, position, memo }))
    this.#changed.clear()
    for (const { streamId: id } of changes) {
      this.#stored.delete(id)
      this.#stored.add(id)
    }
    return changes
  }

  /** A restart looks at the newest ones only. */
  takeForgotten(): readonly string[] {
    const forgotten = [...this.#stored].slice(0, Math.max(0, this.#stored.size - maxStreamsKept))
    for (const id of forgotten) this.#stored.delete(id)
    return forgotten
  }

  readAgain(id: string, position: number, window: Uint8Array, length: number): number {
    return this.#running?.replay.read(id, position, window, length) ?? 0
  }

  release(id: string, position: number): void {
    if (this.#running === null) return
    const { backlog } = this.#running
    this.#freeBytes += backlog.release(id, position)
    // A worker releases many batches at once: the disk is asked when it is worth it.
    if (this.#freeBytes >= this.#deletionBytes) this.#deleteFree(this.#running)
  }

  isDone(): boolean {
    return this.#running !== null && this.#intake.hasEnded && this.#running.cursor.current() === null
  }

  lag(): SourceLag {
    const frame = this.#running?.cursor.current() ?? null
    // Frames that turned out to be damaged were counted too.
    if (frame === null) this.#unreadBytes = 0
    if (frame === null) return { bytes: 0, seconds: 0 }
    return { bytes: this.#unreadBytes, seconds: Math.max(0, this.#deps.nowMs() - frame.timeMs) / 1000 }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown()
    return this.#stopped
  }

  async #shutDown(): Promise<void> {
    await this.#intake.stop()
    await this.#running?.log.close()
    this.#running?.reader.close()
    this.#running?.replay.close()
  }

  #openLog(stored: readonly StoredStream[]): Promise<WriteAheadLog> {
    const { fsync, openFile, segmentBytes } = this.#options
    const { name, folder, log, nowMs, wake } = this.#deps
    return WriteAheadLog.open({
      folder: join(folder, 'wal'),
      fsync,
      notBefore: id => firstFreeOffset(id, stored),
      onAppended: payloadBytes => {
        this.#unreadBytes += payloadBytes
        wake()
      },
      source: name,
      log,
      nowMs,
      ...(openFile && { openFile }),
      ...(segmentBytes !== undefined && { segmentBytes }),
    })
  }

  #inlet({ log, backlog, cursor }: Running): Inlet {
    const { maxBacklogBytes } = this.#options
    return {
      append: entry => log.append(entry),
      isFull: () => {
        // A line may be longer than what is allowed to wait: a piece more must come in, or nothing would ever be released.
        if (log.end === this.#starvedAt && log.queuedBytes === 0) return false
        const queued = log.queuedBytes
        if (log.end - cursor.offset + queued >= maxBacklogBytes) return true
        return backlog.bytes(log.end) + queued >= maxBacklogBytes + (this.#options.maxReadBytes ?? maxReadBytes)
      },
      end: () => log.end,
    }
  }

  #deleteFree({ log, backlog }: Running): void {
    this.#freeBytes = 0
    log.release(backlog.lowest, (from, to) => backlog.isNeeded(from, to))
    this.#intake.resume()
  }

  /** Names are senders' inventions: what is kept of them is bounded, and can be made again. */
  #stream(logId: string, name: string): SourceStream {
    const known = this.#streams.get(name)
    if (known !== undefined) return known
    if (this.#streams.size >= maxStreamsKept) this.#streams.clear()
    const stream = { id: streamId(logId, name), label: this.#intake.label(name) }
    this.#streams.set(name, stream)
    return stream
  }
}
