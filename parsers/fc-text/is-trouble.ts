// Hot path: does a plain text line tell of an exception? Asked for every `text` line, so the answer for ordinary prose must
// come from its first word. Only words that open messages of failed commands and connections are worth reading on.

import { blankBit, byteClass, digitBit, nameBit, pairClass } from '../shared/byte-classes.ts'
import { viewOf } from '../shared/byte-view.ts'
import { asciiBytes, findWord, matchesAt, SearchWord, skipBlanks } from '../shared/match-bytes.ts'
import { isClock, wholeTimeEnd } from './clock-shape.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const pairs = pairClass
const digit = digitBit
const blankOrTab = blankBit
const nameByte = nameBit

const errorEnding = asciiBytes('Error')
const exceptionEnding = asciiBytes('Exception')

/** Lines that begin like this are trouble. */
const openings = byFirstByte([
  'Traceback (most recent call last)',
  'panic: ',
  'Exception in thread',
  'Uncaught ',
  'uncaughtException',
  'Unhandled',
  'Fatal error',
  'PHP Fatal error',
  'PHP Parse error',
  'Parse error',
  'fatal error: ',
  'FATAL',
  'Killed',
  'signal: ',
  'Segmentation fault',
  'segmentation fault',
  'Out of memory',
  'out of memory',
  'exec format error',
  'exec user process caused',
  'No such file or directory',
  'Cannot find module ',
  'No module named ',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'npm ERR! ',
  '<--- Last few GCs --->',
])

/** Lines that begin like this are trouble when one of {@link complaints} follows: shells, connections, Go's `log.Fatal`. */
const suspects = byFirstByte([
  '/',
  './',
  'bash: ',
  'sh: ',
  'env: ',
  'exec ',
  'exec: ',
  'fork/exec ',
  'standard_init_linux',
  'connect ',
  'connection ',
  'Connection ',
  'could not ',
  'Could not ',
  'cannot ',
  'Cannot ',
  'dial ',
  'Get "',
  'Post "',
  'Put "',
  'lookup ',
  'curl: ',
  'failed ',
  'Failed ',
  'error ',
  'error: ',
  'Error ',
  'Unable ',
  'unable ',
  "Can't ",
  'python',
  'node: ',
  'java: ',
])

const complaints = [
  'ECONNREFUSED',
  'ETIMEDOUT',
  'onnection refused',
  'xec format error',
  'No such file or directory',
  'no such file or directory',
  'heap out of memory',
  'No module named',
  'i/o timeout',
  'ermission denied',
].map(word => new SearchWord(word))

/** 1 for each pair of bytes that one of the words above begins with; prose has others, mostly. */
const firstPairs = pairsOf([...openings, ...suspects])

/** How far a suspect line is read for a complaint. */
const maxComplaintBytes = 512

/** The longest exception's name that is looked at. */
const maxNameBytes = 160

/**
 * True for a text line that begins an exception or is its last line: `Traceback (most recent call last):`, `panic: …`,
 * `TypeError: …`, `java.lang.X: …`, `Killed`, a refused connection, a program that could not be run.
 * A time in front, as loggers without levels print it, is passed over.
 */
export function isTroubleText(buf: Uint8Array, start: number, end: number): boolean {
  if (start >= end) return false
  const first = buf[start]!
  const bits = classes[first]!
  if ((bits & blankOrTab) !== 0) return false
  if ((bits & digit) !== 0) return isTimedTrouble(buf, start, end)
  return beginsTrouble(buf, start, end)
}

function isTimedTrouble(buf: Uint8Array, start: number, end: number): boolean {
  if (!isClock(buf, start, end)) return false
  const at = skipBlanks(buf, wholeTimeEnd(buf, start, end), end)
  return at < end && beginsTrouble(buf, at, end)
}

function beginsTrouble(buf: Uint8Array, at: number, end: number): boolean {
  if (at + 2 > end) return false
  const view = viewOf(buf)
  if (firstPairs[view.getUint16(at, true)] === 0) return isExceptionName(buf, at, end)
  const first = buf[at]!
  const opened = openings[first]
  if (opened !== undefined && matchesOne(buf, at, end, opened)) return true
  const suspected = suspects[first]
  if (suspected !== undefined && matchesOne(buf, at, end, suspected) && complains(buf, at, end)) return true
  return isExceptionName(buf, at, end)
}

function matchesOne(buf: Uint8Array, at: number, end: number, words: readonly Uint8Array[]): boolean {
  for (let i = 0; i < words.length; i++) if (matchesAt(buf, at, end, words[i]!)) return true
  return false
}

function complains(buf: Uint8Array, at: number, end: number): boolean {
  const limit = Math.min(end, at + maxComplaintBytes)
  for (const complaint of complaints) if (findWord(buf, at, limit, complaint) >= 0) return true
  return false
}

/** A first word that ends with `Error` or `Exception` before `:`, ` [CODE]` or the line's end. */
function isExceptionName(buf: Uint8Array, at: number, end: number): boolean {
  const limit = Math.min(end, at + maxNameBytes)
  const view = viewOf(buf)
  let p = at
  while (p + 1 < limit && (pairs[view.getUint16(p, true)]! & nameByte) !== 0) p += 2
  if (p < limit && (classes[buf[p]!]! & nameByte) !== 0) p++
  if (p - at < errorEnding.length || (p < end && !endsName(buf, p, end))) return false
  if (buf[p - 1] === 114) return matchesAt(buf, p - errorEnding.length, end, errorEnding)
  return (
    buf[p - 1] === 110 &&
    p - at >= exceptionEnding.length &&
    matchesAt(buf, p - exceptionEnding.length, end, exceptionEnding)
  )
}

function endsName(buf: Uint8Array, at: number, end: number): boolean {
  if (buf[at] === 58 || buf[at] === 13) return true
  return buf[at] === 32 && at + 1 < end && (buf[at + 1] === 91 || buf[at + 1] === 123)
}

function byFirstByte(words: readonly string[]): (Uint8Array[] | undefined)[] {
  const table: (Uint8Array[] | undefined)[] = Array.from({ length: 256 }, () => undefined)
  for (const word of words) {
    const first = word.charCodeAt(0)
    const list = table[first] ?? []
    list.push(asciiBytes(word))
    table[first] = list
  }
  return table
}

function pairsOf(lists: readonly (readonly Uint8Array[] | undefined)[]): Uint8Array {
  const table = new Uint8Array(65_536)
  for (const words of lists) {
    for (const [first = 0, second] of words ?? []) {
      if (second !== undefined) table[first | (second << 8)] = 1
      // A single byte is followed by anything.
      else for (let next = 0; next < 256; next++) table[first | (next << 8)] = 1
    }
  }
  return table
}
