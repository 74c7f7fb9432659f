// The records of a batch that could not be taken in.
import type { Chunk } from '../model/source.ts'
import type { DeadLetter } from '../pipeline/engine.ts'

/** Bytes that are kept of a line that was too long; all others are kept whole, so that they can be tried again. */
const maxTooLongBytes = 64 * 1024
/** Dead letters of one batch, and their bytes; then the batch is closed. */
const maxDeadLetters = 10_000
const maxDeadLettersBytes = 16 * 1024 * 1024

/** Collects dead letters until the batch is full of them. */
export class DeadLetterBatch {
  letters: DeadLetter[] = []
  #bytes = 0
  #chunk: Chunk | null = null
  #source = ''

  get isFull(): boolean {
    return this.letters.length >= maxDeadLetters || this.#bytes >= maxDeadLettersBytes
  }

  /** What is buried from here on comes from there. */
  enter(chunk: Chunk, source: string): void {
    this.#chunk = chunk
    this.#source = source
  }

  bury(reason: DeadLetter['reason'], bytes: Uint8Array, position: number): void {
    const kept = Buffer.from(reason === 'tooLong' ? bytes.subarray(0, maxTooLongBytes) : bytes)
    const { id: streamId, label: stream } = this.#chunk?.stream ?? { id: '', label: '' }
    this.letters.push({ reason, source: this.#source, streamId, stream, position, bytes: kept })
    this.#bytes += kept.length
  }

  clear(): void {
    this.letters = []
    this.#bytes = 0
  }
}
