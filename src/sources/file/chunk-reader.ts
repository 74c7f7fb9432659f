// Hot path: gives the worker one chunk after the other, of plain files at once, of archives by promise. Everything here is per chunk.
import type { Chunk } from '../../model/source.ts'
import type { Archives } from './archives.ts'
import type { ContentStream } from './content-stream.ts'
import type { FollowContext } from './follow-context.ts'
import type { FollowedFile } from './followed-file.ts'
import type { Follower } from './follower.ts'
import { formerStream } from './former-stream.ts'
import type { KnownStreams } from './known-streams.ts'
import type { LostContent } from './lost-content.ts'
import type { Places } from './places.ts'
import { readBehind } from './plain-reading.ts'
import type { ReadTurns } from './read-turns.ts'
import { systemCode } from './system-calls.ts'

const newline = 10

export interface ChunkReaderParts {
  readonly context: FollowContext
  readonly known: KnownStreams
  readonly places: Places
  readonly lost: LostContent
  readonly archives: Archives
  readonly turns: ReadTurns
  readonly follower: Follower
}

/** The chunk that the worker was given last. */
interface Given {
  readonly file: FollowedFile
  /** The file may have another one by the time the worker says what it took. */
  readonly stream: ContentStream
  readonly chunk: Chunk
  readonly window: Uint8Array
}

export class ChunkReader {
  readonly #parts: ChunkReaderParts
  #given: Given | null = null

  constructor(parts: ChunkReaderParts) {
    this.#parts = parts
  }

