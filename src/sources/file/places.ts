// Which paths are followed and which file each leads to. Looks at them again and again, and tells what changed.
import type { BigIntStats } from 'node:fs'
import { closeSync } from 'node:fs'
import { fileRotated, filesRefused } from '../../telemetry/events/file-source.ts'
import { Descriptors } from './descriptors.ts'
import type { FollowContext } from './follow-context.ts'
import { FollowedFile, keyOf } from './followed-file.ts'
import { familyOf } from './read-order.ts'
import { rotationRoot } from './rotated-name.ts'
import { isOutOfDescriptors, notAFile, statOpen, statPath } from './system-calls.ts'
import { Troubles } from './troubles.ts'

/** A change must be seen within a second, however long a file has been idle. */
const slowestLookMs = 1000
/** A file idle for 1 s is looked at every 100 ms. */
const looksPerIdleTime = 10
/** Too many files are said again after this long. */
const refusalMs = 60_000

interface Place {
  readonly path: string
  /** What it has in common with the names of its rotations. */
  readonly root: string
  /** Null when nothing is there at the moment. */
  file: FollowedFile | null
  nextLookMs: number
  /** When there was something last. */
  leftMs: number
}

/** A path that leads to another file than before. What came between them was written after `mtimeNs`. */
export interface Move {
  readonly path: string
  readonly mtimeNs: bigint
}

