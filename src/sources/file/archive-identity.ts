// Decides what a compressed file holds. Only decompressing tells, so it takes its time, and the rest of the world goes on.
import type { FcscopeError } from '../../model/fcscope-error.ts'
import { ArchiveReader } from './archive-reader.ts'
import { beginsAs } from './content-check.ts'
import type { ContentStream } from './content-stream.ts'
import type { Compression } from './decompressed-input.ts'
import { fingerprintBytes } from './fingerprint.ts'
import type { FollowContext } from './follow-context.ts'
import type { FollowedFile } from './followed-file.ts'
import type { KnownStreams } from './known-streams.ts'
import type { LostContent } from './lost-content.ts'
import { byteOrderMarkLength, hasByteOrderMark } from './open-input.ts'
import type { Recogniser } from './recogniser.ts'

/** As many streams are compared with one archive; each costs decompressing it. */
const maxCompared = 4

/** A compressed file that is open for as long as the work takes. */
export interface OpenArchive {
  readonly file: FollowedFile
  readonly fd: number
  readonly compression: Compression
  /** What is there is all there will ever be. */
  readonly isFinal: boolean
  /** False when it must be decided now, whatever other files have not been read yet. */
  readonly mayWait: boolean
  readonly isStopped: () => boolean
}

/**
 * `read`: the file's stream goes on with the reader's next byte, after those of `pending`. `settled`: there is nothing to read,
 * perhaps because of a failure. `incomplete`: it breaks off too early to tell. `later`: the file that it may be a copy of has to
 * be read first.
 */
export type Identified =
  | { readonly kind: 'read'; readonly reader: ArchiveReader; readonly pending: Uint8Array }
  | { readonly kind: 'settled'; readonly failure: FcscopeError | null }
  | { readonly kind: 'incomplete' | 'later' }

type Comparison = Identified | { readonly kind: 'other' }

const settled = { kind: 'settled', failure: null } as const
const other = { kind: 'other' } as const

export class ArchiveIdentity {
  readonly #context: FollowContext
  readonly #known: KnownStreams
  readonly #recogniser: Recogniser
  readonly #lost: LostContent

  constructor(parts: { context: FollowContext; known: KnownStreams; recogniser: Recogniser; lost: LostContent }) {
    this.#context = parts.context
    this.#known = parts.known
    this.#recogniser = parts.recogniser
    this.#lost = parts.lost
  }

  async identify(archive: OpenArchive): Promise<Identified> {
    const { file, isFinal } = archive
    const reader = readerOf(archive)
    const head = await reader.take(fingerprintBytes)
    const isWhole = head.length === fingerprintBytes || reader.failure === null || isFinal
    if (!isWhole || head.length === 0) {
      reader.close()
      return isWhole ? { kind: 'settled', failure: reader.failure } : { kind: 'incomplete' }
    }
    if (file.stream !== null && !beginsAs(head, file.stream)) this.#lost.replaced(file)
    file.compression = archive.compression
    const candidates = this.#candidates(file, head)
    file.isLikelyCopy = candidates.some(stream => stream.isFinished || this.#isOfAnother(stream, file))
    for (const stream of candidates) {
      const comparison = await this.#compare(archive, head, stream)
      if (comparison.kind === 'other') continue
      reader.close()
      return comparison
    }
    if (file.stream !== null) this.#lost.replaced(file)
    file.compression = archive.compression
    return this.#begin(file, head, reader)
  }

  /** Reads the stream from this archive from now on, if that holds it. */
  async takeOver(archive: OpenArchive, stream: ContentStream): Promise<boolean> {
    const reader = readerOf(archive)
    const head = await reader.take(fingerprintBytes)
    const isIt =
      beginsAs(head, stream) &&
      (await this.#pass(archive, stream, reader)) !== null &&
      this.#known.carrierOf(stream) === null
    reader.close()
    if (isIt) this.#known.bind(archive.file, stream)
    return isIt
  }

  #candidates(file: FollowedFile, head: Uint8Array): readonly ContentStream[] {
    const own = this.#known.ofFile(file.key).filter(({ compression }) => compression === file.compression)
    const likely = this.#known.likelyOriginals(file, head)
    const all = new Set([...(file.stream === null ? [] : [file.stream]), ...own, ...likely])
    const isPossible = (stream: ContentStream): boolean =>
      beginsAs(head, stream) && (stream.key === file.key || head.length === fingerprintBytes || !file.isDoubtOver)
    return [...all].filter(isPossible).slice(0, maxCompared)
  }

  #isOfAnother(stream: ContentStream, file: FollowedFile): boolean {
    const carrier = this.#known.carrierOf(stream)
    return carrier !== null && carrier !== file
  }

