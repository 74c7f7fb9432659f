// All streams that are remembered: those that are read and those whose files are gone, for their copies may come later.
import type { StoredStream } from '../../model/source.ts'
import { ContentStream } from './content-stream.ts'
import { type Fingerprint, fingerprintBytes, hashOf } from './fingerprint.ts'
import type { FollowedFile } from './followed-file.ts'
import { isRotationOf, rotationRoot } from './rotated-name.ts'

/** As many streams are compared with one new file. */
const maxCandidates = 64

export class KnownStreams {
  /** Those that nobody reads: oldest first. */
  readonly #byId = new Map<string, ContentStream>()
  /** By device and inode of the file that had it last. */
  readonly #byKey = new Map<string, Set<ContentStream>>()
  /** Streams with a whole head, by its hash. */
  readonly #byHead = new Map<string, Set<ContentStream>>()
  /** Streams with a shorter head, by what their names have in common with rotated ones. */
  readonly #byRoot = new Map<string, Set<ContentStream>>()
  /** By what their logs are, see `familyOf`. */
  readonly #byFamily = new Map<string, Set<ContentStream>>()
  readonly #indexed = new Map<ContentStream, { key: string; head: string; root: string }>()
  readonly #carriers = new Map<ContentStream, FollowedFile>()
  readonly #changed = new Set<ContentStream>()
  #forgottenIds: string[] = []
  readonly #maxStreams: number
  /** Streams that were forgotten for want of room. */
  forgotten = 0

  /** `maxFiles` are followed at once; as many again are remembered when they are gone. */
  constructor(maxFiles: number) {
    this.#maxStreams = 2 * maxFiles
  }

  get all(): Iterable<ContentStream> {
    return this.#byId.values()
  }

  get(id: string): ContentStream | null {
    return this.#byId.get(id) ?? null
  }

