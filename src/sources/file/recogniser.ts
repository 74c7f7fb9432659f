// Decides what a file holds: the rest of a known stream, a copy of one, or something new.
import { copyRecognised, fileFollowed } from '../../telemetry/events/file-source.ts'
import { holdsContent, type OpenFile, stillHolds } from './content-check.ts'
import type { ContentStream } from './content-stream.ts'
import { beginAlike, fingerprintBytes, readAt } from './fingerprint.ts'
import { endPosition, firstPosition } from './first-position.ts'
import type { FollowContext } from './follow-context.ts'
import type { FollowedFile } from './followed-file.ts'
import type { KnownStreams } from './known-streams.ts'
import type { LostContent } from './lost-content.ts'
import { compressionOf, isUndecided } from './open-input.ts'
import type { Places } from './places.ts'
import { isRotationOf } from './rotated-name.ts'
import { systemCode } from './system-calls.ts'

/** A file that is not one of those that are known. */
interface Stranger {
  readonly file: FollowedFile
  readonly head: Uint8Array
}

type Unknown = Stranger & OpenFile

/** What a file's content is to a stream's. `part`: a file that is all there has all of it already. */
type Likeness = 'other' | 'same' | 'part'

export class Recogniser {
  readonly #context: FollowContext
  readonly #known: KnownStreams
  readonly #places: Places
  readonly #lost: LostContent

  constructor(parts: { context: FollowContext; known: KnownStreams; places: Places; lost: LostContent }) {
    this.#context = parts.context
    this.#known = parts.known
    this.#places = parts.places
    this.#lost = parts.lost
  }