export class Places {
  readonly #context: FollowContext
  readonly #files = new Map<string, FollowedFile>()
  readonly #places = new Map<string, Place>()
  /** Files that no place leads to. */
  readonly #detached = new Set<FollowedFile>()
  readonly descriptors = new Descriptors(this.#files)
  readonly troubles: Troubles
  /** Files that are new, or changed, or have other places; whoever deals with them takes them out. */
  readonly changed = new Set<FollowedFile>()
  readonly moves: Move[] = []
  /** Nothing was ever followed before. */
  isFirstLook = false
  /** Paths where nothing is any more, and when that was written last; the latest, for as many as may be followed. */
  readonly #former = new Map<string, bigint>()
  #refused = 0
  #refusedSaidMs = Number.NEGATIVE_INFINITY

  constructor(context: FollowContext) {
    this.#context = context
    this.troubles = new Troubles(context)
  }

  /** By device and inode. */
  get files(): ReadonlyMap<string, FollowedFile> {
    return this.#files
  }

  get paths(): Iterable<string> {
    return this.#places.keys()
  }

  /** Follows a path, if it leads to a file that can be read. False when nothing is there. */
  add(path: string): boolean {
    const place = this.#places.get(path)
    if (place !== undefined && place.file !== null) return true
    const found = statPath(path)
    if (found.kind === 'refused') this.troubles.report(path, found.code)
    if (found.kind !== 'file') return found.kind === 'refused'
    const file = this.#files.get(keyOf(found.stats)) ?? this.#openNew(path, found.stats)
    if (file === null) return true
    // The inode of a file that is closed may have been given to another.
    file.see(found.stats, this.#context.nowMs())
    this.#lead(path, file)
    return true
  }

  /** Something may come to this path, which is looked at as often as those where something is. */
  expect(path: string): void {
    if (this.#places.has(path) || this.#places.size >= this.#context.maxFiles) return
    const nowMs = this.#context.nowMs()
    this.#places.set(path, { path, root: rotationRoot(path), file: null, nextLookMs: nowMs, leftMs: nowMs })
  }

  /**
   * Follows a file for as long as it is open, under a name that is not followed. Null when it is followed already. `original`:
   * the path of which it is a rotation.
   */
  addDetached(path: string, original: string): FollowedFile | null {
    const found = statPath(path)
    if (found.kind !== 'file' || this.#files.has(keyOf(found.stats))) return null
    const file = this.#openNew(path, found.stats)
    if (file?.fd == null) return null
    file.family = familyOf(original)
    file.original = original
    file.isRotated = true
    this.#detached.add(file)
    this.changed.add(file)
    return file
  }

  /** Looks at everything that is due; with `isUrgent` at everything. */
  look(isUrgent = false): void {
    const nowMs = this.#context.nowMs()
    for (const place of this.#places.values()) {
      if (isUrgent || nowMs >= place.nextLookMs) this.#lookAt(place, nowMs)
    }
    for (const file of this.#detached) {
      const found = file.fd === null ? null : statOpen(file.fd)
      if (found?.kind === 'file' && file.see(found.stats, nowMs)) this.changed.add(file)
    }
  }

  /** Looks at the files that new ones may be rotations of, due or not: a copy must not be seen before its original. */
  lookAtOriginals(): void {
    const strangers = [...this.changed].filter(({ stream, copyOf }) => stream === null && copyOf === null)
    const roots = new Set(strangers.map(({ path }) => rotationRoot(path)))
    if (roots.size === 0) return
    const nowMs = this.#context.nowMs()
    for (const place of this.#places.values()) if (roots.has(place.root)) this.#lookAt(place, nowMs)
  }

  /** Looks at one file now, due or not. False when its size cannot be had. */
  refresh(file: FollowedFile): boolean {
    if (file.fd === null) return false
    const found = statOpen(file.fd)
    if (found.kind !== 'file') return false
    if (file.see(found.stats, this.#context.nowMs())) this.changed.add(file)
    return true
  }

  forget(file: FollowedFile): void {
    for (const path of file.places) this.#places.delete(path)
    file.places.clear()
    this.#files.delete(file.key)
    this.#detached.delete(file)
    this.changed.delete(file)
    file.close()
  }

  /** Nothing is at the path any more. When something comes there, others may have come and gone before. */
  remember(path: string, mtimeNs: bigint): void {
    if (this.#places.get(path)?.file != null) return
    this.#former.delete(path)
    this.#former.set(path, mtimeNs)
    for (const oldest of this.#former.keys()) {
      if (this.#former.size <= this.#context.maxFiles) break
      this.#former.delete(oldest)
    }
  }

  /** Files that have no room are counted anew. */
  beginScan(): void {
    this.#refused = 0
  }

  /** Says how many files could not be followed for want of room. */
  reportRefused(): void {
    const { log, source, maxFiles, nowMs } = this.#context
    const refused = this.#refused
    if (refused === 0 || nowMs() - this.#refusedSaidMs < refusalMs) return
    this.#refusedSaidMs = nowMs()
    filesRefused(log, { source, maxFiles, refused })
  }

  #openNew(path: string, stats: BigIntStats): FollowedFile | null {
    const { nowMs, maxFiles, once } = this.#context
    if (this.#files.size >= maxFiles) {
      this.#refused += 1
      return null
    }
    const opened = this.descriptors.openPath(path)
    if (opened.kind === 'none') return null
    if (opened.kind === 'refused') this.troubles.report(path, opened.code)
    if (opened.kind === 'refused' && !isOutOfDescriptors(opened.code)) return null
    // Without a descriptor it is followed all the same, and opened when it is its turn.
    const seen = opened.kind === 'file' ? opened : { fd: null, stats }
    const known = this.#files.get(keyOf(seen.stats))
    if (known !== undefined) {
      if (seen.fd !== null) closeSync(seen.fd)
      return known
    }
    const file = new FollowedFile({ path, ...seen, nowMs: nowMs(), isEarly: this.isFirstLook })
    if (once) file.limit = file.size
    this.#files.set(file.key, file)
    return file
  }

  #lead(path: string, file: FollowedFile): void {
    const nowMs = this.#context.nowMs()
    const mtimeNs = this.#former.get(path)
    // Even in the same inode it may be another file.
    if (mtimeNs !== undefined) this.moves.push({ path, mtimeNs })
    this.#former.delete(path)
    this.#places.set(path, { path, root: rotationRoot(path), file, nextLookMs: nowMs, leftMs: 0 })
    if (file.places.size === 0) file.path = path
    // Moved away and back again.
    if (file.stream?.stream.label === path) file.isRotated = false
    file.places.add(path)
    this.#detached.delete(file)
    this.changed.add(file)
    this.troubles.clear(path)
  }

  #lookAt(place: Place, nowMs: number): void {
    const { pollMs, tuning } = this.#context
    const found = statPath(place.path)
    const { file } = place
    const idleMs = file === null ? 0 : nowMs - file.changedMs
    const waitMs = Math.max(pollMs, Math.min(idleMs / looksPerIdleTime, slowestLookMs - pollMs))
    // Timers come a little early or late: half a turn earlier is due as well.
    place.nextLookMs = nowMs + waitMs - pollMs / 2
    if (found.kind === 'file' && file?.isSame(found.stats)) {
      if (file.see(found.stats, nowMs)) this.changed.add(file)
      this.troubles.clear(place.path)
      return
    }
    if (found.kind === 'refused') this.troubles.report(place.path, found.code)
    // A path that may not be looked at just now says nothing about the file.
    if (found.kind === 'refused' && found.code !== notAFile) return
    if (file !== null) this.#leave(place, file, found.kind === 'file')
    if (found.kind === 'file') {
      this.add(place.path)
    } else {
      if (found.kind === 'none') this.troubles.clear(place.path, true)
      if (nowMs - place.leftMs > tuning.vacantMs) this.#places.delete(place.path)
    }
  }

  #leave(place: Place, file: FollowedFile, isReplaced: boolean): void {
    const { log, source, nowMs } = this.#context
    if (file.fd !== null) this.refresh(file)
    place.file = null
    this.remember(place.path, file.mtimeNs)
    place.leftMs = nowMs()
    file.places.delete(place.path)
    file.isRotated = true
    file.isSettled = false
    file.changedMs = nowMs()
    if (file.path === place.path) file.path = [...file.places][0] ?? file.path
    if (file.places.size === 0) this.#detached.add(file)
    this.changed.add(file)
    fileRotated(log, { source, path: place.path, isReplaced })
  }
}
