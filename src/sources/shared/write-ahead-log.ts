// An append-only log of frames in segment files, for bytes that exist nowhere else: they are in it before anybody is told so.
import { mkdirSync } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { ExitStatus, FcscopeError } from '../../model/fcscope-error.ts'
import { systemCode } from '../../model/system-code.ts'
import {
  damagedFramesSkipped,
  logIdRenewed,
  logWriteFailed,
  logWriteRecovered,
  segmentNotDeleted,
  tornFrameCut,
} from '../../telemetry/events/write-ahead-log.ts'
import type { Log } from '../../telemetry/log.ts'
import { type FrameContent, maxNameBytes } from './frame.ts'
import { FrameIndex } from './frame-index.ts'
import { FrameReader } from './frame-reader.ts'
import { readOrMakeId, readReleased, writeReleased } from './log-marks.ts'
import { LogWriter, type WriteResult, type WrittenGroup } from './log-writer.ts'
import { keyOf, RecentKeys } from './recent-keys.ts'
import { type OpenSegmentFile, openSegmentFile } from './segment-file.ts'
import { Segments } from './segments.ts'

export interface WriteAheadLogOptions {
  /** The log's own; it is made where it is not there. */
  readonly folder: string
  /** Appends wait until their bytes survive a loss of power. Without it they survive the end of the process only. */
  readonly fsync: boolean
  /** New frames of the log with this id must not stand before this offset: what stood there is known elsewhere, even if it is lost here. */
  readonly notBefore: (id: string) => number
  /** Called when there is something new to read. */
  readonly onAppended: (payloadBytes: number) => void
  /** The source that the log belongs to, for events. */
  readonly source: string
  readonly log: Log
  readonly nowMs: () => number
  /** How a segment is opened for writing; tests let it fail. */
  readonly openFile?: OpenSegmentFile
  readonly segmentBytes?: number
  /** So many keys are remembered. */
  readonly maxKeys?: number
}

/** Bytes for the log. */
export interface Entry {
  /** At most 128 characters. Bytes of one stream are read in the order in which they were appended. */
  readonly stream: string
  /** At least one byte. Must not change until the append is settled. */
  readonly payload: readonly Uint8Array[]
  /** The sender's name for these bytes: with it they are taken once only. Null without one. */
  readonly key: string | null
}

export type AppendResult = WriteResult | { readonly kind: 'duplicate' }

const defaultSegmentBytes = 64 * 1024 * 1024
const defaultMaxKeys = 10_000

export class WriteAheadLog {
  /** Never that of another log, also not of one that was in this folder before. */
  readonly id: string
  readonly #options: WriteAheadLogOptions
  readonly #segments: Segments
  readonly #writer: LogWriter
  readonly #index = new FrameIndex()
  readonly #keys: RecentKeys
  /** Keys of frames that are being written. */
  readonly #pending = new Map<string, Promise<WriteResult>>()
  #isFailing = false

  /**
   * Opens the log, or begins one. An append that was cut short is removed from its end. Fails with `FCS_STATE_UNUSABLE` when the
   * folder cannot be used.
   */
  static async open(options: WriteAheadLogOptions): Promise<WriteAheadLog> {
    try {
      mkdirSync(options.folder, { recursive: true, mode: 0o700 })
      const segments = new Segments(options.folder)
      const { id, isNew } = readOrMakeId(options.folder)
      if (isNew && segments.first !== null) logIdRenewed(options.log, { source: options.source })
      await cutTornEnd(segments, options)
      return new WriteAheadLog(options, segments, id)
    } catch (cause) {
      throw unusable(options.folder, cause)
    }
  }

