// One file on the disk that is followed: which inode it is, what is known of its size, and what its content has to do with streams.
import { type BigIntStats, closeSync } from 'node:fs'
import type { ContentStream } from './content-stream.ts'
import type { Compression } from './decompressed-input.ts'
import { familyOf } from './read-order.ts'

/** A file that could not be read is left alone for this long. */
const retryMs = 1000

/** Device and inode, as streams remember it. */
export const keyOf = (stats: BigIntStats): string => `${stats.dev}:${stats.ino}`

export class FollowedFile {
  readonly dev: bigint
  readonly ino: bigint
  readonly key: string
  /** Paths that lead here now, as far as is known; none for a file that was renamed out of sight or deleted. */
  readonly places = new Set<string>()
  /** Where it was last seen. */
  path: string
  /** What it has in common with the other files of its log; see `familyOf`. */
  family: string
  /** Where its content was written as far as is known: where it was first seen, or the path of which it is a rotation. */
  original: string
  /** Null while it is closed; files without a place stay open for as long as they are needed. */
  fd: number | null = null
  /** As stored, in bytes. */
  size: number
  mtimeNs: bigint
  /** Largest size that it had with its present content. */
  peakSize: number
  /** Its time when the present content was last found to be there. */
  provenMtimeNs: bigint
  /** Size when its content was last judged, and time in {@link provenMtimeNs}: what has not changed since need not be judged again. */
  #judgedSize = -1
  #isHeld = false
  #isToBeClosed = false
  /** When a change was last seen, by our clock. */
  changedMs: number
  /** When it is tried again after it could not be read; null when nothing is wrong. */
  retryMs: number | null = null
  /** It was waited for whether it is a copy of another. */
  isDoubtOver = false
  /** When everything was last read, or the file was first seen. */
  caughtUpMs: number
  /** Reading stops here (`once`); null when it goes on. */
  limit: number | null = null
  /** Null for plain text, and as long as nothing is known of it. */
  compression: Compression | null = null
  /** The stream that is read from this file; null when there is none (yet). */
  stream: ContentStream | null = null
  /** The stream that this file holds a copy of, which is read from another. */
  copyOf: ContentStream | null = null
  /** When a copy that little speaks for is taken for content of its own; null when it is certain, or no copy. */
  doubtUntilMs: number | null = null
  /** It lost a place, so nothing much will come any more. */
  isRotated = false
  /** Nothing more is expected: the last half line is given as a whole one. */
  isEnding = false
  /** Everything was read and nothing is expected, until it changes. */
  isSettled = false
  /** It was there when following began for the very first time. */
  readonly isEarly: boolean
  /** Its name was compared with those of others already. */
  isNameJudged = false
  /** An archive that a stream of the first start begins behind: it is not read. */
  isSkipped = false
  /** Somebody is at it, and it must stay open. */
  isInUse = false
  /** It is being decompressed and must stay open. */
  isUnpacking = false
  /** An archive that may hold what others hold already: they need not wait for it. */
  isLikelyCopy = false

  constructor(file: { path: string; fd: number | null; stats: BigIntStats; nowMs: number; isEarly: boolean }) {
    this.dev = file.stats.dev
    this.ino = file.stats.ino
    this.key = keyOf(file.stats)
    this.path = file.path
    this.isEarly = file.isEarly
    this.family = familyOf(file.path)
    this.original = file.path
    this.fd = file.fd
    this.size = Number(file.stats.size)
    this.mtimeNs = file.stats.mtimeNs
    this.peakSize = this.size
    this.provenMtimeNs = this.mtimeNs
    this.changedMs = file.nowMs
    this.caughtUpMs = file.nowMs
  }

  isSame(stats: BigIntStats): boolean {
    return stats.ino === this.ino && stats.dev === this.dev
  }

  /** True when the name it was last seen under is its name still, as far as is known. */
  get isPlaced(): boolean {
    return this.places.size > 0
  }

  /** The first time in its content; empty when that is not known. */
  get firstTime(): string {
    return this.stream?.firstTime ?? ''
  }

  /** Where reading stops for now. */
  get end(): number {
    return this.limit === null ? this.size : Math.min(this.size, this.limit)
  }

  /** Bytes of a plain file that the worker was not shown. */
  get unread(): number {
    if (this.stream === null || this.compression !== null) return 0
    return Math.max(0, this.end - this.stream.offered)
  }

  /** Bytes that are known to have been there and that the worker did not take; null when nobody knows. */
  get missingBytes(): number | null {
    return this.compression === null ? Math.max(0, this.peakSize - (this.stream?.position ?? 0)) : null
  }

  /** Takes over what the system says. False when nothing changed. */
  see(stats: BigIntStats, nowMs: number): boolean {
    if (Number(stats.size) === this.size && stats.mtimeNs === this.mtimeNs) {
      if (this.compression === null ? this.unread === 0 : this.isSettled) this.caughtUpMs = nowMs
      return false
    }
    this.size = Number(stats.size)
    this.mtimeNs = stats.mtimeNs
    this.peakSize = Math.max(this.peakSize, this.size)
    this.changedMs = nowMs
    return true
  }

  /** It was read up to there, and holds what it should. */
  reach(position: number): void {
    this.size = Math.max(this.size, position)
    this.peakSize = Math.max(this.peakSize, position)
    this.judge()
  }

  get wasJudged(): boolean {
    return this.#judgedSize >= 0
  }

  get isJudged(): boolean {
    return this.#judgedSize === this.size && this.provenMtimeNs === this.mtimeNs
  }

  /** What it holds is known, until it changes. */
  judge(): void {
    this.#judgedSize = this.size
    this.provenMtimeNs = this.mtimeNs
  }

  /** It cannot be read just now. */
  fail(nowMs: number): void {
    this.retryMs = nowMs + retryMs
  }

  /** Whatever was known of its content is not true any more. */
  forgetContent(): void {
    this.#judgedSize = -1
    this.peakSize = this.size
    this.provenMtimeNs = this.mtimeNs
    this.compression = null
    this.copyOf = null
    this.doubtUntilMs = null
    this.isDoubtOver = false
    this.isEnding = false
    this.isSettled = false
    this.isSkipped = false
    this.isLikelyCopy = false
    this.isRotated = this.places.size === 0
  }

  /** Somebody reads from it for a while: closing it waits until {@link release}. */
  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
    if (this.#isToBeClosed && !this.isUnpacking) this.close()
    this.#isToBeClosed = false
  }

  close(): void {
    if (this.#isHeld) this.#isToBeClosed = true
    if (this.fd === null || this.#isHeld) return
    const fd = this.fd
    this.fd = null
    closeSync(fd)
  }
}
