// Hot path: from the hash of a request id to the newest attempt of that id. Open addressing with the hash in the entry: a
// look-up that finds nothing, as every new request's does, touches no attempt's record. The kernel reads the same entries.
import type { LinearMemory } from '../lib/linear-memory.ts'
import { type AttemptRoom, entryWords } from './attempt-room.ts'
import { type EngineFrame, Frame } from './engine-frame.ts'

/** Entries at the beginning. The index grows with what it holds, so that it stays in the processor's cache. */
const firstEntries = 8192

/** Entries of two words: the hash, and the slot + 1 (0 = free). At most half of them are taken. */
export class IdIndex {
  readonly address: number
  readonly entries: Int32Array
  readonly #maxEntries: number
  readonly #frame: Int32Array

  constructor(memory: LinearMemory, room: AttemptRoom, frame: EngineFrame) {
    this.address = room.entriesAddress
    this.entries = new Int32Array(memory.memory.buffer, room.entriesAddress, room.maxEntries * entryWords)
    this.#maxEntries = room.maxEntries
    this.#frame = frame.words
    this.#frame[Frame.entries] = room.entriesAddress
    this.#frame[Frame.indexMask] = Math.min(firstEntries, room.maxEntries) - 1
  }

  /** Entries in use less one; a power of two less one. */
  get mask(): number {
    return this.#frame[Frame.indexMask]!
  }

  /** The entry at which a search for a hash begins. */
  homeOf(hash: number): number {
    return (hash ^ (hash >>> 16)) & this.mask
  }

  /** Adds an entry; the caller has made sure that the id is not in the index. */
  insert(hash: number, slot: number): void {
    const count = ++this.#frame[Frame.indexCount]!
    if (count * 2 > this.mask + 1 && this.mask + 1 < this.#maxEntries) this.#grow()
    this.#put(hash, slot + 1)
  }

  #put(hash: number, value: number): void {
    const { entries, mask } = this
    let at = this.homeOf(hash)
    while (entries[at * 2 + 1] !== 0) at = (at + 1) & mask
    entries[at * 2] = hash
    entries[at * 2 + 1] = value
  }

  /** Puts another slot in the place of one that is in the index. */
  replace(hash: number, slot: number, replacement: number): void {
    this.entries[this.#find(hash, slot) * 2 + 1] = replacement + 1
  }

  /** Removes a slot that is in the index, and closes the gap so that no search ends at it. */
  remove(hash: number, slot: number): void {
    const { entries, mask } = this
    let gap = this.#find(hash, slot)
    for (let at = (gap + 1) & mask; entries[at * 2 + 1] !== 0; at = (at + 1) & mask) {
      const wayFromHome = (at - this.homeOf(entries[at * 2]!)) & mask
      if (wayFromHome < ((at - gap) & mask)) continue
      entries[gap * 2] = entries[at * 2]!
      entries[gap * 2 + 1] = entries[at * 2 + 1]!
      gap = at
    }
    entries[gap * 2 + 1] = 0
    this.#frame[Frame.indexCount]!--
  }

  #find(hash: number, slot: number): number {
    const { entries, mask } = this
    let at = this.homeOf(hash)
    while (entries[at * 2 + 1] !== slot + 1) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const { entries } = this
    const old = entries.slice(0, (this.mask + 1) * 2)
    entries.fill(0, 0, old.length)
    this.#frame[Frame.indexMask] = this.mask * 2 + 1
    for (let at = 0; at < old.length; at += 2) {
      const value = old[at + 1]!
      if (value !== 0) this.#put(old[at]!, value)
    }
  }
}
