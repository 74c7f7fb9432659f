// Reads the frames of a write-ahead log in order, from any frame on, and steps over what is damaged.
import { closeSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { decodeHead, type Frame, frameMagic, maxHeadBytes } from './frame.ts'
import type { Segment, Segments } from './segments.ts'

/** Small frames come out of this by the thousand; for a large one it costs one copy more. */
const cacheBytes = 256 * 1024

/** Bytes of the log from `from` to `to` hold no frame that can be read. */
export type DamageListener = (from: number, to: number) => void

/**
 * Reads synchronously: what was appended a moment ago is in the system's cache. Sees whole frames only, because a segment's `end`
 * moves when they are written (and safe, where that was asked for). A file that cannot be read is damage like any other.
 */
export class FrameReader {
  readonly #segments: Segments
  readonly #onDamage: DamageListener
  readonly #cache = Buffer.alloc(cacheBytes)
  /** What the cache holds: `#cacheLength` bytes of the log from `#cacheAt` on. */
  #cacheAt = 0
  #cacheLength = 0
  #fd: number | null = null
  #path = ''
  /** The frame that was found whole last: the one at a reader's place is asked for again and again. */
  #wholeAt = -1

  constructor(segments: Segments, onDamage: DamageListener) {
    this.#segments = segments
    this.#onDamage = onDamage
  }

  /** The first sender's frame at or behind `offset`, which is the place of a frame or of an end. Its payload is not looked at. Null at the end. */
  next(offset: number): Frame | null {
    let frame = this.nextAny(offset)
    while (frame?.isKeys === true) frame = this.nextAny(frame.next)
    return frame
  }

  /** The same, for frames with keys too. */
  nextAny(offset: number): Frame | null {
    let at = offset
    for (;;) {
      const segment = this.#segments.at(at)
      if (segment === null) return null
      at = Math.max(at, segment.begin)
      const frame = this.frameAt(segment, at)
      if (frame !== null) return frame
      const to = this.#search(segment, at + 1)
      this.#onDamage(at, to)
      at = to
    }
  }

  /** The first frame at or behind `offset` whose payload is what was written. */
  nextWhole(offset: number): Frame | null {
    let frame = this.next(offset)
    while (frame !== null && !this.isWhole(frame)) {
      this.lose(frame)
      frame = this.next(frame.next)
    }
    return frame
  }

  /** Says that a frame's payload cannot be read. */
  lose(frame: Frame): void {
    this.#onDamage(frame.offset, frame.next)
  }

  /** The frame that stands at this very place, also one with keys; null when there is none, or only a part of one. */
  frameAt(segment: Segment, offset: number): Frame | null {
    const at = this.#load(segment, offset, Math.min(maxHeadBytes, segment.end - offset))
    if (at === null) return null
    const frame = decodeHead(this.#cache.subarray(0, this.#cacheLength), at, offset)
    return frame !== null && frame.next <= segment.end ? frame : null
  }

  /** Compares the payload with its checksum. */
  isWhole(frame: Frame): boolean {
    if (frame.offset === this.#wholeAt) return true
    const segment = this.#segmentOf(frame.offset)
    if (segment === null) return false
    let crc = 0
    for (let at = frame.payloadOffset; at < frame.next; ) {
      const start = this.#load(segment, at, 1)
      if (start === null) return false
      const end = Math.min(this.#cacheLength, start + frame.next - at)
      crc = crc32(this.#cache.subarray(start, end), crc)
      at += end - start
    }
    if (crc !== frame.payloadCrc) return false
    this.#wholeAt = frame.offset
    return true
  }

  /** Copies payload bytes `from .. from + length` to `target[at]`. False when they cannot be read any more. */
  copy(frame: Frame, from: number, target: Uint8Array, at: number, length: number): boolean {
    const offset = frame.payloadOffset + from
    const segment = this.#segmentOf(offset)
    if (segment === null || offset + length > segment.end) return false
    const start = this.#load(segment, offset, length)
    if (start === null) return this.#readAll(segment, offset, target, at, length)
    target.set(this.#cache.subarray(start, start + length), at)
    return true
  }

  /** Where the good part of a segment ends: behind its last frame that is whole. */
  goodEnd(segment: Segment): number {
    let good = segment.begin
    let at = segment.begin
    while (at < segment.end) {
      const frame = this.frameAt(segment, at)
      at = frame === null ? this.#search(segment, at + 1) : frame.next
      if (frame !== null && this.isWhole(frame)) good = frame.next
    }
    return good
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
    this.#path = ''
    this.#cacheLength = 0
    this.#wholeAt = -1
  }

  /** Null when it was deleted. */
  #segmentOf(offset: number): Segment | null {
    const segment = this.#segments.at(offset)
    return segment !== null && segment.begin <= offset ? segment : null
  }

  /** Where the next whole frame stands, or the segment's end. */
  #search(segment: Segment, from: number): number {
    for (let offset = from; offset < segment.end; ) {
      const at = this.#load(segment, offset, Math.min(frameMagic.length, segment.end - offset))
      if (at === null) return segment.end
      const found = this.#cache.subarray(0, this.#cacheLength).indexOf(frameMagic, at)
      // The last three bytes may be the beginning of a mark that goes on behind them.
      offset = this.#cacheAt + (found === -1 ? Math.max(at + 1, this.#cacheLength - 3) : found)
      if (found === -1) continue
      const frame = this.frameAt(segment, offset)
      if (frame !== null && this.isWhole(frame)) return offset
      offset += 1
    }
    return segment.end
  }

  /** Where the byte at `offset` is in the cache, with at least `length` bytes from there. Null when there cannot be so many. */
  #load(segment: Segment, offset: number, length: number): number | null {
    const at = offset - this.#cacheAt
    if (at >= 0 && at + length <= this.#cacheLength) return at
    if (length > cacheBytes || !this.#open(segment.path)) return null
    const wanted = Math.min(cacheBytes, segment.end - offset)
    this.#cacheAt = offset
    this.#cacheLength = this.#read(this.#cache, 0, wanted, offset - segment.begin)
    return this.#cacheLength >= length ? 0 : null
  }

  #readAll(segment: Segment, offset: number, target: Uint8Array, at: number, length: number): boolean {
    return this.#open(segment.path) && this.#read(target, at, length, offset - segment.begin) === length
  }

  /** Fewer than `length` only where the file ends, or the disk has a fault. */
  #read(target: Uint8Array, at: number, length: number, filePosition: number): number {
    let count = 0
    try {
      while (this.#fd !== null && count < length) {
        const part = readSync(this.#fd, target, at + count, length - count, filePosition + count)
        if (part === 0) break
        count += part
      }
    } catch {
      // The bytes before the fault are good; what is missing becomes damage where it is wanted.
    }
    return count
  }

  #open(path: string): boolean {
    if (this.#path === path && this.#fd !== null) return true
    this.close()
    try {
      this.#fd = openSync(path, 'r')
      this.#path = path
    } catch {
      return false
    }
    return true
  }
}
