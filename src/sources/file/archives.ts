// The compressed files that are followed: one at a time is decompressed, read to its end and done; growing ones are tried again.
import type { FcscopeError } from '../../model/fcscope-error.ts'
import { archiveBroken } from '../../telemetry/events/file-source.ts'
import type { ArchiveIdentity, OpenArchive } from './archive-identity.ts'
import type { ArchiveReader } from './archive-reader.ts'
import { readAt } from './fingerprint.ts'
import type { FollowContext } from './follow-context.ts'
import type { FollowedFile } from './followed-file.ts'
import type { KnownStreams } from './known-streams.ts'
import type { LostContent } from './lost-content.ts'
import { compressionOf } from './open-input.ts'
import type { Places } from './places.ts'
import { oldestOf, precedes } from './read-order.ts'
import { systemCode } from './system-calls.ts'

/** The archive that is being read. */
interface Active {
  readonly file: FollowedFile
  readonly reader: ArchiveReader
  readonly isFinal: boolean
  /** Plain bytes that the worker left, in front of the reader's next. */
  pending: Uint8Array
}

/** Why an archive is not read now. */
interface Waiting {
  readonly size: number
  readonly sinceMs: number
  readonly waitMs: number
  /** It breaks off: only when it has grown there is more to be had. */
  readonly isIncomplete: boolean
}

export interface ArchiveChunk {
  readonly length: number
  readonly isLast: boolean
}

export interface ArchivesParts {
  readonly context: FollowContext
  readonly known: KnownStreams
  readonly places: Places
  readonly lost: LostContent
  readonly identity: ArchiveIdentity
}

export class Archives {
  readonly #context: FollowContext
  readonly #known: KnownStreams
  readonly #places: Places
  readonly #identity: ArchiveIdentity
  readonly #lost: LostContent
  readonly #queue = new Set<FollowedFile>()
  readonly #waiting = new Map<FollowedFile, Waiting>()
  #active: Active | null = null
  #preparing: Promise<void> | null = null
  /** The file that is being looked into. */
  #unsettled: FollowedFile | null = null
  #isStopped = false
  /** To be called when there is something to read or to do. */
  onReady: (file: FollowedFile | null) => void = () => undefined

  constructor(parts: ArchivesParts) {
    this.#context = parts.context
    this.#lost = parts.lost
    this.#known = parts.known
    this.#places = parts.places
    this.#identity = parts.identity
  }

