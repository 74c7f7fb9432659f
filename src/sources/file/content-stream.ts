// One stream: content, wherever it is stored. How far it was read, and the fingerprints by which it is known again.
import type { SourceStream, StoredStream } from '../../model/source.ts'
import type { Compression } from './decompressed-input.ts'
import { type Fingerprint, fingerprintBytes, fingerprintOf } from './fingerprint.ts'
import { firstTime } from './first-time.ts'
import { familyOf } from './read-order.ts'
import { readMemo, writeMemo } from './stream-memo.ts'

/** As many copies of one content are remembered. */
const maxCopies = 8

export interface NewStream {
  readonly id: string
  readonly label: string
  /** Device and inode. */
  readonly key: string
  /** See `familyOf`; that of the label when left out. */
  readonly family?: string
  /** See {@link Dated}. */
  readonly isEarly: boolean
  readonly from: number
  /** At least one byte. */
  readonly head: Uint8Array
}

export class ContentStream {
  readonly stream: SourceStream
  /** What it has in common with the other streams of its log. */
  readonly family: string
  readonly isEarly: boolean
  /** Where the content was last seen; empty when nobody knows. */
  path: string
  /** Device and inode of the file that has it; empty when none is known. */
  key: string
  /** First position that was ever to be read. */
  readonly from: number
  /** Everything before it was taken by the worker. */
  position: number
  /** End of the bytes that the worker was shown; behind {@link position} when the last of them are half a line. */
  offered: number
  /** Nothing was left to read, and nothing was expected to come. Only a hint: files grow again. */
  isFinished = false
  compression: Compression | null = null
  /** See `firstTime`. */
  firstTime: string
  /** Of the file that has it, as stored. */
  size = 0
  mtimeNs = 0n
  #head: Fingerprint
  /** The bytes of {@link head}, as long as they must be compared before reading; null when nobody needs them or has them. */
  headBytes: Uint8Array | null
  #tailPosition: number
  #tailLength = 0
  /** Null when it has to be computed from the bytes. */
  #tailHash: string | null = null
  /** Its first `#tailLength` bytes are the tail; null when only its hash is known. */
  #tailBytes: Uint8Array | null = new Uint8Array(fingerprintBytes)
  readonly #copies = new Map<string, number>()

  constructor(parts: NewStream) {
    this.stream = { id: parts.id, label: parts.label }
    this.isEarly = parts.isEarly
    this.family = parts.family ?? familyOf(parts.label)
    this.path = parts.label
    this.key = parts.key
    this.from = parts.from
    this.position = parts.from
    this.offered = parts.from
    this.#tailPosition = parts.from
    this.#head = fingerprintOf(parts.head)
    this.firstTime = firstTime(parts.head)
    this.headBytes = parts.head
  }

  /** Null when the memo is none of ours. */
  static restore(stored: StoredStream): ContentStream | null {
    const memo = readMemo(stored.memo)
    if (memo === null) return null
    const { path, key, from, isEarly } = memo
    const id = stored.streamId
    const restored = new ContentStream({ id, label: memo.label ?? path, key, from, isEarly, head: new Uint8Array(0) })
    restored.path = path
    restored.position = Math.max(from, stored.position)
    restored.offered = restored.position
    // A worker that lost its state asks for everything again, whatever was read before.
    restored.isFinished = memo.isFinished && restored.position >= memo.tail.position
    restored.compression = memo.compression
    restored.size = memo.size
    restored.mtimeNs = BigInt(memo.mtimeNs)
    restored.#head = memo.head
    restored.firstTime = memo.firstTime
    restored.headBytes = null
    restored.#tailPosition = memo.tail.position
    restored.#tailLength = memo.tail.length
    restored.#tailHash = memo.tail.hash
    restored.#tailBytes = null
    for (const [copy, size] of memo.copies) restored.#copies.set(copy, size)
    return restored
  }

  get head(): Fingerprint {
    return this.#head
  }

  /** The bytes before {@link tailPosition}, at most 1 KiB. */
  get tail(): Fingerprint {
    const bytes = this.#tailBytes?.subarray(0, this.#tailLength)
    this.#tailHash ??= bytes === undefined ? '' : fingerprintOf(bytes).hash
    return { length: this.#tailLength, hash: this.#tailHash }
  }

  /** Where the tail ends. Another than {@link position} after a worker lost its state. */
  get tailPosition(): number {
    return this.#tailPosition
  }

  /** Bytes that must stand before {@link position}; empty when nobody knows them. */
  get expectedBytes(): Uint8Array {
    if (this.#tailBytes === null || this.#tailPosition !== this.position) return nothing
    return this.#tailBytes.subarray(0, this.#tailLength)
  }

  /** A content this long holds all that is known of the stream. */
  get knownLength(): number {
    return Math.max(this.position, this.#tailPosition, this.#head.length)
  }

  /** The worker took `bytes` at the front of the window. */
  take(window: Uint8Array, bytes: number): void {
    if (bytes === 0) return
    const tail = this.#tailBytes ?? new Uint8Array(fingerprintBytes)
    const known = this.#tailBytes !== null && this.#tailPosition === this.position ? this.#tailLength : 0
    const fresh = Math.min(bytes, fingerprintBytes)
    const kept = Math.min(known, fingerprintBytes - fresh)
    tail.copyWithin(0, known - kept, known)
    tail.set(window.subarray(bytes - fresh, bytes), kept)
    this.position += bytes
    this.#tailBytes = tail
    this.#tailLength = kept + fresh
    this.#tailHash = null
    this.#tailPosition = this.position
    if (this.position >= fingerprintBytes) this.headBytes = null
  }

  /** The file was seen to begin with these bytes, of which the first are the head that is known. */
  seeHead(bytes: Uint8Array): void {
    if (bytes.length > this.#head.length) this.#head = fingerprintOf(bytes)
    this.headBytes = this.position < fingerprintBytes ? bytes : null
  }

  /** The tail's bytes were read again. */
  seeTail(bytes: Uint8Array): void {
    const tail = new Uint8Array(fingerprintBytes)
    tail.set(bytes)
    this.#tailBytes = tail
  }

  /** The file has more than its head before `from` that was never given: this is what stands before the first position. */
  startBehind(bytes: Uint8Array): void {
    this.#tailLength = bytes.length
    this.#tailHash = null
    this.seeTail(bytes)
  }

  /** Nobody will compare bytes for now. */
  forgetBytes(): void {
    this.#tailHash = this.tail.hash
    this.#tailBytes = null
    this.headBytes = null
  }

  hasCopy(key: string, size: number): boolean {
    return this.#copies.get(key) === size
  }

  addCopy(key: string, size: number): void {
    this.#copies.delete(key)
    this.#copies.set(key, size)
    for (const oldest of this.#copies.keys()) {
      if (this.#copies.size <= maxCopies) break
      this.#copies.delete(oldest)
    }
  }

  toStored(): StoredStream {
    const { id, label } = this.stream
    const memo = writeMemo({
      v: 1,
      path: this.path,
      ...(label === this.path ? {} : { label }),
      key: this.key,
      from: this.from,
      head: this.#head,
      tail: { position: this.#tailPosition, ...this.tail },
      isEarly: this.isEarly,
      firstTime: this.firstTime,
      isFinished: this.isFinished,
      compression: this.compression,
      size: this.size,
      mtimeNs: String(this.mtimeNs),
      copies: [...this.#copies],
    })
    return { streamId: id, position: this.position, memo }
  }
}

const nothing = new Uint8Array(0)
