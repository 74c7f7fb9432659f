// An input as it is stored, before decompression: a regular file, or a pipe, terminal or socket.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import type { Readable } from 'node:stream'
import { isatty } from 'node:tty'
import type { Input } from '../../model/input.ts'
import { inputError } from './input-error.ts'
import { StreamPull } from './stream-pull.ts'

/** An {@link Input} of stored bytes. */
export interface StoredInput extends Input {
  /** Goes on reading at this byte; false where the input can only be read once. */
  seek(position: number): boolean
}

/** Opens a path, or `-` for standard input. */
export async function openStoredInput(name: string): Promise<StoredInput> {
  try {
    // Without O_NONBLOCK opening a FIFO would block the whole process until somebody writes to it.
    const fd = name === '-' ? 0 : openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
    const stats = fstatSync(fd)
    if (stats.isDirectory()) {
      throw Object.assign(new Error('is a directory'), { code: 'EISDIR' })
    }
    const isStream = stats.isFIFO() || stats.isSocket() || isatty(fd)
    return isStream ? new StreamInput(name, await openStream(fd)) : new FileInput({ name, fd, stats })
  } catch (cause) {
    throw inputError(name, cause)
  }
}

// Sync reads with chunks of 1 MiB are as fast as reading ahead in the thread pool on two cores (235 to 245 ms for
// 256 MB with lines counted) and faster on one (235 against 241), and need one buffer less. But signals are seen only
// between two turns of the event loop.
const bytesPerTurn = 32 * 1024 * 1024

class FileInput implements StoredInput {
  readonly name: string
  readonly size: number | null
  bytesRead = 0
  readonly #fd: number
  #isOpen = true
  #bytesThisTurn = 0

  constructor(file: { name: string; fd: number; stats: Stats }) {
    this.name = file.name
    this.#fd = file.fd
    this.size = file.stats.isFile() && file.name !== '-' ? file.stats.size : null
  }

  readInto(target: Uint8Array, offset: number, length: number): number | Promise<number> {
    if (this.#bytesThisTurn >= bytesPerTurn) {
      this.#bytesThisTurn = 0
      return new Promise(resolve => setImmediate(resolve)).then(() => this.#read(target, offset, length))
    }
    return this.#read(target, offset, length)
  }

  #read(target: Uint8Array, offset: number, length: number): number {
    try {
      // Standard input is read from where it stands: whoever started us may have read a part of it.
      const count = readSync(this.#fd, target, offset, length, this.name === '-' ? null : this.bytesRead)
      this.bytesRead += count
      this.#bytesThisTurn += count
      return count
    } catch (cause) {
      throw inputError(this.name, cause)
    }
  }

  seek(position: number): boolean {
    if (this.name === '-') return false
    this.bytesRead = position
    return true
  }

  async close(): Promise<void> {
    if (this.#isOpen && this.#fd !== 0) closeSync(this.#fd)
    this.#isOpen = false
  }
}

/**
 * Pipes, terminals and sockets through the event loop: a read in the thread pool that waits for data would keep the
 * process from exiting when it is interrupted.
 */
async function openStream(fd: number): Promise<Readable> {
  if (isatty(fd)) {
    const { ReadStream } = await import('node:tty')
    return new ReadStream(fd)
  }
  const { Socket } = await import('node:net')
  return new Socket({ fd, readable: true, writable: false })
}

class StreamInput implements StoredInput {
  readonly name: string
  readonly size = null
  bytesRead = 0
  readonly #pull: StreamPull

  constructor(name: string, stream: Readable) {
    this.name = name
    this.#pull = new StreamPull(stream)
  }

  readInto(target: Uint8Array, offset: number, length: number): number | Promise<number> {
    const count = this.#pull.take(target, offset, length)
    this.bytesRead += count
    return count > 0 ? count : this.#wait(target, offset, length)
  }

  async #wait(target: Uint8Array, offset: number, length: number): Promise<number> {
    for (;;) {
      const count = this.#pull.take(target, offset, length)
      this.bytesRead += count
      if (count > 0 || this.#pull.ended) return count
      if (this.#pull.failure !== null) throw inputError(this.name, this.#pull.failure)
      await this.#pull.changed()
    }
  }

  seek(): boolean {
    return false
  }

  async close(): Promise<void> {
    this.#pull.stream.destroy()
  }
}
