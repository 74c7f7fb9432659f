// Where attempts live in the memory that the kernel for ordinary lines shares.
import type { LinearMemory } from '../lib/linear-memory.ts'

/** Words of an attempt's record. */
export const recordWords = 64

/** Words of an entry of the id index: the id's hash, and the slot + 1. */
export const entryWords = 2

/** Bytes of the engine's frame. */
const frameBytes = 288

/** Room for `capacity` attempts and the index of their ids. Only what is used costs memory. */
export class AttemptRoom {
  readonly capacity: number
  /** Most entries that the index can grow to: a power of two, twice the attempts or more. */
  readonly maxEntries: number
  readonly recordsAddress: number
  readonly entriesAddress: number
  readonly frameAddress: number

  constructor(memory: LinearMemory, capacity: number) {
    this.capacity = capacity
    this.maxEntries = 2 ** Math.ceil(Math.log2(capacity * 2))
    this.recordsAddress = memory.reserve(capacity * recordWords * 4)
    this.entriesAddress = memory.reserve(this.maxEntries * entryWords * 4)
    this.frameAddress = memory.reserve(frameBytes)
  }
}
