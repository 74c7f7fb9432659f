// Streams whose file has other content now, or is gone: looks for where the rest of them went, and says when it is nowhere.
import { contentLost, copyTakenOver } from '../../telemetry/events/file-source.ts'
import { holdsContent } from './content-check.ts'
import type { ContentStream } from './content-stream.ts'
import { fingerprintBytes, readAt } from './fingerprint.ts'
import type { FollowContext } from './follow-context.ts'
import type { FollowedFile } from './followed-file.ts'
import type { KnownStreams } from './known-streams.ts'
import type { PathPatterns } from './path-patterns.ts'
import type { Places } from './places.ts'
import { isCompressedName } from './rotated-name.ts'
import { Siblings } from './siblings.ts'
import { systemCode } from './system-calls.ts'

/** As many copies are opened to be compared. */
const maxCompared = 32
const nsPerSecond = 1_000_000_000n

interface Orphan {
  readonly stream: ContentStream
  /** Where its file was. */
  readonly path: string
  /** Copies and whatever came in between were written after it. */
  readonly mtimeNs: bigint
  /** Unread bytes that are known to have been there; null when nobody knows. */
  readonly missingBytes: number | null
  readonly sinceMs: number
}

export class LostContent {
  readonly #context: FollowContext
  readonly #known: KnownStreams
  readonly #places: Places
  readonly #patterns: PathPatterns
  readonly #orphans = new Map<ContentStream, Orphan>()

  constructor(parts: { context: FollowContext; known: KnownStreams; places: Places; patterns: PathPatterns }) {
    this.#context = parts.context
    this.#known = parts.known
    this.#places = parts.places
    this.#patterns = parts.patterns
  }

  get count(): number {
    return this.#orphans.size
  }

  /** The file no longer holds what was read from it: it has to be recognised anew, and the rest of its stream to be found. */
  replaced(file: FollowedFile): void {
    const { stream } = file
    if (stream === null) return
    const { missingBytes } = file
    const { path } = stream
    const mtimeNs = file.provenMtimeNs
    this.#known.unbind(file)
    stream.key = ''
    this.#known.change(stream)
    file.forgetContent()
    // The inode of a file that was read to its end may be used again.
    if (stream.isFinished && !missingBytes) this.#findCopy(stream)
    else this.#add({ stream, path, mtimeNs, missingBytes, sinceMs: this.#context.nowMs() })
  }

  /** The stream's file is not where it was. */
  vanished(stream: ContentStream, siblings?: Siblings): void {
    const { path, mtimeNs, size, position } = stream
    const missingBytes = stream.compression === null ? Math.max(0, size - position) : null
    this.#add({ stream, path, mtimeNs, missingBytes, sinceMs: this.#context.nowMs() }, siblings)
  }

  /** Follows what was at `path` after `mtimeNs` and has another name now. It may be a copy of a lost stream, or was never seen. */
  followMissed(path: string, mtimeNs: bigint, siblings = new Siblings()): void {
    for (const sibling of siblings.rotationsOf(path)) {
      // Compressors may keep whole seconds of the time only.
      if (sibling.mtimeNs < mtimeNs - (mtimeNs % nsPerSecond)) break
      if (sibling.mtimeNs < mtimeNs && !isCompressedName(sibling.path)) continue
      if (!this.#patterns.isExcluded(sibling.path)) this.#places.addDetached(sibling.path, path)
    }
  }

  /** A plain file that holds the stream, which was read to its end long ago; null when none is found. */
  find(stream: ContentStream): FollowedFile | null {
    const { path, mtimeNs } = stream
    const orphan = { stream, path, mtimeNs, missingBytes: null, sinceMs: 0 }
    return this.#findCopy(stream) ?? this.#findSibling(orphan, new Siblings())
  }

  /** Notes what others have found, as long as it is there. */
  noteFound(): void {
    for (const orphan of this.#orphans.values()) {
      const file = this.#known.carrierOf(orphan.stream)
      if (file !== null) this.#found(orphan, file)
    }
  }

  /** Looks again for all that is missing, and gives up what was missing for too long. `isOver`: everything, now. */
  search(isOver = false): void {
    const siblings = new Siblings()
    for (const orphan of this.#orphans.values()) {
      if (this.#isFound(orphan, siblings)) continue
      if (!isOver && this.#context.nowMs() - orphan.sinceMs < this.#context.tuning.graceMs) continue
      this.#giveUp(orphan)
    }
  }

  #add(orphan: Orphan, siblings = new Siblings()): void {
    this.#orphans.set(orphan.stream, orphan)
    this.#isFound(orphan, siblings)
    if (orphan.path !== '') this.followMissed(orphan.path, orphan.mtimeNs, siblings)
  }

  #isFound(orphan: Orphan, siblings: Siblings): boolean {
    const { stream } = orphan
    const file = this.#known.carrierOf(stream) ?? this.#findCopy(stream) ?? this.#findSibling(orphan, siblings)
    if (file !== null) this.#found(orphan, file)
    return file !== null
  }

  #found({ stream, path }: Orphan, file: FollowedFile): void {
    this.#orphans.delete(stream)
    const { log, source } = this.#context
    copyTakenOver(log, { source, path, copy: file.path, position: stream.position })
  }

  /** Among the files that were taken for copies already. */
  #findCopy(stream: ContentStream): FollowedFile | null {
    const copies = [...this.#places.files.values()].filter(file => file.copyOf === stream)
    return copies.sort((a, b) => b.size - a.size).find(file => this.takeOver(file, stream)) ?? null
  }

  #findSibling({ stream, path }: Orphan, siblings: Siblings): FollowedFile | null {
    if (path === '') return null
    const sameFile = stream.key === '' ? null : siblings.withKey(path, stream.key)
    const rotations = siblings.rotationsOf(path).slice(0, maxCompared)
    for (const sibling of sameFile === null ? rotations : [sameFile, ...rotations]) {
      const file = this.#places.addDetached(sibling.path, path)
      if (file === null) continue
      if (this.takeOver(file, stream)) return file
      this.#places.forget(file)
    }
    return null
  }

  /** Reads the stream from this file from now on, if that holds its content. Of a plain file only. */
  takeOver(file: FollowedFile, stream: ContentStream): boolean {
    if (file.compression !== null) return false
    const opened = this.#places.descriptors.open(file)
    if (opened.kind !== 'open') return false
    // It may have been seen while it was being copied; by the time its original is missed it is whole.
    this.#places.refresh(file)
    try {
      const head = readAt(opened.fd, 0, fingerprintBytes)
      if (!holdsContent({ fd: opened.fd, size: file.size }, head, stream)) return false
    } catch (cause) {
      this.#places.troubles.report(file.path, systemCode(cause))
      return false
    }
    this.#known.bind(file, stream)
    this.#places.changed.add(file)
    file.judge()
    // Whatever it is called, nobody writes to it any more.
    file.isRotated = true
    return true
  }

  #giveUp(orphan: Orphan): void {
    const { stream, path, missingBytes } = orphan
    this.#orphans.delete(stream)
    stream.isFinished = true
    this.#known.change(stream)
    const { log, source } = this.#context
    contentLost(log, { source, path, position: stream.position, missingBytes })
  }
}
