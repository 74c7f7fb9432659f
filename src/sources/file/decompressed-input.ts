// Decompresses gzip (any number of members) and zstd (any number of frames) while it is read, in bounded memory.
import type { Transform } from 'node:stream'
import { crc32, createInflateRaw, createZstdDecompress } from 'node:zlib'
import type { Input } from '../../model/input.ts'
import { gzipHeaderLength } from './gzip-header.ts'
import { type CorruptReason, corruptInput } from './input-error.ts'
import type { StoredInput } from './stored-input.ts'
import { StoredWindow } from './stored-window.ts'
import { StreamPull } from './stream-pull.ts'

export type Compression = 'gzip' | 'zstd'

const trailerBytes = 8
const outputChunkBytes = 256 * 1024

/** One member's engine. It takes stored bytes and gives plain ones; bytes behind the member's end are not taken. */
class Member {
  readonly stream: Transform & { readonly bytesWritten: number }
  readonly pull: StreamPull
  /** Where the compressed data begins in the stored bytes. */
  readonly start: number
  /** Plain bytes taken from the engine so far, and their checksum. */
  length = 0
  crc = 0
  isWriting = false
  isFed = false

  constructor(compression: Compression, start: number) {
    const options = { chunkSize: outputChunkBytes }
    this.stream = compression === 'gzip' ? createInflateRaw(options) : createZstdDecompress(options)
    this.pull = new StreamPull(this.stream)
    this.start = start
  }

  /** The first stored byte that the engine has not used. */
  get position(): number {
    return this.start + this.stream.bytesWritten
  }

  write(piece: Uint8Array): void {
    this.isWriting = true
    this.stream.write(piece, () => {
      this.isWriting = false
      this.pull.wake()
    })
  }
}

/**
 * We walk over gzip's heads and trailers ourselves: zlib's own gunzip swallows the data of a piece whose checksum is
 * wrong or that is followed by other bytes, and here everything readable must be delivered.
 */
export class DecompressedInput implements Input {
  readonly name: string
  readonly size: number | null
  readonly #stored: StoredInput
  readonly #window: StoredWindow
  readonly #compression: Compression
  #member: Member | null = null
  /** Plain bytes of the member that are already delivered and come again, after going back. */
  #skip = 0
  /** From this stored byte on the engine gets one byte at a time: the piece there is known to hold a fault. */
  #carefulFrom = Number.POSITIVE_INFINITY

  constructor(stored: StoredInput, compression: Compression, head: Uint8Array) {
    this.name = stored.name
    this.size = stored.size
    this.#stored = stored
    this.#compression = compression
    this.#window = new StoredWindow(stored, head)
  }

  get bytesRead(): number {
    return this.#stored.bytesRead
  }

  readInto(target: Uint8Array, offset: number, length: number): number | Promise<number> {
    const count = this.#take(target, offset, length)
    return count > 0 ? count : this.#produce(target, offset, length)
  }

  async close(): Promise<void> {
    this.#member?.stream.destroy()
    await this.#stored.close()
  }

  #take(target: Uint8Array, offset: number, length: number): number {
    const member = this.#member
    if (member === null) return 0
    for (;;) {
      const count = member.pull.take(target, offset, this.#skip > 0 ? Math.min(length, this.#skip) : length)
      if (count === 0) return 0
      member.length += count
      if (this.#compression === 'gzip') member.crc = crc32(target.subarray(offset, offset + count), member.crc)
      if (this.#skip === 0) return count
      this.#skip -= count
    }
  }

  async #produce(target: Uint8Array, offset: number, length: number): Promise<number> {
    for (;;) {
      const count = this.#take(target, offset, length)
      if (count > 0) return count
      const member = this.#member
      if (member === null) {
        if (!(await this.#beginMember())) return 0
      } else if (member.pull.failure !== null) {
        this.#recover(member, member.pull.failure)
      } else if (member.pull.ended || this.#isOver(member)) {
        await this.#endMember(member)
      } else if (member.isWriting || member.isFed) {
        await member.pull.changed()
      } else {
        await this.#feed(member)
      }
    }
  }

  /** False at the end of the input. */
  async #beginMember(): Promise<boolean> {
    const window = this.#window
    if (window.length === 0 && !(await window.grow())) return false
    if (this.#compression === 'gzip') {
      if (await this.#isPadding()) return false
      let header = gzipHeaderLength(window.bytes, window.at, window.end)
      while (header === 'more') {
        if (!(await window.grow())) throw this.#corrupt('truncated', window.position + window.length)
        header = gzipHeaderLength(window.bytes, window.at, window.end)
      }
      if (header === 'bad') throw this.#corrupt('trailing', window.position)
      window.at += header
    }
    this.#member = new Member(this.#compression, window.position)
    return true
  }

  /** Archives on tapes and disks are filled up with zeros, as gzip itself allows. */
  async #isPadding(): Promise<boolean> {
    const window = this.#window
    if (window.bytes[window.at] !== 0) return false
    do {
      if (window.bytes.subarray(window.at, window.end).some(byte => byte !== 0)) return false
      window.at = window.end
    } while (await window.grow())
    return true
  }

  async #feed(member: Member): Promise<void> {
    const window = this.#window
    if (window.length === 0 && !(await window.grow())) {
      member.isFed = true
      member.stream.end()
      return
    }
    const end = window.position >= this.#carefulFrom ? window.at + 1 : window.end
    const piece = window.bytes.subarray(window.at, end)
    window.at = end
    member.write(piece)
  }

  /** An engine at its member's end leaves the rest of a piece alone, and says no more about it than that. */
  #isOver(member: Member): boolean {
    return !member.isWriting && member.position < this.#window.position
  }

  async #endMember(member: Member): Promise<void> {
    const window = this.#window
    // What the engine did not want belongs to the next member. It is still in the window: that is refilled only when empty.
    window.at -= window.position - member.position
    member.stream.destroy()
    this.#member = null
    this.#carefulFrom = Number.POSITIVE_INFINITY
    if (this.#compression !== 'gzip') return
    while (window.length < trailerBytes) {
      if (!(await window.grow())) throw this.#corrupt('truncated', window.position + window.length)
    }
    const trailer = new DataView(window.bytes.buffer, window.at, trailerBytes)
    const isWhole = trailer.getUint32(0, true) === member.crc && trailer.getUint32(4, true) === member.length >>> 0
    if (!isWhole) throw this.#corrupt('checksum', window.position)
    window.at += trailerBytes
  }

  /**
   * An engine that fails keeps what it had made of the failing piece to itself. Where we can go back, the member is
   * read again and that piece fed byte by byte, so that everything before the fault comes out.
   */
  #recover(member: Member, cause: Error): void {
    const at = member.position
    const isEarlyEnd = member.isFed
    const isCareful = this.#carefulFrom !== Number.POSITIVE_INFINITY
    if (isEarlyEnd || isCareful || !this.#window.seek(member.start)) {
      throw this.#corrupt(isEarlyEnd ? 'truncated' : reasonOf(cause), at, cause)
    }
    this.#carefulFrom = at
    this.#skip = member.length
    this.#member = new Member(this.#compression, member.start)
  }

  #corrupt(reason: CorruptReason, offset: number, cause?: unknown): Error {
    return corruptInput({ name: this.name, offset, format: this.#compression, reason, cause })
  }
}

function reasonOf(cause: Error): CorruptReason {
  const code = 'code' in cause ? cause.code : ''
  if (code === 'ZSTD_error_prefix_unknown') return 'trailing'
  return code === 'ZSTD_error_frameParameter_windowTooLarge' ? 'window' : 'damaged'
}
