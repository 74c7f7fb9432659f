// Hot path: comparing and finding fixed ASCII words in byte ranges. Positions are absolute; `end` is never read.

import { blankBit, byteClass } from './byte-classes.ts'
import { viewOf } from './byte-view.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const blankOrTab = blankBit

/** The bytes of an ASCII word, for tables that are built once. */
export const asciiBytes = (word: string): Uint8Array => Uint8Array.from(word, character => character.charCodeAt(0))

/** True when `word` stands at `at` and ends at or before `end`. */
export function matchesAt(buf: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  const length = word.length
  if (at + length > end) return false
  for (let i = 0; i < length; i++) if (buf[at + i] !== word[i]) return false
  return true
}

/** A word of four bytes or more that {@link matchesWord} compares four bytes at a time. */
export class FixedWord {
  readonly length: number
  /** Little-endian words at 0, 4, 8, …; the last one ends with the word and may overlap the one before it. */
  readonly words: Int32Array

  constructor(word: string) {
    const bytes = asciiBytes(word)
    const view = new DataView(bytes.buffer)
    this.length = bytes.length
    this.words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, i) =>
      view.getInt32(Math.min(i * 4, bytes.length - 4), true),
    )
  }
}

/** As {@link matchesAt}, for longer words. */
export function matchesWord(buf: Uint8Array, at: number, end: number, word: FixedWord): boolean {
  const { length, words } = word
  if (at + length > end) return false
  const view = viewOf(buf)
  const last = words.length - 1
  for (let i = 0; i < last; i++) if (view.getInt32(at + i * 4, true) !== words[i]) return false
  return view.getInt32(at + length - 4, true) === words[last]
}

/** As {@link matchesAt}, for a word of small letters only and text in any case. */
export function matchesAnyCase(buf: Uint8Array, at: number, end: number, lowerWord: Uint8Array): boolean {
  const length = lowerWord.length
  if (at + length > end) return false
  for (let i = 0; i < length; i++) if ((buf[at + i]! | 32) !== lowerWord[i]) return false
  return true
}

/** The first position at or after `at` that is neither blank nor tab; `end` when there is none. */
export function skipBlanks(buf: Uint8Array, at: number, end: number): number {
  let p = at
  while (p < end && (classes[buf[p]!]! & blankOrTab) !== 0) p++
  return p
}

/** The first position at or after `at` whose byte lacks all of `bits`; `end` when there is none. */
export function skipClass(buf: Uint8Array, at: number, end: number, bits: number): number {
  let p = at
  while (p < end && (classes[buf[p]!]! & bits) !== 0) p++
  return p
}

/** A word with the table that lets {@link findWord} look at about every n-th byte only (n = the word's length). */
export class SearchWord {
  readonly bytes: Uint8Array
  /** How far to go on when the byte under the word's last place is this one (Horspool). */
  readonly shift: Uint8Array

  constructor(word: string) {
    this.bytes = asciiBytes(word)
    const last = this.bytes.length - 1
    this.shift = new Uint8Array(256).fill(this.bytes.length)
    for (let i = 0; i < last; i++) this.shift[this.bytes[i]!] = last - i
  }
}

/** Where `word` first stands whole in [start, end); -1 when it does not. */
export function findWord(buf: Uint8Array, start: number, end: number, word: SearchWord): number {
  const { bytes, shift } = word
  const last = bytes.length - 1
  const lastByte = bytes[last]!
  const firstByte = bytes[0]!
  for (let tail = start + last; tail < end; ) {
    const byte = buf[tail]!
    if (byte === lastByte && buf[tail - last] === firstByte && matchesAt(buf, tail - last, end, bytes))
      return tail - last
    tail += shift[byte]!
  }
  return -1
}