  /**
   * Files without a stream. Those that stay without one are empty, compressed, or cannot be read now. `isFinal`: nothing more is
   * to be expected of a file that is too short to be judged. `isAtEnd`: new files are read from their present end.
   */
  recognise(files: Iterable<FollowedFile>, how: { isFinal?: boolean; isAtEnd?: boolean } = {}): void {
    const strangers: Stranger[] = []
    for (const file of files) {
      // A file that is a known one must not find its stream given to a copy: so all are asked for that before any is compared.
      const head = this.#withOpen(file, open => this.#meet(file, open, how.isFinal === true))
      if (head !== null) strangers.push({ file, head })
    }
    // Rotated names are longer: originals come before their copies.
    strangers.sort((a, b) => a.file.path.length - b.file.path.length || (a.file.path < b.file.path ? -1 : 1))
    for (const { file, head } of strangers) {
      this.#withOpen(file, ({ fd, size }) => {
        const unknown = { file, head, fd, size }
        if (!this.#isCopy(unknown)) this.#begin(unknown, how.isAtEnd === true)
        return null
      })
    }
  }

  /** A copy that was waited for long enough is content of its own. */
  endDoubt(file: FollowedFile): void {
    file.copyOf = null
    file.doubtUntilMs = null
    file.isDoubtOver = true
    this.#withOpen(file, open => {
      const head = this.#meet(file, open, true)
      if (head !== null) this.#begin({ file, head, ...open }, false)
      return null
    })
  }

  /** The head of a plain file that is none of the known ones; null for one that is dealt with, or cannot be judged yet. */
  #meet(file: FollowedFile, open: OpenFile, isFinal: boolean): Uint8Array | null {
    const head = readAt(open.fd, 0, Math.min(file.end, fingerprintBytes))
    if (head.length === 0 || (!isFinal && isUndecided(head))) return null
    file.compression = compressionOf(head)
    return file.compression !== null || this.#isKnownFile(file, open, head) ? null : head
  }

  /** The same inode as of a stream, with its content. */
  #isKnownFile(file: FollowedFile, open: OpenFile, head: Uint8Array): boolean {
    const streams = this.#known.ofFile(file.key).filter(stream => stream.compression === null)
    const found = streams
      .filter(stream => holdsContent(open, head, stream))
      .sort((a, b) => b.tailPosition - a.tailPosition)[0]
    if (found === undefined) return false
    const wasAt = found.path
    this.#bind(file, found)
    if (wasAt !== '' && file.path !== wasAt && !file.places.has(wasAt)) file.isRotated = true
    file.isSettled = found.isFinished && file.unread === 0
    if (file.isSettled && file.places.size > 0) file.close()
    return true
  }

  #isCopy(unknown: Unknown): boolean {
    const { file, head } = unknown
    for (const stream of this.#known.likelyOriginals(file, head)) {
      if (this.#known.carrierOf(stream) === file) continue
      const likeness = this.#compare(unknown, stream)
      if (likeness === 'other') continue
      if (likeness === 'same') {
        this.#bind(file, stream)
        if (file.places.size === 0 || isRotationOf(stream.stream.label, file.path)) file.isRotated = true
        return true
      }
      const isCertain = head.length === fingerprintBytes || stream.hasCopy(file.key, file.size)
      if (!isCertain && this.#context.once) continue
      this.setAside(file, stream, isCertain)
      return true
    }
    return false
  }

  /** The file holds nothing that is not read from another. */
  setAside(file: FollowedFile, stream: ContentStream, isCertain: boolean): void {
    const { nowMs, tuning, log, source } = this.#context
    file.copyOf = stream
    file.doubtUntilMs = isCertain ? null : nowMs() + tuning.doubtMs
    file.judge()
    if (!isCertain) return
    stream.addCopy(file.key, file.size)
    this.#known.change(stream)
    copyRecognised(log, { source, path: file.path, streamId: stream.stream.id, original: stream.path })
  }

  #compare({ file, head, fd, size }: Unknown, stream: ContentStream): Likeness {
    const carrier = this.#known.carrierOf(stream)
    const original = carrier === null || carrier.compression !== null ? null : this.#intact(carrier, stream)
    if (original === null) {
      if (stream.hasCopy(file.key, file.size)) return 'part'
      if (!holdsContent({ fd, size }, head, stream)) return 'other'
      return this.#known.carrierOf(stream) === null || size > stream.position ? 'same' : 'part'
    }
    const common = Math.min(original.size, size)
    if (!beginAlike(original.fd, fd, common)) return 'other'
    if (size <= original.size) return 'part'
    // What we took for the original was the copy, and the other goes on. Too little to say so of short ones.
    return common >= fingerprintBytes ? 'same' : 'other'
  }

  /** The file that a stream is read from, open; null when it does not hold it any more, which is dealt with. */
  #intact(carrier: FollowedFile, stream: ContentStream): OpenFile | null {
    const opened = this.#places.descriptors.open(carrier)
    if (opened.kind !== 'open' || !this.#places.refresh(carrier)) return null
    const open = { fd: opened.fd, size: carrier.size }
    if (stillHolds(open, stream)) return open
    this.#lost.replaced(carrier)
    this.#places.changed.add(carrier)
    return null
  }

  #begin({ file, head, fd, size }: Unknown, isAtEnd: boolean): void {
    const open = { fd, size }
    const from = isAtEnd ? endPosition(open) : firstPosition(open, head)
    // A hole and nothing behind it yet.
    if (from === null) return
    const stream = this.#known.create(file, from, head)
    const before = Math.min(from, fingerprintBytes)
    stream.startBehind(readAt(fd, from - before, before))
    this.#bind(file, stream)
  }

  #bind(file: FollowedFile, stream: ContentStream): void {
    this.#known.bind(file, stream)
    file.judge()
    this.#places.changed.add(file)
    this.reportFollowed(file, stream)
  }

  reportFollowed(file: FollowedFile, stream: ContentStream): void {
    const { log, source } = this.#context
    fileFollowed(log, { source, path: file.path, streamId: stream.stream.id, position: stream.position })
  }

  /** An error of one file is said and stays with it. Meanwhile nobody closes the file to have its descriptor for another. */
  #withOpen<T>(file: FollowedFile, act: (open: OpenFile) => T): T | null {
    if (file.end === 0) return null
    const opened = this.#places.descriptors.open(file)
    if (opened.kind === 'refused') this.#failed(file, opened.code)
    if (opened.kind !== 'open') return null
    file.isInUse = true
    try {
      return act({ fd: opened.fd, size: file.size })
    } catch (cause) {
      this.#failed(file, systemCode(cause))
      return null
    } finally {
      file.isInUse = false
    }
  }

  #failed(file: FollowedFile, code: string): void {
    this.#places.troubles.report(file.path, code)
    file.fail(this.#context.nowMs())
  }
}
