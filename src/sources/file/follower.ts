// Keeps up with the disk: finds new files, notices what happened to known ones, and ends those to which nothing more will come.
import { nothingMatches, scanSlow, streamsForgotten } from '../../telemetry/events/file-source.ts'
import type { Archives } from './archives.ts'
import { stillHolds } from './content-check.ts'
import type { ContentStream } from './content-stream.ts'
import type { FollowContext } from './follow-context.ts'
import type { FollowedFile } from './followed-file.ts'
import type { KnownStreams } from './known-streams.ts'
import type { LostContent } from './lost-content.ts'
import type { PathPatterns } from './path-patterns.ts'
import type { Places } from './places.ts'
import type { ReadTurns } from './read-turns.ts'
import type { Recogniser } from './recogniser.ts'
import { isRotationOf } from './rotated-name.ts'
import { Siblings } from './siblings.ts'
import { systemCode } from './system-calls.ts'

/** Changes lead to others, as when a lost stream's copy is found; more rounds in one poll would be a fault. */
const maxRounds = 8
/** Paths that changed while nobody looked: as many are asked for what came there. */
const maxMissing = 1000
/** Looking at the folders may take this part of the time. */
const scanShare = 20
const slowScanMs = 1000

export interface FollowerParts {
  readonly context: FollowContext
  readonly patterns: PathPatterns
  readonly known: KnownStreams
  readonly places: Places
  readonly lost: LostContent
  readonly recogniser: Recogniser
  readonly archives: Archives
  readonly turns: ReadTurns
}

/** A path as it was before a restart, with the stream that was written there last. */
export interface FormerPlace {
  readonly path: string
  readonly stream: ContentStream
  readonly mtimeNs: bigint
}

