// Hot path: finds the attempts of a request id from its bytes. Ids are packed into 32-bit words, four bytes each,
// so that hashing takes nine multiplications and comparing nine loads for the ids the platform uses.

import { Cell, idWords, none } from './attempt-layout.ts'
import type { AttemptTable } from './attempt-table.ts'
import type { IdIndex } from './id-index.ts'

/** Ids longer than this are no request ids of the platform; a line that has one counts as a line without an id. */
export const maxIdBytes = 256

const shortIdBytes = idWords * 4
/** In `idLength`: the id is in {@link RequestIds.longIds}. */
const longId = 255
/** In `idLength`: no id at all. */
const noId = 0

/** The chain of attempts per request id. `pack` first, then `find` or `add`. */
export class RequestIds {
  readonly index: IdIndex
  /** Keeps the order of entries unpredictable for whoever chooses the ids; results do not depend on it. */
  readonly seed: number
  readonly #table: AttemptTable
  readonly #idBytes: Buffer
  readonly #words = new Int32Array(idWords)
  #length = 0
  #hash = 0
  /** The buffer that `#view` looks at: ids come from very few buffers, and four bytes at a time are read by a view only. */
  #viewed: Uint8Array = Buffer.alloc(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** Rows lie in the input or, unescaped, in a second buffer. */
  #viewedBefore: Uint8Array = Buffer.alloc(0)
  #viewBefore: DataView = this.#view
  readonly #textBytes = new Uint8Array(maxIdBytes)
  readonly #textView = new DataView(this.#textBytes.buffer)
  /** Numbers that stand for long ids while any attempt has them, and the way back. */
  readonly #longIds = new Map<string, number>()
  readonly #longIdText = new Map<number, string>()
  #nextLongId = 1

  constructor(options: { index: IdIndex; table: AttemptTable; seed: number }) {
    this.index = options.index
    this.#table = options.table
    this.seed = options.seed | 0
    // Words are packed little-endian; a byte view of them reads the id back, as all machines that run Node are.
    const { cells } = options.table
    this.#idBytes = Buffer.from(cells.buffer, cells.byteOffset, cells.byteLength)
  }

  /** Makes the id at `[start, end)` the current one. False when it is too long to be one. */
  pack(buf: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    if (length > shortIdBytes) return this.#packLong(buf, start, end)
    const view = buf === this.#viewed ? this.#view : this.#viewOf(buf)
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

  /** The same for an id that is text already. */
  packText(text: string): boolean {
    const { length } = text
    if (length === 0 || length > maxIdBytes) return false
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at)
      // What is not ASCII takes more bytes than letters, and is never an id of the platform.
      if (unit > 0x7f) return this.pack(Buffer.from(text, 'utf8'), 0, Buffer.byteLength(text, 'utf8'))
      this.#textBytes[at] = unit
    }
    return this.pack(this.#textBytes, 0, length)
  }

  #viewOf(buf: Uint8Array): DataView {
    if (buf === this.#textBytes) return this.#textView
    if (buf === this.#viewedBefore) return this.#viewBefore
    this.#viewedBefore = this.#viewed
    this.#viewBefore = this.#view
    this.#viewed = buf
    this.#view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength)
    return this.#view
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
    const { cells } = this.#table
    const { entries, mask } = this.index
    const hash = this.#hash
    for (let at = this.index.homeOf(hash); ; at = (at + 1) & mask) {
      const slot = entries[at * 2 + 1]! - 1
      if (slot === none) return none
      if (entries[at * 2] !== hash || cells[slot + Cell.idLength] !== this.#length) continue
      if (this.#sameWords(cells, slot + Cell.id)) return slot
    }
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
    if (head === none) {
      this.index.insert(this.#hash, slot)
      return
    }
    table.cells[slot + Cell.nextSame] = head
    table.cells[head + Cell.previousSame] = slot
    this.index.replace(this.#hash, head, slot)
  }

  /** Gives the id in a slot this engine's hash, and puts it into the index if it is the newest of its chain. */
  indexAgain(slot: number): void {
    const { cells } = this.#table
    const length = cells[slot + Cell.idLength]!
    if (length === noId) return
    const from = (slot + Cell.id) * 4
    if (length === longId) {
      const number = cells[slot + Cell.id]!
      this.#hash = Math.imul(number ^ this.seed, 0x9e3779b1)
    } else this.pack(this.#idBytes, from, from + length)
    cells[slot + Cell.idHash] = this.#hash
    if (cells[slot + Cell.previousSame] === none) this.index.insert(this.#hash, slot)
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
    const { cells } = this.#table
    if (cells[slot + Cell.idLength] === noId) return
    const hash = cells[slot + Cell.idHash]!
    const next = cells[slot + Cell.nextSame]!
    const previous = cells[slot + Cell.previousSame]!
    if (next !== none) cells[next + Cell.previousSame] = previous
    if (previous !== none) cells[previous + Cell.nextSame] = next
    else if (next !== none) this.index.replace(hash, slot, next)
    else {
      this.index.remove(hash, slot)
      this.#forgetLongId(slot)
    }
  }

  #forgetLongId(slot: number): void {
    if (this.#table.cells[slot + Cell.idLength] !== longId) return
    const number = this.#table.cells[slot + Cell.id]!
    const text = this.#longIdText.get(number)
    this.#longIdText.delete(number)
    if (text !== undefined) this.#longIds.delete(text)
  }

  /** Ids that are too long for their slots, in a snapshot: number and text. */
  saveLongIds(): readonly (readonly [number, string])[] {
    return [...this.#longIdText]
  }

  loadLongIds(saved: readonly (readonly [number, string])[]): void {
    for (const [number, text] of saved) {
      this.#longIds.set(text, number)
      this.#longIdText.set(number, text)
      this.#nextLongId = Math.max(this.#nextLongId, number + 1)
    }
  }

  /** The id as text; null for an attempt without one. Ask before {@link remove}. */
  textOf(slot: number): string | null {
    const table = this.#table
    const length = table.cells[slot + Cell.idLength]!
    if (length === noId) return null
    if (length === longId) return this.#longIdText.get(table.cells[slot + Cell.id]!) ?? null
    return this.#idBytes.toString('utf8', (slot + Cell.id) * 4, (slot + Cell.id) * 4 + length)
  }
}
