// Takes bytes out of a readable stream when the reader wants them, so that the stream holds no more than its own buffer.
import type { Readable } from 'node:stream'

/** A stream in paused mode, as something that can be asked. */
export class StreamPull {
  readonly stream: Readable
  /** True once everything was taken. */
  ended = false
  failure: Error | null = null
  #chunk: Uint8Array = new Uint8Array(0)
  #at = 0
  #wake: (() => void) | null = null

  constructor(stream: Readable) {
    this.stream = stream
    stream.on('readable', () => this.wake())
    stream.on('end', () => {
      this.ended = true
      this.wake()
    })
    stream.on('error', error => {
      this.failure = error
      this.wake()
    })
  }

  /** Copies what is there into `target`; 0 when nothing is there now. */
  take(target: Uint8Array, offset: number, length: number): number {
    if (this.#at === this.#chunk.length) {
      // A binary stream gives a Buffer or null, which its type leaves open.
      const chunk = this.stream.read() as Buffer | null
      if (chunk === null) return 0
      this.#chunk = chunk
      this.#at = 0
    }
    const part = this.#chunk.subarray(this.#at, this.#at + length)
    target.set(part, offset)
    this.#at += part.length
    return part.length
  }

  /** Settled when {@link take} may give more, or the stream ended or failed. Ask again afterwards. */
  changed(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  /** Ends a wait; for whoever knows of a change that the stream does not tell. */
  wake(): void {
    const wake = this.#wake
    this.#wake = null
    wake?.()
  }
}