export class Follower {
  readonly #parts: FollowerParts
  #nextScanMs = Number.NEGATIVE_INFINITY
  #earliestScanMs = Number.NEGATIVE_INFINITY
  #saidNothingMatches = false
  #saidScanIsSlow = false

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** Looks at the disk. Never throws for what it finds there. */
  poll(): void {
    const { places, lost, archives, known, context } = this.#parts
    places.look()
    // Where files change places there may be new ones, and to see an original and its copy at once leaves no doubt about them.
    const isScan = context.nowMs() >= (places.moves.length > 0 ? this.#earliestScanMs : this.#nextScanMs)
    if (isScan) this.scan()
    places.lookAtOriginals()
    this.settle()
    lost.noteFound()
    if (isScan && lost.count > 0 && !archives.isBusy) {
      lost.search()
      this.settle()
    }
    this.#endQuietFiles()
    archives.poll()
    known.trim()
    if (known.forgotten > 0) streamsForgotten(context.log, { source: context.source, count: known.forgotten })
    known.forgotten = 0
  }

  /** Looks at everything now: a file is not where it was. What came after the start of `once` is left for another time. */
  lookNow(): void {
    this.#parts.places.look(true)
    if (!this.#parts.context.once) this.scan()
    this.settle()
    this.#parts.lost.noteFound()
  }

  /** Looks at the folders. */
  scan(): void {
    const { context, patterns, places } = this.#parts
    const { log, source, nowMs, scanMs } = context
    const beganMs = nowMs()
    const { paths, missing } = patterns.expand()
    const passedMs = nowMs() - beganMs
    this.#earliestScanMs = nowMs() + scanShare * passedMs
    this.#nextScanMs = Math.max(nowMs() + scanMs - context.pollMs / 2, this.#earliestScanMs)
    if (passedMs > slowScanMs && !this.#saidScanIsSlow) scanSlow(log, { source, passedMs, paths: paths.length })
    this.#saidScanIsSlow = passedMs > slowScanMs
    places.beginScan()
    const isAny = paths.map(path => places.add(path)).some(Boolean)
    for (const path of missing) places.expect(path)
    places.reportRefused()
    if (!isAny && !this.#saidNothingMatches) nothingMatches(log, { source, patterns: patterns.count })
    this.#saidNothingMatches ||= !isAny
  }

  /** Deals with every file that is new or changed. */
  settle(how: { isAtEnd?: boolean; isFinal?: boolean } = {}): void {
    const { places, lost, recogniser } = this.#parts
    for (let round = 0; round < maxRounds; round += 1) {
      const changed = [...places.changed]
      places.changed.clear()
      recogniser.recognise(
        changed.filter(file => this.#isUnknown(file)),
        how,
      )
      for (const file of changed) if (file.compression !== null) this.#addArchive(file, how.isAtEnd === true)
      const siblings = new Siblings()
      for (const { path, mtimeNs } of places.moves.splice(0)) lost.followMissed(path, mtimeNs, siblings)
      if (places.changed.size === 0) return
    }
  }

  /** After a restart: what has gone from where it was, and what came there while nobody looked. */
  findMissing(former: readonly FormerPlace[]): void {
    const { known, lost, places } = this.#parts
    const siblings = new Siblings()
    for (const stream of [...known.all]) {
      if (known.carrierOf(stream) === null && !stream.isFinished) lost.vanished(stream, siblings)
    }
    const gone = former.filter(({ path, stream }) => known.carrierOf(stream)?.places.has(path) !== true)
    for (const { path, mtimeNs } of gone) places.remember(path, mtimeNs)
    const latest = gone.toSorted((a, b) => (a.mtimeNs < b.mtimeNs ? 1 : -1)).slice(0, maxMissing)
    for (const { path, mtimeNs } of latest) lost.followMissed(path, mtimeNs, siblings)
  }

  /** Nobody needs the file any more. Its content may go on in a copy. */
  forget(file: FollowedFile): void {
    const { known, places, archives, turns } = this.#parts
    const { stream } = file
    known.unbind(file)
    turns.remove(file)
    archives.forget(file)
    places.forget(file)
    if (stream === null) return
    const copies = [...places.files.values()].filter(({ copyOf }) => copyOf === stream)
    copies.sort((a, b) => b.size - a.size).some(copy => this.#promote(copy, stream))
  }

  /** True for a file that has to be recognised; others are dealt with. */
  #isUnknown(file: FollowedFile): boolean {
    const { known, lost, turns } = this.#parts
    const { stream } = file
    if (file.places.size === 0 && file.fd === null) {
      const isWhole = stream === null || (stream.isFinished && !file.missingBytes)
      this.forget(file)
      if (!isWhole && known.carrierOf(stream) === null) lost.vanished(stream)
      return false
    }
    if (file.compression !== null) {
      if (stream !== null && file.isJudged) this.#notePath(file, stream)
      return false
    }
    if (stream === null) {
      if (file.copyOf !== null && file.isJudged) return false
      // What was empty may have been written and emptied again while nobody looked.
      if (file.copyOf === null && file.wasJudged && !file.isJudged) lost.followMissed(file.path, file.provenMtimeNs)
      file.copyOf = null
      file.doubtUntilMs = null
      if (file.size === 0) file.judge()
      return true
    }
    if (file.isJudged || this.#isIntact(file, stream)) {
      if (!file.isJudged) file.isSettled = false
      file.judge()
      this.#notePath(file, stream)
      turns.add(file)
      return false
    }
    lost.replaced(file)
    if (file.size === 0) file.judge()
    return true
  }

  #notePath(file: FollowedFile, stream: ContentStream): void {
    if (stream.path === file.path || file.places.size === 0) return
    stream.path = file.path
    this.#parts.known.change(stream)
  }

  #isIntact(file: FollowedFile, stream: ContentStream): boolean {
    const opened = this.#parts.places.descriptors.open(file)
    if (opened.kind !== 'open') return true
    try {
      return stillHolds({ fd: opened.fd, size: file.size }, stream)
    } catch (cause) {
      this.#parts.places.troubles.report(file.path, systemCode(cause))
      return true
    }
  }

  #addArchive(file: FollowedFile, isSkipped: boolean): void {
    if (file.isJudged && (file.isSettled || file.copyOf !== null)) return
    if (isSkipped) file.isSkipped = true
    if (!file.isJudged) file.copyOf = null
    this.#parts.archives.add(file)
  }

  #endQuietFiles(): void {
    const { context, places, recogniser, turns } = this.#parts
    const nowMs = context.nowMs()
    const short: FollowedFile[] = []
    for (const file of places.files.values()) {
      if (file.retryMs !== null) {
        if (nowMs < file.retryMs) continue
        file.retryMs = null
        places.changed.add(file)
      }
      if (file.unread > 0) turns.add(file)
      if (file.doubtUntilMs !== null && nowMs >= file.doubtUntilMs) this.#endDoubt(file)
      if (nowMs - file.changedMs < context.tuning.graceMs) continue
      if (file.places.size === 0) this.#endDetached(file)
      else if (!file.isSettled) this.#endRotated(file)
      if (isShort(file)) short.push(file)
    }
    if (short.length === 0) return
    recogniser.recognise(short, { isFinal: true })
    for (const file of short) if (file.fd !== null) file.judge()
  }

  #endDoubt(file: FollowedFile): void {
    const { recogniser, archives, known } = this.#parts
    const { copyOf } = file
    const carrier = copyOf === null ? null : known.carrierOf(copyOf)
    // As long as the original is about to end, the copy may still take its place.
    if (carrier !== null && carrier.places.size === 0) return
    if (carrier === null && copyOf !== null && this.#promote(file, copyOf)) return
    recogniser.endDoubt(file)
    if (file.compression !== null) archives.add(file)
  }

  #endDetached(file: FollowedFile): void {
    if (file.isUnpacking || isShort(file)) return
    const isArchive = file.compression !== null
    if (isArchive && !file.isSettled && file.copyOf === null) return
    if (file.stream === null || isArchive || file.isSettled) this.forget(file)
    else this.#endRotated(file)
  }

