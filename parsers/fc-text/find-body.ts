// Hot path: is the text at a position an error body, in whatever language it is spelled (facts/fc-log-formats §4a)?
// Ordinary JSON lines are turned away by one word search; only lines that hold the key are walked through.

import { blankBit, byteClass, nameBit } from '../shared/byte-classes.ts'
import { asciiBytes, findWord, matchesAt, SearchWord } from '../shared/match-bytes.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const blankOrTab = blankBit
const nameByte = nameBit

const keyWord = new SearchWord('rrorMessage')
const phpArray = asciiBytes('array (')
const phpShortArray = asciiBytes('array(')

const openBrace = 123
const backslash = 92

/** True when an object begins at `at`: `{`, or PHP's `array (`. */
export function opensBody(buf: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false
  if (buf[at] === openBrace) return true
  return buf[at] === 97 && (matchesAt(buf, at, end, phpArray) || matchesAt(buf, at, end, phpShortArray))
}

/**
 * Where the error body that begins at `at` ends: behind its closing bracket, or `end` when it was cut off before that.
 * -1 when the object there has no key `errorMessage` or `ErrorMessage` of its own.
 */
export function errorBodyEnd(buf: Uint8Array, at: number, end: number): number {
  if (!opensBody(buf, at, end) || findWord(buf, at, end, keyWord) < 0) return -1
  let depth = 0
  let hasKey = false
  for (let p = at; p < end; p++) {
    const byte = buf[p]!
    if (byte === 34 || byte === 39) {
      const close = closingQuote(buf, p, end)
      if (depth === 1 && !hasKey) hasKey = isMessageKey(buf, p + 1, close) && isKeyBehind(buf, close + 1, end)
      p = close
    } else if (byte === openBrace || byte === 91 || byte === 40) depth++
    else if (byte === 125 || byte === 93 || byte === 41) {
      depth--
      if (depth === 0) return hasKey ? p + 1 : -1
    } else if ((classes[byte]! & nameByte) !== 0) {
      const nameEnd = wordEnd(buf, p, end)
      if (depth === 1 && !hasKey) hasKey = isMessageKey(buf, p, nameEnd) && isKeyBehind(buf, nameEnd, end)
      p = nameEnd - 1
    }
  }
  return hasKey ? end : -1
}

/** The quote that closes the one at `at`; `end` when there is none. A backslash guards the byte behind it. */
function closingQuote(buf: Uint8Array, at: number, end: number): number {
  const quote = buf[at]
  let p = at + 1
  while (p < end && buf[p] !== quote) p += buf[p] === backslash ? 2 : 1
  return Math.min(p, end)
}

const isMessageKey = (buf: Uint8Array, start: number, end: number): boolean =>
  end - start === keyWord.bytes.length + 1 &&
  (buf[start]! | 32) === 101 &&
  matchesAt(buf, start + 1, end, keyWord.bytes)

/** True when `:` or `=>` follows: a value that reads `errorMessage` is no key. */
function isKeyBehind(buf: Uint8Array, at: number, end: number): boolean {
  let p = at
  while (p < end && ((classes[buf[p]!]! & blankOrTab) !== 0 || buf[p] === 10 || buf[p] === 13)) p++
  return p < end && (buf[p] === 58 || (buf[p] === 61 && p + 1 < end && buf[p + 1] === 62))
}

function wordEnd(buf: Uint8Array, at: number, end: number): number {
  let p = at
  while (p < end && (classes[buf[p]!]! & nameByte) !== 0) p++
  return p
}
