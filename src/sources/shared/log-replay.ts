// Reads ranges of a stream again that were committed before, for a worker that starts after a crash.
import type { Frame } from './frame.ts'
import type { FrameReader } from './frame-reader.ts'

/** What it needs of the log. */
export interface ReplayedLog {
  reader(isLoud: boolean): FrameReader
  frameBefore(offset: number): number
}

/** The byte at a position stands at most about 1 MiB behind that place in the log; this far on it is certain that it is not there. */
const maxSearchBytes = 64 * 1024 * 1024

/** The worker asks for a range window by window: the place behind the last answer is where the next one is looked for first. */
export class LogReplay {
  readonly #log: ReplayedLog
  readonly #idOf: (stream: string) => string
  #reader: FrameReader | null = null
  #streamId = ''
  #position = 0
  #offset = 0

  constructor(log: ReplayedLog, idOf: (stream: string) => string) {
    this.#log = log
    this.#idOf = idOf
  }

  /** Fills the window from its front with up to `length` bytes at `position`; 0 when they are not there any more. */
  read(streamId: string, position: number, window: Uint8Array, length: number): number {
    const reader = this.#open()
    const wanted = Math.min(length, window.length)
    let frame = this.#find(reader, streamId, position)
    let count = 0
    while (frame !== null && count < wanted) {
      const from = position + count - frame.position
      const part = Math.min(frame.length - from, wanted - count)
      if (!reader.isWhole(frame) || !reader.copy(frame, from, window, count, part)) break
      count += part
      this.#offset = frame.offset
      frame = from + part < frame.length ? frame : this.#find(reader, streamId, position + count, frame.next)
    }
    this.#streamId = streamId
    this.#position = position + count
    return count
  }

  close(): void {
    this.#reader?.close()
    this.#reader = null
  }

  #open(): FrameReader {
    this.#reader ??= this.#log.reader(false)
    return this.#reader
  }

  /** The frame of the stream that holds this position. */
  #find(reader: FrameReader, id: string, position: number, from?: number): Frame | null {
    const goesOn = id === this.#streamId && position === this.#position
    const start = from ?? (goesOn ? this.#offset : this.#log.frameBefore(position))
    const limit = Math.max(start, position) + maxSearchBytes
    for (let frame = reader.next(start); frame !== null && frame.offset <= limit; frame = reader.next(frame.next)) {
      if (this.#idOf(frame.stream) !== id || frame.position + frame.length <= position) continue
      return frame.position <= position ? frame : null
    }
    return null
  }
}