  /** Gives the last half line, or is done. */
  #endRotated(file: FollowedFile): void {
    const { stream } = file
    if (stream === null || file.compression !== null || file.isEnding || file.unread > 0) return
    if (!file.isRotated && stream.position < file.size && this.#isStalled(file)) {
      file.isRotated = this.#hasRotatedName(file)
    }
    if (!file.isRotated) return
    if (stream.position < file.size) {
      file.isEnding = true
      this.#parts.turns.add(file)
    } else {
      this.finish(file)
    }
  }

  /** Everything of the file was taken, and nothing is expected to come. */
  finish(file: FollowedFile): void {
    const { known } = this.#parts
    file.isEnding = false
    file.isSettled = true
    if (file.stream === null) return
    file.stream.isFinished = true
    known.change(file.stream)
    if (file.places.size > 0) file.close()
    else this.forget(file)
  }

  #isStalled({ changedMs }: FollowedFile): boolean {
    const { nowMs, tuning } = this.#parts.context
    return nowMs() - changedMs >= tuning.stallMs
  }

  #hasRotatedName(file: FollowedFile): boolean {
    if (file.isNameJudged) return false
    file.isNameJudged = true
    return [...this.#parts.places.paths].some(path => isRotationOf(path, file.path))
  }

  #promote(copy: FollowedFile, stream: ContentStream): boolean {
    const { known, lost } = this.#parts
    if (copy.compression === null) return lost.takeOver(copy, stream)
    known.bind(copy, stream)
    return true
  }
}

/** Something is there, but not enough to tell what. */
const isShort = (file: FollowedFile): boolean =>
  file.stream === null &&
  file.copyOf === null &&
  file.compression === null &&
  file.size > 0 &&
  !file.isJudged &&
  file.retryMs === null