  /** True when {@link read} would give something, or the last chunk has not been dealt with. */
  get hasMore(): boolean {
    const { turns } = this.#parts
    if (this.#given !== null) return true
    for (let file = turns.next(this.#isHeld); file !== null; file = turns.next(this.#isHeld)) {
      if (this.#isReadable(file)) return true
      turns.remove(file)
    }
    return false
  }

  /** True for a plain file as long as an archive may turn out to hold what was written before. */
  readonly #isHeld = (file: FollowedFile): boolean => this.#parts.archives.isAwaitedBy(file)

  read(window: Uint8Array): Chunk | null | Promise<Chunk | null> {
    const { turns, context } = this.#parts
    // Whoever did not say what was taken took nothing.
    if (this.#given !== null) this.advance(this.#given.chunk, 0)
    for (let file = turns.next(this.#isHeld); file !== null; file = turns.next(this.#isHeld)) {
      if (!this.#isReadable(file)) {
        turns.remove(file)
      } else if (file.compression !== null) {
        return this.#readArchive(file, window)
      } else {
        const chunk = this.#attemptPlain(file, window)
        if (chunk !== null) return chunk
      }
    }
    return context.once ? this.#readRest(window) : null
  }

  /** Nothing more will come by itself (`once`). */
  #readRest(window: Uint8Array): Chunk | null | Promise<Chunk | null> {
    const { archives, lost, follower, turns } = this.#parts
    // Archives may be copies of plain files, which is known when those are read: now, unless they wait for an archive.
    archives.next(!turns.isEmpty)
    if (archives.isBusy || lost.count === 0) return null
    // What is not found now is said to be missing.
    lost.search(true)
    follower.settle({ isFinal: true })
    return this.read(window)
  }

  /** The worker took the first `bytes` of the last chunk; the window still holds it. */
  advance(chunk: Chunk, bytes: number): void {
    const given = this.#given
    if (given === null || given.chunk !== chunk) return
    this.#given = null
    const { file, stream, window } = given
    const { known, turns, archives, follower } = this.#parts
    turns.took(bytes)
    stream.take(window, bytes)
    // Half a line waits for its rest; whole lines were left because a batch was full, and come again at once.
    const isHalfLine = !chunk.isLast && !window.subarray(bytes, chunk.length).includes(newline)
    stream.offered = isHalfLine ? chunk.position + chunk.length : stream.position
    if (bytes > 0) {
      stream.isFinished = false
      known.change(stream)
    }
    if (file.stream !== stream) return
    const isOver = chunk.isLast && bytes === chunk.length
    if (file.compression !== null) archives.took(window, chunk, bytes)
    else if (isOver && file.isEnding) follower.finish(file)
  }

  #isReadable(file: FollowedFile): boolean {
    if (file.compression !== null) return this.#parts.archives.isReadable(file)
    return file.unread > 0 || (file.isEnding && file.stream !== null)
  }

  async #readArchive(file: FollowedFile, window: Uint8Array): Promise<Chunk | null> {
    const { archives, turns } = this.#parts
    const { stream } = file
    const read = await archives.read(window)
    if (read === null || stream === null) turns.remove(file)
    if (read === null || stream === null) return this.read(window)
    return this.#give({ file, stream, window, chunk: { stream: stream.stream, position: stream.position, ...read } })
  }

  #attemptPlain(file: FollowedFile, window: Uint8Array): Chunk | null {
    const { places, context, turns } = this.#parts
    const opened = places.descriptors.open(file)
    try {
      if (opened.kind === 'open') return this.#readPlain(file, opened.fd, window)
      if (opened.kind === 'refused') places.troubles.report(file.path, opened.code)
      // Otherwise the next look finds out where it is.
      else if (context.once) places.troubles.report(file.path, 'ENOENT')
    } catch (cause) {
      places.troubles.report(file.path, systemCode(cause))
      if (file.places.size > 0) file.close()
    }
    turns.remove(file)
    file.fail(context.nowMs())
    // There will be no other time.
    if (context.once) file.limit = 0
    return null
  }

  #readPlain(file: FollowedFile, fd: number, window: Uint8Array): Chunk | null {
    const { known, turns, places, context } = this.#parts
    const { stream } = file
    if (stream === null || (file.isEnding && this.#goesOn(file))) return null
    const { position } = stream
    const knownHead = stream.head.length
    const room = file.limit === null ? window.length : Math.min(window.length, file.limit - position)
    const count = readBehind(fd, stream, room === window.length ? window : window.subarray(0, room))
    if (count < 0) return this.#replaced(file)
    if (stream.head.length !== knownHead) known.change(stream)
    file.reach(position + count)
    if (count < room) file.caughtUpMs = context.nowMs()
    const isNew = position + count > stream.offered
    // It became shorter than it was at the start: what is there is all.
    if (file.limit !== null && count < room) file.limit = position + count
    const isLast = file.limit === null ? file.isEnding && position + count >= file.size : position + count >= file.limit
    // A full window again: the worker knows what to do about a line that is too long for it.
    if (count > 0 && (isNew || isLast || (count === room && file.unread > 0))) {
      return this.#give({ file, stream, window, chunk: { stream: stream.stream, position, length: count, isLast } })
    }
    turns.remove(file)
    if (file.limit === null) places.refresh(file)
    return null
  }

  /** Bytes came to a file that was about to end. */
  #goesOn(file: FollowedFile): boolean {
    const { places } = this.#parts
    places.refresh(file)
    if (file.isJudged) return false
    file.isEnding = false
    this.#parts.follower.settle()
    return true
  }

  #replaced(file: FollowedFile): null {
    const { lost, places, turns, context, follower } = this.#parts
    turns.remove(file)
    places.refresh(file)
    lost.replaced(file)
    // What came after the start is left for another time.
    if (context.once) file.limit = 0
    places.changed.add(file)
    follower.settle({ isFinal: context.once })
    return null
  }

  #give(given: Given): Chunk {
    const { file, stream, chunk } = given
    const former = stream.position === stream.from ? formerStream(file, this.#parts.known) : null
    const whole = former === null ? chunk : { ...chunk, continues: former.stream.id }
    this.#given = { ...given, chunk: whole }
    return whole
  }
}
