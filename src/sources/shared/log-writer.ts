// Appends frames to the last segment file. Frames that come while others are being written share the next write and its sync.
import { dirname } from 'node:path'
import { systemCode } from '../../model/system-code.ts'
import { encodeHead, endsLine, type FrameContent, headLength, payloadLength } from './frame.ts'
import { type OpenSegmentFile, type SegmentFile, syncFolder } from './segment-file.ts'
import type { Segment, Segments } from './segments.ts'
import { StreamPositions } from './stream-positions.ts'

/** What became of a frame. `code` is the system's (`ENOSPC`), or `CLOSED`; readers never see a frame that failed. */
export type WriteResult =
  | { readonly kind: 'written'; readonly offset: number }
  | { readonly kind: 'failed'; readonly code: string }

/** A frame on its way into the file. */
interface Queued {
  readonly content: FrameContent
  readonly stream: string
  readonly bytes: number
  readonly resolve: (result: WriteResult) => void
}

/** Frames that readers can see from now on. */
export interface WrittenGroup {
  readonly frames: readonly { readonly offset: number; readonly key: string | null }[]
  readonly payloadBytes: number
}

interface Plan {
  readonly parts: readonly Uint8Array[]
  /** Where the log ends when they are written. */
  readonly end: number
  readonly written: WrittenGroup
}

export interface LogWriterOptions {
  readonly segments: Segments
  readonly openFile: OpenSegmentFile
  /** Where the next frame begins. */
  readonly end: number
  readonly segmentBytes: number
  readonly fsync: boolean
  /** The frame at the front of a new segment, if there is anything to say. */
  readonly firstFrame: () => FrameContent | null
  /** Called before the appends of these frames are answered. */
  readonly onWritten: (written: WrittenGroup) => void
  readonly onFailed: (code: string) => void
}

/** More waits for the next write: one sync should not wait for too many bytes. */
const maxGroupBytes = 8 * 1024 * 1024
const maxGroupFrames = 512

export class LogWriter {
  readonly #options: LogWriterOptions
  readonly #positions = new StreamPositions()
  #queue: Queued[] = []
  #queuedBytes = 0
  #end: number
  #segment: Segment | null = null
  #file: SegmentFile | null = null
  /** Bytes of a write that failed may lie behind the end. */
  #isTorn = false
  #isClosed = false
  #running: Promise<void> | null = null

  constructor(options: LogWriterOptions) {
    this.#options = options
    this.#end = options.end
  }

  /** Where the next frame begins. */
  get end(): number {
    return this.#end
  }

