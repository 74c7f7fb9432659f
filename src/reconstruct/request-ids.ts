// Hot path: finds the attempts of a request id from its bytes. Ids are packed into 32-bit words, four bytes each,
// so that hashing takes nine multiplications and comparing nine loads for the ids the platform uses.
import type { LinearMemory } from '../lib/linear-memory.ts'
import { type AttemptTable, Cell, idWords, none } from './attempt-table.ts'

/** Ids longer than this are no request ids of the platform; a line that has one counts as a line without an id. */
export const maxIdBytes = 256

const shortIdBytes = idWords * 4
const firstBuckets = 4096
/** In `idLength`: the id is in {@link RequestIds.longIds}. */
const longId = 255
/** In `idLength`: no id at all. */
const noId = 0

/** The chain of attempts per request id. `pack` first, then `find` or `add`. */
export class RequestIds {
  readonly #table: AttemptTable
  readonly #memory: LinearMemory
  /** Where the buckets begin in the shared memory. */
  readonly address: number
  readonly #maxBuckets: number
  /** First slot + 1 per bucket, 0 for none. Grows with the number of requests: small enough to stay in the processor's cache. */
  #buckets: Int32Array | null = null
  #mask = firstBuckets - 1
  #requests = 0
  readonly seed: number
  readonly #words = new Int32Array(idWords)
  #length = 0
  #hash = 0
  /** The buffer that `#view` looks at: ids come from very few buffers, and four bytes at a time are read by a view only. */
  #viewed: Uint8Array = Buffer.alloc(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** Numbers that stand for long ids while any attempt has them, and the way back. */
  readonly #longIds = new Map<string, number>()
  readonly #longIdText = new Map<number, string>()
  #nextLongId = 1

  /** `seed` keeps the order of buckets unpredictable for whoever chooses the ids; results do not depend on it. */
  constructor(options: { memory: LinearMemory; table: AttemptTable; seed: number }) {
    this.#table = options.table
    this.#memory = options.memory
    this.seed = options.seed | 0
    this.#maxBuckets = 2 ** Math.ceil(Math.log2(Math.max(options.table.capacity, firstBuckets)))
    this.address = options.memory.reserve(this.#maxBuckets * 4)
  }

  /** Buckets in use, less one: a power of two less one. */
  get mask(): number {
    return this.#mask
  }

  get #heads(): Int32Array {
    this.#buckets ??= new Int32Array(this.#memory.memory.buffer, this.address, this.#maxBuckets)
    return this.#buckets
  }

  /** Makes the id at `[start, end)` the current one. False when it is too long to be one. */
  pack(buf: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length > shortIdBytes) return this.#packLong(buf, start, end)
    if (buf !== this.#viewed) this.#viewBytes(buf)
    const view = this.#view
    const words = this.#words
    let hash = this.seed ^ length
    let at = start
    let word = 0
    const whole = end - 3
    for (; at < whole; at += 4) {
      const value = view.getInt32(at, true)
      words[word++] = value
      hash = Math.imul(hash ^ value, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    if (at < end) {
      let value = 0
      for (let shift = 0; at < end; at++, shift += 8) value |= buf[at]! << shift
      words[word++] = value
      hash = Math.imul(hash ^ value, 0x9e3779b1)
      hash ^= hash >>> 15
    }
    while (word < idWords) words[word++] = 0
    this.#length = length
    this.#hash = hash
    return true
  }

  #viewBytes(buf: Uint8Array): void {
    this.#viewed = buf
    this.#view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
  }

  #packLong(buf: Uint8Array, start: number, end: number): boolean {
    if (end - start > maxIdBytes) return false
    const text = Buffer.from(buf.subarray(start, end)).toString('utf8')
    let number = this.#longIds.get(text)
    if (number === undefined) {
      number = this.#nextLongId++
      this.#longIds.set(text, number)
      this.#longIdText.set(number, text)
    }
    this.#words.fill(0)
    this.#words[0] = number
    this.#length = longId
    this.#hash = Math.imul(number ^ this.seed, 0x9e3779b1)
    return true
  }

  /** The newest attempt of the current id; the others follow by `nextSame`. {@link none} when there is none. */
  find(): number {
    const table = this.#table
    const cells = table.cells
    const hash = this.#hash
    let slot = this.#heads[(hash ^ (hash >>> 16)) & this.#mask]! - 1
    while (slot !== none) {
      if (
        table.cells[slot + Cell.idHash] === hash &&
        table.cells[slot + Cell.idLength] === this.#length &&
        this.#sameWords(cells, slot + Cell.id)
      )
        return slot
      slot = table.cells[slot + Cell.nextInBucket]!
    }
    return none
  }

