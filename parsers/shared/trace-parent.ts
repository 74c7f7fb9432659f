// Hot path: finds a `traceparent` of W3C that a function prints: in a dump of headers, in an object, or as a sentence.
// https://www.w3.org/TR/trace-context/#traceparent-header

import { byteClass, hexBit, tokenBit } from './byte-classes.ts'
import { asciiBytes, findWord, SearchWord } from './match-bytes.ts'

/** Headers are printed as they came (`traceparent`) or as some servers write them (`Traceparent`). */
const word = new SearchWord('raceparent')
/** `00-<trace>-<span>-01`; later versions may go on behind the flags. */
const valueBytes = 55
/** Between name and value: `: `, `=`, `":"`, `' => '`, `\": \"`, `:[`. */
const maxSignBytes = 8
const isSign = new Uint8Array(256)
for (const byte of asciiBytes(' \t"\'`\\:=>[(,')) isSign[byte] = 1
const dash = 0x2d
const smallT = 0x74

/**
 * The value of the first `traceparent` with one in [start, end) of `buf`, in small letters; null when there is none. Values that name no
 * trace or no parent (all zeros), and the version `ff`, are none.
 */
export function readTraceParent(buf: Buffer, start: number, end: number): string | null {
  // Behind the name there is room for a sign and a value.
  const lastEnd = end - 1 - valueBytes
  for (let at = findWord(buf, start, lastEnd, word); at >= 0; ) {
    const behind = at + word.bytes.length
    const value = beginsName(buf, start, at) ? valueBehind(buf, behind, end) : null
    if (value !== null) return value
    at = findWord(buf, behind, lastEnd, word)
  }
  return null
}

/** A `t` or `T` stands in front, and no name that only ends so. */
function beginsName(buf: Buffer, start: number, at: number): boolean {
  if (at <= start || (buf[at - 1]! | 0x20) !== smallT) return false
  return at - 1 === start || (byteClass[buf[at - 2]!]! & tokenBit) === 0
}

function valueBehind(buf: Buffer, from: number, end: number): string | null {
  let at = from
  while (at < end && at - from < maxSignBytes && isSign[buf[at]!]) at++
  const last = at + valueBytes
  if (at === from || last > end) return null
  if (!isValue(buf, at) || (last < end && (byteClass[buf[last]!]! & tokenBit) !== 0)) return null
  const value = buf.toString('latin1', at, last).toLowerCase()
  return value.startsWith('ff') || isNothing.test(value) ? null : value
}

const isNothing = /^..-0{32}-|-0{16}-..$/

function isValue(buf: Buffer, from: number): boolean {
  for (let at = 0; at < valueBytes; at++) {
    const byte = buf[from + at]!
    const isDash = at === 2 || at === 35 || at === 52
    if (isDash ? byte !== dash : (byteClass[byte]! & hexBit) === 0) return false
  }
  return true
}