  /** Something is being read or waits for its turn; those that wait for more to come only where nothing will (`once`). */
  get isBusy(): boolean {
    const isBusy = this.#active !== null || this.#preparing !== null || this.#queue.size > 0
    return isBusy || (this.#context.once && this.#waiting.size > 0)
  }

  /** Settled when nothing is being decompressed that nobody has asked for yet. */
  get prepared(): Promise<void> {
    return this.#preparing ?? Promise.resolve()
  }

  /** Files whose content is not known yet. */
  get unknown(): readonly FollowedFile[] {
    return [...this.#queue, ...this.#waiting.keys()].filter(file => file.stream === null)
  }

  isReadable(file: FollowedFile): boolean {
    return this.#active?.file === file
  }

  /** True when an archive that has not been looked into may hold what was written before this file. */
  isAwaitedBy(file: FollowedFile): boolean {
    if (file.compression !== null || (this.#unsettled === null && this.#queue.size === 0)) return false
    const awaited = this.#unsettled === null ? this.#queue : [this.#unsettled, ...this.#queue]
    return [...awaited].some(
      archive => !archive.isLikelyCopy && archive.family === file.family && precedes(archive, file),
    )
  }

  /** Stored bytes that were not decompressed yet. */
  unread(file: FollowedFile): number {
    if (this.#active?.file === file) return Math.max(0, file.size - this.#active.reader.storedBytes)
    const waiting = this.#waiting.get(file)
    if (waiting?.isIncomplete === true) return Math.max(0, file.size - waiting.size)
    return waiting !== undefined || this.#queue.has(file) ? file.size : 0
  }

  /** The file is new or changed; looked into from {@link next} on. */
  add(file: FollowedFile): void {
    const waiting = this.#waiting.get(file)
    if (this.#active?.file === file || (waiting !== undefined && !this.#isDue(file, waiting))) return
    file.isSettled = false
    this.#queue.add(file)
  }

  forget(file: FollowedFile): void {
    this.#queue.delete(file)
    this.#waiting.delete(file)
  }

  /** Looks whether it is time for any that wait. */
  poll(): void {
    for (const [file, waiting] of this.#waiting) {
      if (this.#active?.file !== file && this.#isDue(file, waiting)) this.#queue.add(file)
    }
    if (!this.#context.once) this.next()
  }

  /** Begins with the next one. `mayWait`: plain files may have something to be read first. */
  next(mayWait = true): void {
    if (this.#active !== null || this.#preparing !== null || this.#isStopped) return
    const file = this.#nextOf(mayWait)
    if (file === null) return
    this.#queue.delete(file)
    this.#unsettled = file
    this.#preparing = this.#prepare(file, mayWait).finally(() => {
      this.#preparing = null
      this.#unsettled = null
      this.onReady(this.#active?.file ?? null)
      if (!this.#context.once) this.next()
    })
  }

  #nextOf(mayWait: boolean): FollowedFile | null {
    const [first] = this.#queue
    if (first !== undefined) return oldestOf([...this.#queue].filter(({ family }) => family === first.family))
    const [waiting] = this.#waiting.keys()
    return !mayWait && this.#context.once && waiting !== undefined ? waiting : null
  }

  /** Fills the window from its front. Null when this archive has nothing more to give now. */
  async read(window: Uint8Array): Promise<ArchiveChunk | null> {
    const active = this.#active
    if (active === null) return null
    const { pending, reader, isFinal, file } = active
    window.set(pending.subarray(0, window.length))
    const shown = Math.min(pending.length, window.length)
    const fresh = await reader.fill(window, shown)
    const isAll = reader.isAtEnd && pending.length <= window.length
    if (isAll && reader.failure !== null && !isFinal) {
      const end = (file.stream?.position ?? 0) + shown + fresh
      if (end > (file.stream?.offered ?? 0)) return { length: shown + fresh, isLast: false }
      this.#leave(active)
      this.#waitFor(file, true)
      return null
    }
    if (shown + fresh > 0) return { length: shown + fresh, isLast: isAll }
    this.#finish(active)
    return null
  }

  /** The worker took the first `bytes` of the chunk that {@link read} gave last. */
  took(window: Uint8Array, chunk: ArchiveChunk, bytes: number): void {
    const active = this.#active
    if (active === null) return
    const unshown = active.pending.subarray(Math.min(active.pending.length, chunk.length))
    active.pending = Buffer.concat([window.subarray(bytes, chunk.length), unshown])
    if (chunk.isLast && bytes === chunk.length) this.#finish(active)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#preparing
    if (this.#active !== null) this.#leave(this.#active)
  }

  /** What has to be known to decompress a file; null when it cannot be opened. Sets {@link FollowedFile.isUnpacking}. */
  open(file: FollowedFile, how: { isFinal: boolean; mayWait: boolean }): OpenArchive | null {
    const opened = this.#places.descriptors.open(file)
    if (opened.kind === 'refused') this.#places.troubles.report(file.path, opened.code)
    if (opened.kind !== 'open' || file.compression === null) return null
    file.isUnpacking = true
    return { file, fd: opened.fd, compression: file.compression, ...how, isStopped: () => this.#isStopped }
  }

  async #prepare(file: FollowedFile, mayWait: boolean): Promise<void> {
    const isFinal = this.#context.once || this.#isGivenUp(file)
    const archive = this.open(file, { isFinal, mayWait })
    if (archive === null && !this.#context.once) this.#waitFor(file, false)
    if (archive === null || !this.#isStillArchive(archive)) return
    const result = await this.#identity.identify(archive)
    if (result.kind === 'read') {
      this.#active = { file, reader: result.reader, isFinal, pending: result.pending }
      return
    }
    file.isUnpacking = false
    if (result.kind === 'settled') this.#settle(file, result.failure)
    else this.#waitFor(file, result.kind === 'incomplete')
  }

  /** An archive may be replaced by something else in the same inode. */
  #isStillArchive({ file, fd, compression }: OpenArchive): boolean {
    try {
      if (compressionOf(readAt(fd, 0, 4)) === compression) return true
      this.#lost.replaced(file)
      file.forgetContent()
      this.#places.changed.add(file)
    } catch (cause) {
      this.#places.troubles.report(file.path, systemCode(cause))
    }
    file.isUnpacking = false
    this.#waiting.delete(file)
    return false
  }

  #finish(active: Active): void {
    const { file, reader } = active
    const { stream } = file
    this.#leave(active)
    if (stream !== null) {
      stream.isFinished = true
      this.#known.change(stream)
    }
    this.#settle(file, reader.failure)
    if (this.#context.once) return
    // It grew behind the end that was reached.
    if (reader.failure === null && reader.storedBytes < file.size) this.add(file)
    this.next()
  }

  #settle(file: FollowedFile, failure: FcscopeError | null): void {
    this.#waiting.delete(file)
    file.isSettled = true
    file.judge()
    if (file.places.size > 0) file.close()
    const { log, source } = this.#context
    if (failure !== null) archiveBroken(log, { source, path: file.path, failure })
  }

  #leave(active: Active): void {
    this.#active = null
    active.reader.close()
    active.file.isUnpacking = false
  }

  #waitFor(file: FollowedFile, isIncomplete: boolean): void {
    if (this.#isStopped) return
    const nowMs = this.#context.nowMs()
    const { archiveRetryMs, stallMs } = this.#context.tuning
    const before = this.#waiting.get(file)
    const isSameSize = before?.size === file.size
    this.#waiting.set(file, {
      size: file.size,
      sinceMs: isSameSize ? before.sinceMs : nowMs,
      waitMs: before === undefined ? archiveRetryMs : Math.min(stallMs, 2 * before.waitMs),
      isIncomplete,
    })
  }

  #isDue(file: FollowedFile, waiting: Waiting): boolean {
    const passedMs = this.#context.nowMs() - waiting.sinceMs
    if (waiting.isIncomplete && file.size === waiting.size) return this.#isGivenUp(file)
    return passedMs >= waiting.waitMs
  }

  /** It broke off and did not grow for so long that it never will, or nobody can write to it any more. */
  #isGivenUp(file: FollowedFile): boolean {
    const waiting = this.#waiting.get(file)
    if (waiting === undefined || !waiting.isIncomplete || file.size !== waiting.size) return false
    const { stallMs, graceMs } = this.#context.tuning
    const waitMs = file.places.size === 0 ? graceMs : stallMs
    return this.#context.nowMs() - waiting.sinceMs >= waitMs
  }
}
