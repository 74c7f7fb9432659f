// Reads the content of one compressed file forwards, from its beginning to whatever can be read of it.
import { readSync } from 'node:fs'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { type Compression, DecompressedInput } from './decompressed-input.ts'
import { type Fingerprint, hashOf } from './fingerprint.ts'
import { inputError } from './input-error.ts'
import type { StoredInput } from './stored-input.ts'

const skipBytes = 256 * 1024

export class ArchiveReader {
  /** Plain bytes taken so far. */
  position = 0
  /** Why it goes no further, when that is not its proper end. */
  failure: FcscopeError | null = null
  isAtEnd = false
  readonly #input: DecompressedInput
  #scratch: Uint8Array | null = null

  /** The descriptor stays the caller's, and must stay open until {@link close}. */
  constructor(file: { fd: number; name: string; compression: Compression }) {
    this.#input = new DecompressedInput(new DescriptorInput(file.fd, file.name), file.compression, new Uint8Array(0))
  }

  /** Stored bytes read so far. */
  get storedBytes(): number {
    return this.#input.bytesRead
  }

  /** Fills the target from `offset` to its end, as far as there are bytes. Never fails: see {@link failure}. */
  async fill(target: Uint8Array, offset: number): Promise<number> {
    let count = 0
    while (offset + count < target.length && !this.isAtEnd) {
      const more = await this.#readInto(target, offset + count)
      count += more
      if (more === 0) this.isAtEnd = true
    }
    this.position += count
    return count
  }

  /** The next bytes, fewer than `length` only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    return bytes.subarray(0, await this.fill(bytes, 0))
  }

  /** Goes forward; false when the content ends before, or `isStopped` says so. */
  async skipTo(position: number, isStopped: () => boolean): Promise<boolean> {
    this.#scratch ??= new Uint8Array(skipBytes)
    while (this.position < position && !this.isAtEnd && !isStopped()) {
      await this.fill(this.#scratch.subarray(0, position - this.position), 0)
    }
    return this.position === position
  }

  /** Goes to `end`; false when other bytes than these stand before it. */
  async passTo(end: number, print: Fingerprint, isStopped: () => boolean): Promise<boolean> {
    if (!(await this.skipTo(end - print.length, isStopped))) return false
    const bytes = await this.take(print.length)
    return bytes.length === print.length && hashOf(bytes) === print.hash
  }

  /** Must not be called while bytes are awaited. */
  close(): void {
    void this.#input.close()
  }

  async #readInto(target: Uint8Array, offset: number): Promise<number> {
    try {
      return await this.#input.readInto(target, offset, target.length - offset)
    } catch (cause) {
      if (!(cause instanceof FcscopeError)) throw cause
      this.failure = cause
      return 0
    }
  }
}

/** The stored bytes of a file that somebody else opened and will close. */
class DescriptorInput implements StoredInput {
  readonly name: string
  readonly size = null
  bytesRead = 0
  readonly #fd: number

  constructor(fd: number, name: string) {
    this.#fd = fd
    this.name = name
  }

  readInto(target: Uint8Array, offset: number, length: number): number {
    try {
      const count = readSync(this.#fd, target, offset, length, this.bytesRead)
      this.bytesRead += count
      return count
    } catch (cause) {
      throw inputError(this.name, cause)
    }
  }

  seek(position: number): boolean {
    this.bytesRead = position
    return true
  }

  async close(): Promise<void> {
    // The descriptor is not ours.
  }
}
