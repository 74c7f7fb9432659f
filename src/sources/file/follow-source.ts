// The file source: gives the worker the bytes of all followed files, file by file and in order.
import type { InputFormat } from '../../model/batch-options.ts'
import type { Chunk, Source, SourceLag, StoredStream } from '../../model/source.ts'
import { memoUnreadable } from '../../telemetry/events/file-source.ts'
import { ArchiveIdentity } from './archive-identity.ts'
import { Archives } from './archives.ts'
import { ChunkReader } from './chunk-reader.ts'
import { ContentStream } from './content-stream.ts'
import type { FollowContext } from './follow-context.ts'
import { Follower, type FormerPlace } from './follower.ts'
import { inputError } from './input-error.ts'
import { KnownStreams } from './known-streams.ts'
import { LostContent } from './lost-content.ts'
import type { PathPatterns } from './path-patterns.ts'
import { Places } from './places.ts'
import { ReadAgain } from './read-again.ts'
import { ReadTurns } from './read-turns.ts'
import { Recogniser } from './recogniser.ts'

export interface FollowSourceParts {
  readonly context: FollowContext
  readonly patterns: PathPatterns
  readonly format: InputFormat
  readonly startAt: 'beginning' | 'end'
  readonly wake: () => void
}

export class FollowSource implements Source {
  readonly name: string
  readonly format: InputFormat
  readonly #parts: FollowSourceParts
  readonly #context: FollowContext
  readonly #known: KnownStreams
  readonly #places: Places
  readonly #lost: LostContent
  readonly #archives: Archives
  readonly #reader: ChunkReader
  readonly #follower: Follower
  readonly #again: ReadAgain
  #bytesSincePause = 0
  #timer: NodeJS.Timeout | null = null
  #isStarted = false
  #isStopped = false

  constructor(parts: FollowSourceParts) {
    const { context, patterns } = parts
    this.#parts = parts
    this.name = context.source
    this.format = parts.format
    this.#context = context
    const known = new KnownStreams(context.maxFiles)
    const places = new Places(context)
    const lost = new LostContent({ context, known, places, patterns })
    const recogniser = new Recogniser({ context, known, places, lost })
    const identity = new ArchiveIdentity({ context, known, recogniser, lost })
    const archives = new Archives({ context, known, places, lost, identity })
    const turns = new ReadTurns(context.tuning.turnBytes)
    const follower = new Follower({ context, patterns, known, places, lost, recogniser, archives, turns })
    this.#known = known
    this.#places = places
    this.#lost = lost
    this.#archives = archives
    this.#follower = follower
    this.#reader = new ChunkReader({ context, known, places, lost, archives, turns, follower })
    this.#again = new ReadAgain({ known, places, lost, archives, identity, follower })
    archives.onReady = file => {
      if (file !== null) turns.add(file)
      parts.wake()
    }
  }

  async start(stored: readonly StoredStream[]): Promise<void> {
    const { once } = this.#context
    const { startAt, patterns } = this.#parts
    const [missing] = once ? patterns.expand().missing : []
    if (missing !== undefined) throw inputError(missing, Object.assign(new Error('no such file'), { code: 'ENOENT' }))
    const former = this.#load(stored)
    this.#places.isFirstLook = stored.length === 0
    this.#follower.scan()
    this.#follower.settle({ isFinal: once, isAtEnd: startAt === 'end' && stored.length === 0 })
    this.#follower.findMissing(former)
    this.#follower.settle({ isFinal: once })
    if (!once) this.#archives.next()
    this.#places.isFirstLook = false
    this.#isStarted = true
    if (!once && this.#context.tuning.hasTimer) {
      this.#timer = setInterval(() => this.poll(), this.#context.pollMs)
    }
  }

  /** Looks at the disk now; the timer does the same. */
  poll(): void {
    if (this.#isStopped || !this.#isStarted || this.#context.once) return
    this.#follower.poll()
    if (this.#reader.hasMore) this.#parts.wake()
  }

  /** Settled when no archive is being looked into. */
  get prepared(): Promise<void> {
    return this.#archives.prepared
  }

  read(window: Uint8Array): Chunk | null | Promise<Chunk | null> {
    if (this.#isStopped) return null
    this.#again.end()
    if (this.#bytesSincePause < this.#context.tuning.pauseBytes) return this.#reader.read(window)
    this.#bytesSincePause = 0
    const turn = new Promise(resolve => setImmediate(resolve))
    return turn.then(() => (this.#isStopped ? null : this.#reader.read(window)))
  }

  /** The window must still hold the chunk: its last bytes are remembered. */
  advance(chunk: Chunk, bytes: number): void {
    this.#bytesSincePause += bytes
    this.#reader.advance(chunk, bytes)
  }

  takeChanges(): readonly StoredStream[] {
    return this.#known.takeChanges()
  }

  takeForgotten(): readonly string[] {
    return this.#known.takeForgotten()
  }

  readAgain(streamId: string, position: number, window: Uint8Array, length: number): number | Promise<number> {
    return this.#again.read({ streamId, position, window, length })
  }

  /** Files stay what they are. */
  release(): void {}

  isDone(): boolean {
    if (this.#isStopped) return true
    if (!this.#context.once || !this.#isStarted) return false
    return !this.#reader.hasMore && !this.#archives.isBusy && this.#lost.count === 0
  }

  lag(): SourceLag {
    let bytes = 0
    let sinceMs = Number.POSITIVE_INFINITY
    for (const file of this.#places.files.values()) {
      const unread = file.compression === null ? file.unread : this.#archives.unread(file)
      bytes += unread
      if (unread > 0) sinceMs = Math.min(sinceMs, file.caughtUpMs)
    }
    return { bytes, seconds: bytes === 0 ? 0 : Math.max(0, this.#context.nowMs() - sinceMs) / 1000 }
  }

  /** Gives where the streams were, the last one of each path. */
  #load(stored: readonly StoredStream[]): readonly FormerPlace[] {
    const { log, source } = this.#context
    const former = new Map<string, FormerPlace>()
    for (const each of stored) {
      const stream = ContentStream.restore(each)
      if (stream === null) {
        memoUnreadable(log, { source, streamId: each.streamId })
        continue
      }
      this.#known.add(stream)
      const { path, mtimeNs } = stream
      const before = former.get(path)
      if (path !== '' && (before === undefined || before.mtimeNs <= mtimeNs))
        former.set(path, { path, stream, mtimeNs })
    }
    return [...former.values()]
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#again.end()
    await this.#archives.stop()
    for (const file of this.#places.files.values()) file.close()
  }
}
