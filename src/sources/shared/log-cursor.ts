// Reads the streams in a write-ahead log for a worker that takes as much of each chunk as it likes.
import type { Frame } from './frame.ts'
import type { FrameReader } from './frame-reader.ts'

const lineFeed = 10

/** Bytes at the front of the window. */
export interface Filled {
  readonly stream: string
  readonly position: number
  readonly length: number
  readonly isLast: boolean
}

/** A place in a log. Frames of one stream that stand one behind the other come as one chunk; frames of different streams never do. */
export class LogCursor {
  /** A line that has begun waits for bytes that are not in the log. */
  isStarving = false
  readonly #reader: FrameReader
  /** True when no more bytes of a stream will come. */
  readonly #isOver: (stream: string) => boolean
  /** Where the frame stands whose byte `#within` is next. */
  #offset: number
  #within = 0
  /** Frames of the chunk that was given last, and its bytes. */
  #frames: readonly Frame[] = []
  #given = 0
  /** Behind the last line end of that chunk. */
  #linesEnd = 0
  /** More of the stream stood behind that chunk. */
  #isCut = false
  /** Set while the beginning of a line waits for more: the last frame that it stands in, or that could not end it. */
  #waitsBehind: Frame | null = null
  #waitingBytes = 0

  constructor(reader: FrameReader, isOver: (stream: string) => boolean, offset: number) {
    this.#reader = reader
    this.#isOver = isOver
    this.#offset = offset
  }

  /** All frames before it are taken. */
  get offset(): number {
    return this.#offset
  }

  /** The frame whose bytes come next. Null when all is taken. */
  current(): Frame | null {
    const frame = this.#reader.nextWhole(this.#offset)
    if (frame !== null && frame.offset !== this.#offset) {
      // Something was stepped over.
      this.#offset = frame.offset
      this.#within = 0
    }
    return frame
  }

  /** Skips `bytes` of the current frame, which were taken in an earlier run. */
  skip(frame: Frame, bytes: number): void {
    this.#within = bytes
    if (bytes >= frame.length) this.#moveTo(frame.next, 0)
  }

  /** Null when there is nothing, or nothing but the rest that was left. */
  fill(window: Uint8Array): Filled | null {
    const first = this.current()
    this.isStarving = this.#waitsBehind !== null && !this.#hasMore(this.#waitsBehind, window.length)
    if (first === null || this.isStarving) return null
    this.#waitsBehind = null
    const frames = [first]
    let frame = first
    let from = this.#within
    let at = 0
    let next: Frame | null = null
    this.#isCut = true
    for (;;) {
      const count = Math.min(frame.length - from, window.length - at)
      if (!this.#reader.copy(frame, from, window, at, count)) break
      at += count
      from += count
      if (from < frame.length) break
      next = this.#reader.nextWhole(frame.next)
      this.#isCut = next !== null && continues(frame, next)
      if (next === null || !this.#isCut || at === window.length) break
      frames.push(next)
      frame = next
      from = 0
    }
    if (at === 0) return this.#lose(first, window)
    this.#frames = frames
    this.#given = at
    this.#linesEnd = window.lastIndexOf(lineFeed, at - 1) + 1
    const isLast = !this.#isCut && this.#endsHere(frame, next)
    return { stream: first.stream, position: first.position + this.#within, length: at, isLast }
  }

  /** The worker took so many bytes of the chunk. */
  take(bytes: number): void {
    let rest = bytes
    for (const frame of this.#frames) {
      const count = Math.min(rest, frame.length - this.#within)
      rest -= count
      // Not from `#offset`: between two frames there may be keys or a hole.
      this.#moveTo(frame.offset, this.#within + count)
      if (this.#within < frame.length) break
      this.#moveTo(frame.next, 0)
    }
    // A worker that has no room leaves whole lines as well; those need nothing behind them.
    const isHalfLine = bytes < this.#given && bytes >= this.#linesEnd && !this.#isCut
    this.#waitsBehind = isHalfLine ? (this.#frames.at(-1) ?? null) : null
    this.#waitingBytes = this.#given - bytes
    this.#frames = []
    this.#given = 0
  }

  /**
   * Whether something came behind the rest that makes it worth giving again: a line end, so many bytes that the line is too long, or
   * the certainty that nothing will. Each frame is looked at once, however slowly a line comes.
   */
  #hasMore(behind: Frame, windowBytes: number): boolean {
    let last = behind
    for (;;) {
      const next = this.#reader.nextWhole(last.next)
      if (next === null) {
        this.#waitsBehind = last
        return this.#isOver(last.stream)
      }
      if (!continues(last, next)) return true
      last = next
      this.#waitingBytes += next.length
      if (next.hasLineEnd || this.#waitingBytes >= windowBytes) return true
    }
  }

  /**
   * True when nothing of the stream follows. Damage in the middle of a line counts as an end as well: what is before it can never be
   * completed, and what is behind it stands at a later position.
   */
  #endsHere(frame: Frame, next: Frame | null): boolean {
    if (next?.stream === frame.stream) return !frame.endsLine
    return this.#isOver(frame.stream)
  }

  /** The frame was whole a moment ago, and now its file cannot be read. */
  #lose(frame: Frame, window: Uint8Array): Filled | null {
    this.#reader.lose(frame)
    this.#moveTo(frame.next, 0)
    return this.fill(window)
  }

  #moveTo(offset: number, within: number): void {
    this.#offset = offset
    this.#within = within
  }
}

const continues = (frame: Frame, next: Frame): boolean =>
  next.stream === frame.stream && next.position === frame.position + frame.length
