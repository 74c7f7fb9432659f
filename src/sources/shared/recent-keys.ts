// The keys of the frames that were written last, so that a body that is sent again is not taken again.
import { createHash } from 'node:crypto'
import { keyBytes } from './frame.ts'

/** The key of a frame: what a sender called its body, within its stream. 16 bytes as latin1. */
export const keyOf = (stream: string, name: string): string =>
  createHash('sha256').update(`${stream}\0${name}`).digest().toString('latin1', 0, keyBytes)

/** A bounded set that forgets what was added first. */
export class RecentKeys {
  readonly #keys = new Set<string>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#keys.size
  }

  has(key: string): boolean {
    return this.#keys.has(key)
  }

  add(key: string): void {
    this.#keys.delete(key)
    this.#keys.add(key)
    for (const oldest of this.#keys) {
      if (this.#keys.size <= this.#max) break
      this.#keys.delete(oldest)
    }
  }

  /** All keys, oldest first, as they stand at the beginning of a segment. */
  toBytes(): Buffer {
    return Buffer.from([...this.#keys].join(''), 'latin1')
  }

  addBytes(bytes: Buffer): void {
    for (let at = 0; at + keyBytes <= bytes.length; at += keyBytes) {
      this.add(bytes.toString('latin1', at, at + keyBytes))
    }
  }
}
