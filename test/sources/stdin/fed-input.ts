// An input that a test fills by hand, as a pipe that somebody writes to.
import type { Input } from '../../../src/model/input.ts'

export class FedInput implements Input {
  readonly name = '-'
  readonly size = null
  bytesRead = 0
  isClosed = false
  #bytes: Buffer = Buffer.alloc(0)
  #hasEnded = false
  #failure: Error | null = null
  #wake: (() => void) | null = null

  /** Text is one byte a character. */
  feed(text: string | Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, typeof text === 'string' ? Buffer.from(text, 'latin1') : text])
    this.#wakeReader()
  }

  end(failure: Error | null = null): void {
    this.#hasEnded = true
    this.#failure = failure
    this.#wakeReader()
  }

  /** Bytes that were fed and not yet read. */
  get waiting(): number {
    return this.#bytes.length
  }

  readInto(target: Uint8Array, offset: number, length: number): number | Promise<number> {
    const part = this.#bytes.subarray(0, length)
    if (part.length === 0) return this.#wait(target, offset, length)
    target.set(part, offset)
    this.#bytes = this.#bytes.subarray(part.length)
    this.bytesRead += part.length
    return part.length
  }

  async #wait(target: Uint8Array, offset: number, length: number): Promise<number> {
    while (this.#bytes.length === 0) {
      if (this.#failure !== null) throw this.#failure
      if (this.#hasEnded) return 0
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    return this.readInto(target, offset, length)
  }

  async close(): Promise<void> {
    this.isClosed = true
  }

  #wakeReader(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}