  #sameWords(cells: Int32Array, base: number): boolean {
    const words = this.#words
    for (let word = 0; word < idWords; word++) if (cells[base + word] !== words[word]) return false
    return true
  }

  /** Puts a fresh slot in front of the current id's chain, which begins with `head`, the result of {@link find}. */
  add(slot: number, head: number): void {
    const table = this.#table
    table.cells[slot + Cell.idHash] = this.#hash
    table.cells[slot + Cell.idLength] = this.#length
    const base = slot + Cell.id
    for (let word = 0; word < idWords; word++) table.cells[base + word] = this.#words[word]!
    let bucket = (this.#hash ^ (this.#hash >>> 16)) & this.#mask
    if (head === none) {
      if (++this.#requests > this.#mask) {
        this.#grow()
        bucket = (this.#hash ^ (this.#hash >>> 16)) & this.#mask
      }
      table.cells[slot + Cell.nextInBucket] = this.#heads[bucket]! - 1
      this.#heads[bucket] = slot + 1
      return
    }
    table.cells[slot + Cell.nextSame] = head
    table.cells[head + Cell.previousSame] = slot
    table.cells[slot + Cell.nextInBucket] = table.cells[head + Cell.nextInBucket]!
    this.#replaceInBucket(bucket, head, slot)
  }

  /** Marks a fresh slot as one without a request id; it is in no chain. */
  addNameless(slot: number): void {
    this.#table.cells[slot + Cell.idLength] = noId
  }

  /** The first slot of the chain that `slot` is in. */
  headOf(slot: number): number {
    const table = this.#table
    if (table.cells[slot + Cell.idLength] === noId) return slot
    const base = slot + Cell.id
    for (let word = 0; word < idWords; word++) this.#words[word] = table.cells[base + word]!
    this.#length = table.cells[slot + Cell.idLength]!
    this.#hash = table.cells[slot + Cell.idHash]!
    return this.find()
  }

  /** Takes one slot out of its chain. The slot keeps its id bytes. */
  remove(slot: number): void {
    const table = this.#table
    if (table.cells[slot + Cell.idLength] === noId) return
    const hash = table.cells[slot + Cell.idHash]!
    const bucket = (hash ^ (hash >>> 16)) & this.#mask
    const next = table.cells[slot + Cell.nextSame]!
    const previous = table.cells[slot + Cell.previousSame]!
    if (next !== none) table.cells[next + Cell.previousSame] = previous
    if (previous !== none) {
      table.cells[previous + Cell.nextSame] = next
      return
    }
    if (next !== none) {
      table.cells[next + Cell.nextInBucket] = table.cells[slot + Cell.nextInBucket]!
      this.#replaceInBucket(bucket, slot, next)
      return
    }
    this.#replaceInBucket(bucket, slot, table.cells[slot + Cell.nextInBucket]!)
    this.#requests--
    this.#forgetLongId(slot)
  }

  /** Twice as many buckets; every chain's first slot moves to its new place. */
  #grow(): void {
    if (this.#mask + 1 >= this.#maxBuckets) return
    const { cells } = this.#table
    const heads = this.#heads
    const old = heads.slice(0, this.#mask + 1)
    heads.fill(0, 0, this.#mask + 1)
    this.#mask = this.#mask * 2 + 1
    for (let first of old) {
      while (first !== 0) {
        const slot = first - 1
        first = cells[slot + Cell.nextInBucket]! + 1
        const hash = cells[slot + Cell.idHash]!
        const bucket = (hash ^ (hash >>> 16)) & this.#mask
        cells[slot + Cell.nextInBucket] = heads[bucket]! - 1
        heads[bucket] = slot + 1
      }
    }
  }

  #replaceInBucket(bucket: number, slot: number, replacement: number): void {
    const table = this.#table
    let at = this.#heads[bucket]! - 1
    if (at === slot) {
      this.#heads[bucket] = replacement + 1
      return
    }
    while (table.cells[at + Cell.nextInBucket] !== slot) at = table.cells[at + Cell.nextInBucket]!
    table.cells[at + Cell.nextInBucket] = replacement
  }

  #forgetLongId(slot: number): void {
    if (this.#table.cells[slot + Cell.idLength] !== longId) return
    const number = this.#table.cells[slot + Cell.id]!
    const text = this.#longIdText.get(number)
    this.#longIdText.delete(number)
    if (text !== undefined) this.#longIds.delete(text)
  }

  /** The id as text; null for an attempt without one. Ask before {@link remove}. */
  textOf(slot: number): string | null {
    const table = this.#table
    const length = table.cells[slot + Cell.idLength]!
    if (length === noId) return null
    if (length === longId) return this.#longIdText.get(table.cells[slot + Cell.id]!) ?? null
    return this.#bytesOf(table).toString('utf8', (slot + Cell.id) * 4, (slot + Cell.id) * 4 + length)
  }

  #idView: Buffer | undefined
  #bytesOf(table: AttemptTable): Buffer {
    // Words were packed little-endian by arithmetic; a byte view of them reads the id back on a little-endian machine.
    this.#idView ??= Buffer.from(table.cells.buffer, table.cells.byteOffset, table.cells.byteLength)
    return this.#idView
  }
}