  add(stream: ContentStream): void {
    this.#byId.set(stream.stream.id, stream)
    move(this.#byFamily, stream, '', stream.family)
    this.#index(stream)
  }

  /** Forgets streams beyond the bound: those that nobody reads, finished and oldest first. */
  trim(): void {
    for (const mustBeFinished of [true, false]) {
      for (const stream of this.#byId.values()) {
        if (this.#byId.size <= this.#maxStreams) return
        if (!this.#carriers.has(stream) && (stream.isFinished || !mustBeFinished)) this.#forget(stream)
      }
    }
  }

  /** A stream for content that was not seen before. `head`: at least one byte of it. */
  create(file: FollowedFile, from: number, head: Uint8Array): ContentStream {
    let id = ''
    for (let count = 0; id === '' || this.#byId.has(id); count += 1) id = streamId(file.key, head, count)
    const { path: label, key, family, isEarly } = file
    const stream = new ContentStream({ id, label, key, family, isEarly, from, head })
    this.add(stream)
    return stream
  }

  /** From now on the stream is read from this file. */
  bind(file: FollowedFile, stream: ContentStream): void {
    if (file.stream !== null && file.stream !== stream) this.unbind(file)
    const before = this.#carriers.get(stream)
    if (before !== undefined && before !== file) {
      before.stream = null
      before.copyOf = stream
    }
    this.#carriers.set(stream, file)
    file.stream = stream
    file.family = stream.family
    file.original = stream.stream.label
    file.copyOf = null
    file.doubtUntilMs = null
    stream.key = file.key
    // A name that is not followed is found from the one that is.
    if (file.places.size > 0 || stream.path === '') stream.path = file.path
    stream.compression = file.compression
    noteFile(stream, file)
    this.change(stream)
  }

  /** The file's content is no longer the stream's, or the file is gone. */
  unbind(file: FollowedFile): void {
    const { stream } = file
    if (stream === null) return
    file.stream = null
    noteFile(stream, file)
    this.#carriers.delete(stream)
    stream.forgetBytes()
    // Now it is the youngest of those that may be forgotten.
    this.#byId.delete(stream.stream.id)
    this.#byId.set(stream.stream.id, stream)
    this.change(stream)
  }

  carrierOf(stream: ContentStream): FollowedFile | null {
    return this.#carriers.get(stream) ?? null
  }

  /** Its position, its fingerprints or its file changed. */
  change(stream: ContentStream): void {
    this.#changed.add(stream)
    this.#index(stream)
  }

  takeChanges(): readonly StoredStream[] {
    const stored = [...this.#changed].map(stream => {
      const file = this.#carriers.get(stream)
      if (file !== undefined) noteFile(stream, file)
      return stream.toStored()
    })
    this.#changed.clear()
    return stored
  }

  takeForgotten(): readonly string[] {
    const ids = this.#forgottenIds
    this.#forgottenIds = []
    return ids
  }

  /** Streams of one log. */
  ofFamily(family: string): Iterable<ContentStream> {
    return this.#byFamily.get(family) ?? []
  }

  /** Streams whose content this very file had. */
  ofFile(key: string): readonly ContentStream[] {
    return [...(this.#byKey.get(key) ?? [])]
  }

  /** Streams whose content a file may hold a copy of, those that were read furthest first. `head`: the first KiB, or all there is. */
  likelyOriginals(file: FollowedFile, head: Uint8Array): readonly ContentStream[] {
    const { path, key } = file
    // Devices may get other numbers when the machine starts again.
    const isSameFile = (stream: ContentStream): boolean => stream.path === path && inodeOf(stream.key) === inodeOf(key)
    const isRelated = (stream: ContentStream): boolean => isRotationOf(stream.path, path) || isSameFile(stream)
    const whole = head.length < fingerprintBytes ? undefined : this.#byHead.get(hashOf(head))
    const short = [...(this.#byRoot.get(rotationRoot(path)) ?? [])].slice(-maxCandidates)
    const related = short.filter(stream => isRelated(stream) && beginsWith(head, stream.head))
    return [...(whole ?? this.#longerOnes(file, head)), ...related]
      .sort((a, b) => b.tailPosition - a.tailPosition)
      .slice(0, maxCandidates)
  }

  /** A file that is only just being copied is shorter than what is known of its original, which has to be asked itself then. */
  #longerOnes({ path, family }: FollowedFile, head: Uint8Array): readonly ContentStream[] {
    if (head.length === fingerprintBytes) return []
    const ofFamily = [...this.ofFamily(family)].filter(stream => isRotationOf(stream.path, path))
    return ofFamily
      .filter(stream => stream.head.length === fingerprintBytes && this.#carriers.has(stream))
      .slice(-maxCandidates)
  }

  #index(stream: ContentStream): void {
    const { key, path, head } = stream
    const isWhole = head.length === fingerprintBytes
    const next = { key, head: isWhole ? head.hash : '', root: isWhole || path === '' ? '' : rotationRoot(path) }
    const last = this.#indexed.get(stream) ?? { key: '', head: '', root: '' }
    this.#indexed.set(stream, next)
    move(this.#byKey, stream, last.key, next.key)
    move(this.#byHead, stream, last.head, next.head)
    move(this.#byRoot, stream, last.root, next.root)
  }

  #forget(stream: ContentStream): void {
    const { key, head, root } = this.#indexed.get(stream) ?? { key: '', head: '', root: '' }
    move(this.#byKey, stream, key, '')
    move(this.#byHead, stream, head, '')
    move(this.#byRoot, stream, root, '')
    move(this.#byFamily, stream, stream.family, '')
    this.#indexed.delete(stream)
    this.#changed.delete(stream)
    this.#byId.delete(stream.stream.id)
    this.#forgottenIds.push(stream.stream.id)
    this.forgotten += 1
  }
}

function move(index: Map<string, Set<ContentStream>>, stream: ContentStream, from: string, to: string): void {
  if (from === to) return
  const before = index.get(from)
  before?.delete(stream)
  if (before?.size === 0) index.delete(from)
  if (to === '') return
  const after = index.get(to)
  if (after === undefined) index.set(to, new Set([stream]))
  else after.add(stream)
}

const beginsWith = (bytes: Uint8Array, head: Fingerprint): boolean =>
  bytes.length >= head.length && hashOf(bytes.subarray(0, head.length)) === head.hash

function noteFile(stream: ContentStream, file: FollowedFile): void {
  stream.mtimeNs = file.provenMtimeNs
  stream.size = file.peakSize
}

const inodeOf = (key: string): string => key.slice(key.indexOf(':'))

/** 16 hex digits. `count` tells contents apart that begin alike in the same inode, one after the other. */
function streamId(key: string, head: Uint8Array, count: number): string {
  const id = hashOf(Buffer.concat([Buffer.from(count === 0 ? `${key}\n` : `${key}\n${count}\n`), head])).slice(0, 16)
  return /^0+$/.test(id) ? streamId(key, head, count + 1) : id
}
