// Reads ranges again that were read before: from where the content is now, whatever became of its file.
import type { ArchiveIdentity } from './archive-identity.ts'
import { ArchiveReader } from './archive-reader.ts'
import type { Archives } from './archives.ts'
import { stillHolds } from './content-check.ts'
import type { ContentStream } from './content-stream.ts'
import { readAt } from './fingerprint.ts'
import type { FollowedFile } from './followed-file.ts'
import type { Follower } from './follower.ts'
import type { KnownStreams } from './known-streams.ts'
import type { LostContent } from './lost-content.ts'
import type { Places } from './places.ts'
import { isRotationOf } from './rotated-name.ts'
import { systemCode } from './system-calls.ts'

/** As many archives are searched for one stream. */
const maxSearched = 32
/** So often bytes are looked for again, each time after a longer pause. */
const maxSearches = 4
const searchPauseMs = 25

export interface Range {
  readonly streamId: string
  readonly position: number
  readonly length: number
  readonly window: Uint8Array
}

export interface ReadAgainParts {
  readonly known: KnownStreams
  readonly places: Places
  readonly lost: LostContent
  readonly archives: Archives
  readonly identity: ArchiveIdentity
  readonly follower: Follower
}

export class ReadAgain {
  readonly #parts: ReadAgainParts
  /** Ranges come in order, so an archive is decompressed once for all of them. */
  #archive: { readonly file: FollowedFile; readonly reader: ArchiveReader } | null = null
  /** Streams whose bytes were looked for in vain. */
  readonly #gone = new Set<ContentStream>()

  constructor(parts: ReadAgainParts) {
    this.#parts = parts
  }

  /** Number of bytes at the front of the window; 0 when they are nowhere. */
  read(range: Range): number | Promise<number> {
    const stream = this.#parts.known.get(range.streamId)
    if (stream === null) return 0
    const count = this.#readPlain(range, stream)
    return count > 0 ? count : this.#search(range, stream)
  }

  #readPlain(range: Range, stream: ContentStream): number {
    const fd = this.#openPlain(stream)
    if (fd === null) return 0
    try {
      const bytes = readAt(fd, range.position, Math.min(range.length, range.window.length))
      range.window.set(bytes)
      return bytes.length
    } catch (cause) {
      this.#parts.places.troubles.report(stream.path, systemCode(cause))
      return 0
    }
  }

  /** Files may be rotated while they are read again: then the bytes are elsewhere in a moment. */
  async #search(range: Range, stream: ContentStream): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      const count = (await this.#readArchive(range, stream)) || (tries > 1 ? this.#readPlain(range, stream) : 0)
      if (count > 0) return count
      if (this.#gone.has(stream)) return 0
      if (tries > maxSearches) {
        this.#gone.add(stream)
        return 0
      }
      this.end()
      await new Promise(resolve => setTimeout(resolve, tries * searchPauseMs))
      this.#parts.follower.lookNow()
    }
  }

  /** Nothing more is read again for now. */
  end(): void {
    if (this.#archive === null) return
    const { file, reader } = this.#archive
    this.#archive = null
    reader.close()
    if (!this.#parts.archives.isReadable(file)) file.isUnpacking = false
    file.release()
  }

  #openPlain(stream: ContentStream): number | null {
    const { known, lost, places, follower } = this.#parts
    for (const isSecond of [false, true]) {
      const file = known.carrierOf(stream) ?? (isSecond ? null : lost.find(stream))
      if (file === null || file.compression !== null) return null
      const opened = places.descriptors.open(file)
      if (opened.kind === 'open' && this.#isIntact(file, opened.fd, stream)) return opened.fd
      if (opened.kind === 'open') lost.replaced(file)
      places.changed.add(file)
      follower.settle()
    }
    return null
  }

  #isIntact(file: FollowedFile, fd: number, stream: ContentStream): boolean {
    try {
      return this.#parts.places.refresh(file) && stillHolds({ fd, size: file.size }, stream)
    } catch (cause) {
      this.#parts.places.troubles.report(file.path, systemCode(cause))
      return false
    }
  }

  async #readArchive(range: Range, stream: ContentStream): Promise<number> {
    const { known, archives } = this.#parts
    await archives.prepared
    const file = known.carrierOf(stream) ?? (await this.#findArchive(stream))
    const reader = file === null || file.compression === null ? null : this.#readerAt(file, range.position)
    if (reader === null || !(await reader.skipTo(range.position, () => false))) return 0
    return reader.fill(range.window.subarray(0, range.length), 0)
  }

  #readerAt(file: FollowedFile, position: number): ArchiveReader | null {
    const last = this.#archive
    if (last !== null && last.file === file && last.reader.position <= position) return last.reader
    this.end()
    const archive = this.#parts.archives.open(file, { isFinal: true, mayWait: false })
    if (archive === null) return null
    const reader = new ArchiveReader({ fd: archive.fd, name: file.path, compression: archive.compression })
    file.hold()
    this.#archive = { file, reader }
    return reader
  }

  async #findArchive(stream: ContentStream): Promise<FollowedFile | null> {
    const { lost, follower, archives, identity, known } = this.#parts
    if (stream.path !== '') lost.followMissed(stream.path, stream.mtimeNs)
    follower.settle()
    await archives.prepared
    const rank = (file: FollowedFile): number => {
      if (file.key === stream.key) return 0
      return isRotationOf(stream.path, file.path) ? 1 : 2
    }
    const likely = archives.unknown.toSorted((a, b) => rank(a) - rank(b)).slice(0, maxSearched)
    for (const file of likely) {
      const archive = archives.open(file, { isFinal: true, mayWait: false })
      const isIt = archive !== null && (await identity.takeOver(archive, stream))
      if (!archives.isReadable(file)) file.isUnpacking = false
      if (isIt) break
    }
    return known.carrierOf(stream)
  }
}