  private constructor(options: WriteAheadLogOptions, segments: Segments, id: string) {
    this.id = id
    this.#options = options
    this.#segments = segments
    this.#keys = new RecentKeys(options.maxKeys ?? defaultMaxKeys)
    this.#readKeys()
    this.#writer = new LogWriter({
      segments,
      openFile: options.openFile ?? openSegmentFile,
      end: Math.max(segments.last?.end ?? 0, options.notBefore(id)),
      segmentBytes: options.segmentBytes ?? defaultSegmentBytes,
      fsync: options.fsync,
      firstFrame: () => this.#keysFrame(),
      onWritten: written => this.#noteWritten(written),
      onFailed: code => this.#noteFailure(code),
    })
  }

  /** Where the oldest bytes stand that are still there. */
  get begin(): number {
    return this.#segments.first?.begin ?? this.end
  }

  /** Where the next frame will stand. */
  get end(): number {
    return this.#writer.end
  }

  /** Bytes that wait to be written. */
  get queuedBytes(): number {
    return this.#writer.queuedBytes
  }

  /** Everything before it was released, as far as is known from earlier runs. */
  get released(): number {
    return readReleased(this.#options.folder)
  }

  /**
   * Settled when the bytes are in the file (and safe, with `fsync`). Of two entries with one key in one stream the second is a
   * duplicate, also when both come at once; when the first cannot be written, the second is tried.
   */
  async append(entry: Entry): Promise<AppendResult> {
    const { stream, payload } = entry
    const content = { name: Buffer.from(stream).subarray(0, maxNameBytes), payload, timeMs: this.#options.nowMs() }
    if (entry.key === null) return this.#writer.write(stream, { ...content, key: null })
    const key = keyOf(stream, entry.key)
    for (let other = this.#pending.get(key); other !== undefined; other = this.#pending.get(key)) await other
    if (this.#keys.has(key)) return { kind: 'duplicate' }
    const writing = this.#writer.write(stream, { ...content, key })
    this.#pending.set(key, writing)
    const result = await writing
    this.#pending.delete(key)
    return result
  }

  /** Reads frames from any place on; the caller closes it. `isLoud`: says what is damaged, once. */
  reader(isLoud: boolean): FrameReader {
    const { log, source } = this.#options
    let saidTo = 0
    return new FrameReader(this.#segments, (from, to) => {
      if (!isLoud || from < saidTo) return
      saidTo = to
      damagedFramesSkipped(log, { source, from, to })
    })
  }

  /** The place of a frame, or of the log's beginning, at or not far before `offset`. */
  frameBefore(offset: number): number {
    return Math.max(this.#index.before(offset), this.begin)
  }

  /** Everything before `offset` was released. Segments that hold nothing needed are deleted. */
  release(offset: number, isNeeded: (from: number, to: number) => boolean): void {
    const { folder, log, source } = this.#options
    try {
      writeReleased(folder, offset)
      this.#segments.deleteFree(isNeeded)
    } catch (cause) {
      segmentNotDeleted(log, { source, code: systemCode(cause) })
    }
    this.#index.dropBefore(this.begin)
  }

  /** Writes what waits, and takes nothing more. What is in the log can still be read. */
  close(): Promise<void> {
    return this.#writer.close()
  }

  /** Walks over the heads of all frames. Damage is told when it is read, not here. */
  #readKeys(): void {
    const reader = this.reader(false)
    const first = this.#segments.first
    for (let frame = first && reader.nextAny(first.begin); frame !== null; frame = reader.nextAny(frame.next)) {
      this.#index.add(frame.offset)
      if (frame.key !== null) this.#keys.add(frame.key)
      if (!frame.isKeys || !reader.isWhole(frame)) continue
      const bytes = Buffer.alloc(frame.length)
      if (reader.copy(frame, 0, bytes, 0, frame.length)) this.#keys.addBytes(bytes)
    }
    reader.close()
  }

  /** Keys must outlive the segments that their frames are in. */
  #keysFrame(): FrameContent | null {
    if (this.#keys.size === 0) return null
    const timeMs = this.#options.nowMs()
    return { name: Buffer.alloc(0), payload: [this.#keys.toBytes()], key: null, timeMs, isKeys: true }
  }

  #noteWritten({ frames, payloadBytes }: WrittenGroup): void {
    const { log, source, onAppended } = this.#options
    for (const { offset, key } of frames) {
      this.#index.add(offset)
      if (key !== null) this.#keys.add(key)
    }
    if (this.#isFailing) logWriteRecovered(log, { source })
    this.#isFailing = false
    onAppended(payloadBytes)
  }

  #noteFailure(code: string): void {
    const { log, source } = this.#options
    if (!this.#isFailing) logWriteFailed(log, { source, code })
    this.#isFailing = true
  }
}

/** Only the last segment can end in the middle of an append: a new one is begun when all of the one before is safe. */
async function cutTornEnd(segments: Segments, { log, source }: WriteAheadLogOptions): Promise<void> {
  const last = segments.last
  if (last === null) return
  const reader = new FrameReader(segments, () => {})
  const good = reader.goodEnd(last)
  reader.close()
  if (good === last.end) return
  tornFrameCut(log, { source, offset: good, bytes: last.end - good })
  last.end = good
  await truncate(last.path, good - last.begin)
}

function unusable(folder: string, cause: unknown): FcscopeError {
  const code = systemCode(cause)
  return new FcscopeError(
    'FCS_STATE_UNUSABLE',
    {
      en: `${folder}: the write-ahead log cannot be used (${code}). Check the folder, its owner and its disk.`,
      zh: `${folder}：预写日志无法使用（${code}），请检查该目录、其所有者及磁盘。`,
    },
    { cause, exitStatus: ExitStatus.unreachable },
  )
}