  /** Bytes of frames that wait or are being written. */
  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** Settled when the frame is in the file, or failed. The payload must not change before. Frames are written in the order of the calls. */
  write(stream: string, content: FrameContent): Promise<WriteResult> {
    if (this.#isClosed) return Promise.resolve({ kind: 'failed', code: 'CLOSED' })
    const bytes = headLength(content) + payloadLength(content.payload)
    this.#queuedBytes += bytes
    return new Promise(resolve => {
      this.#queue.push({ content, stream, bytes, resolve })
      this.#running ??= this.#run()
    })
  }

  /** Writes what waits, and takes nothing more. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#running
    await this.#leaveFile()
  }

  async #run(): Promise<void> {
    // Frames of the same turn belong to the same write.
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const group = this.#takeGroup()
      const results = await this.#writeGroup(group)
      for (const [i, { bytes, resolve }] of group.entries()) {
        this.#queuedBytes -= bytes
        resolve(results[i] ?? { kind: 'failed', code: 'UNKNOWN' })
      }
    }
    this.#running = null
  }

  #takeGroup(): readonly Queued[] {
    let bytes = 0
    let count = 0
    for (const queued of this.#queue) {
      if (count > 0 && (count === maxGroupFrames || bytes + queued.bytes > maxGroupBytes)) break
      bytes += queued.bytes
      count += 1
    }
    return this.#queue.splice(0, count)
  }

  async #writeGroup(group: readonly Queued[]): Promise<readonly WriteResult[]> {
    const before = group.map(({ stream }) => ({ stream, end: this.#positions.get(stream) }))
    let written: WrittenGroup
    try {
      written = await this.#tryToWrite(group)
    } catch (cause) {
      for (const { stream, end } of before.toReversed()) this.#positions.restore(stream, end)
      await this.#undo()
      const code = systemCode(cause)
      this.#options.onFailed(code)
      return group.map(() => ({ kind: 'failed', code }))
    }
    this.#options.onWritten(written)
    return written.frames.map(({ offset }) => ({ kind: 'written', offset }))
  }

  async #tryToWrite(group: readonly Queued[]): Promise<WrittenGroup> {
    const { file, segment, isNew } = await this.#openFile()
    const { parts, end, written } = this.#plan(group, isNew)
    this.#isTorn = true
    await writeAll(file, parts, this.#end - segment.begin)
    if (this.#options.fsync) await file.sync()
    this.#isTorn = false
    this.#end = end
    segment.end = end
    return written
  }

  #plan(group: readonly Queued[], isNewFile: boolean): Plan {
    const parts: Uint8Array[] = []
    const frames: { offset: number; key: string | null }[] = []
    let end = this.#end
    let payloadBytes = 0
    const add = (content: FrameContent, position: number): void => {
      parts.push(encodeHead(content, end, position), ...content.payload)
      end += headLength(content) + payloadLength(content.payload)
    }
    const first = isNewFile ? this.#options.firstFrame() : null
    if (first !== null) add(first, 0)
    for (const { content, stream } of group) {
      const position = this.#positions.next(stream, end + headLength(content))
      const length = payloadLength(content.payload)
      this.#positions.set(stream, position + length, endsLine(content.payload))
      frames.push({ offset: end, key: content.key })
      payloadBytes += length
      add(content, position)
    }
    return { parts, end, written: { frames, payloadBytes } }
  }

  /** The file for the next frame; nothing lies behind its end. */
  async #openFile(): Promise<{ file: SegmentFile; segment: Segment; isNew: boolean }> {
    const { segments, openFile, segmentBytes, fsync } = this.#options
    if (this.#segment !== null && this.#end - this.#segment.begin >= segmentBytes) await this.#leaveFile()
    let segment = this.#segment ?? segments.last
    // A hole before the end was made on purpose: the offsets in it may have been given to other bytes once.
    if (segment === null || segment.end !== this.#end || this.#end - segment.begin >= segmentBytes) {
      segment = segments.add(this.#end)
    }
    this.#segment = segment
    if (this.#file === null) {
      this.#file = await openFile(segment.path)
      this.#isTorn = true
      if (fsync) await syncFolder(dirname(segment.path))
    }
    if (this.#isTorn) await this.#file.truncate(this.#end - segment.begin)
    this.#isTorn = false
    return { file: this.#file, segment, isNew: segment.begin === this.#end }
  }

  /** Cuts off what a failed write or sync left. Where that fails too, it is tried again before the next write. */
  async #undo(): Promise<void> {
    if (!this.#isTorn || this.#file === null || this.#segment === null) return
    try {
      await this.#file.truncate(this.#end - this.#segment.begin)
      this.#isTorn = false
    } catch {
      // Still torn; the fault that led here is the one to tell.
    }
  }

  async #leaveFile(): Promise<void> {
    const file = this.#file
    this.#file = null
    this.#segment = null
    // Everything that was acknowledged is written; there is nothing that closing could still lose.
    await file?.close().catch(() => undefined)
  }
}

async function writeAll(file: SegmentFile, parts: readonly Uint8Array[], position: number): Promise<void> {
  const length = payloadLength(parts)
  let written = await file.write(parts, position)
  // A disk that becomes full takes a part first, and says so at the next attempt only.
  while (written < length) {
    const rest = Buffer.concat(parts).subarray(written)
    const count = await file.write([rest], position + written)
    if (count === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' })
    written += count
  }
}