  async #compare(archive: OpenArchive, head: Uint8Array, stream: ContentStream): Promise<Comparison> {
    const { file } = archive
    const isUnchanged = stream.size === file.size && stream.mtimeNs === file.mtimeNs
    if (stream.key === file.key && stream.isFinished && isUnchanged) {
      this.#known.bind(file, stream)
      return settled
    }
    const isCopy = stream.key !== file.key && stream.hasCopy(file.key, file.size)
    const isStrong = head.length === fingerprintBytes || isCopy
    if (isCopy && this.#known.carrierOf(stream) !== null) return this.#setAside(file, stream, true)
    if (archive.mayWait && this.#isBehind(stream, file)) return { kind: 'later' }
    const reader = await this.#pass(archive, stream, readerOf(archive))
    if (reader === 'short') {
      const isPart = archive.isFinal && isStrong && file.stream !== stream && !archive.isStopped()
      return isPart ? this.#setAside(file, stream, true) : { kind: 'incomplete' }
    }
    if (reader === null) return other
    // Much may have happened meanwhile.
    const carrier = this.#known.carrierOf(stream)
    if (carrier !== null && carrier !== file && !(await this.#isLonger(archive, reader, carrier, stream))) {
      reader.close()
      return isStrong || !this.#context.once ? this.#setAside(file, stream, isStrong) : other
    }
    return this.#goOn(archive, stream, reader)
  }

  /**
   * Goes to the end of the stream's tail. Null when the archive holds something else, `short` when it breaks off before; the
   * reader is closed then.
   */
  async #pass(
    archive: OpenArchive,
    stream: ContentStream,
    reader: ArchiveReader,
  ): Promise<ArchiveReader | 'short' | null> {
    const fresh = reader.position === 0 ? reader : readerOf(archive)
    if (fresh !== reader) reader.close()
    const isIt = await fresh.passTo(stream.tailPosition, stream.tail, archive.isStopped)
    if (isIt) return fresh
    fresh.close()
    return archive.isStopped() || fresh.failure !== null ? 'short' : null
  }

  /** A file that is not read to its end yet may turn out to have all of the archive, or less. */
  #isBehind(stream: ContentStream, file: FollowedFile): boolean {
    const carrier = this.#known.carrierOf(stream)
    if (carrier === null || carrier === file) return false
    return carrier.compression === null ? carrier.unread > 0 : !carrier.isSettled
  }

  async #isLonger(
    archive: OpenArchive,
    reader: ArchiveReader,
    carrier: FollowedFile,
    stream: ContentStream,
  ): Promise<boolean> {
    const end = carrier.compression === null ? carrier.size : stream.position
    if (reader.position > end || !(await reader.skipTo(end, archive.isStopped))) return false
    return (await reader.take(1)).length > 0
  }

  #setAside(file: FollowedFile, stream: ContentStream, isCertain: boolean): Identified {
    this.#recogniser.setAside(file, stream, isCertain)
    return settled
  }

  async #goOn(archive: OpenArchive, stream: ContentStream, passed: ArchiveReader): Promise<Identified> {
    const { file } = archive
    const isNew = file.stream !== stream
    this.#known.bind(file, stream)
    if (isNew) this.#recogniser.reportFollowed(file, stream)
    let reader = passed
    if (reader.position > stream.position) {
      reader.close()
      reader = readerOf(archive)
    }
    if (await reader.skipTo(stream.position, archive.isStopped)) {
      return { kind: 'read', reader, pending: new Uint8Array(0) }
    }
    reader.close()
    return { kind: 'incomplete' }
  }

  #begin(file: FollowedFile, head: Uint8Array, reader: ArchiveReader): Identified {
    const from = hasByteOrderMark(head) ? byteOrderMarkLength : 0
    const stream = this.#known.create(file, from, head)
    stream.startBehind(head.subarray(0, from))
    this.#known.bind(file, stream)
    this.#recogniser.reportFollowed(file, stream)
    if (!file.isSkipped) return { kind: 'read', reader, pending: head.subarray(from) }
    stream.isFinished = true
    reader.close()
    return settled
  }
}

const readerOf = ({ file, fd, compression }: OpenArchive): ArchiveReader =>
  new ArchiveReader({ fd, name: file.path, compression })
