// Hot path: what consoles put in front of a line: a field's name, an instance id, a time (facts/fc-log-formats §2, "Console copies").
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { byteClass, digitBit, platformIdBit } from '../shared/byte-classes.ts'
import { asciiBytes, matchesAt, skipBlanks } from '../shared/match-bytes.ts'
import { clockLength, isClock, zoneEnd } from './clock-shape.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const digit = digitBit
const platformId = platformIdBit

const messageField = asciiBytes('message:')
const runtimeWord = asciiBytes('FunctionCompute ')
const markerWord = asciiBytes('FC ')

// `c-` 8 `-` 20, the same cut in front by a careless copy, and the shape `c-` 8 `-` 8 `-` 12 of newer instances.
const instanceLengths = [31, 29, 32]

/**
 * Fills instance id and console time from the head of [at, end) and returns where the line proper begins; `at` when
 * nothing is in front of it.
 */
export function readHead(buf: Uint8Array, at: number, end: number, line: ParsedLine): number {
  let p = at
  if (buf[p] === 109 && matchesAt(buf, p, end, messageField)) p = skipBlanks(buf, p + messageField.length, end)
  const instance = instanceEnd(buf, p, end)
  if (instance > 0) {
    line.instanceStart = p
    line.instanceEnd = instance
    line.prefixTimeAt = instance
    const behind = instance + clockLength
    return behind < end && buf[behind] === 32 ? behind + 1 : behind
  }
  if (p >= end || (classes[buf[p]!]! & digit) === 0 || !isClock(buf, p, end)) return p
  return readPrefixTime(buf, p, end, line)
}

/** The clock at `at` is known to be one. Returns where the line proper begins: `at` itself when the time belongs to the text. */
export function readPrefixTime(buf: Uint8Array, at: number, end: number, line: ParsedLine): number {
  if (buf[at + 4] !== 45 || buf[at + 10] !== 32) return at
  const behind = at + clockLength
  if (behind >= end) return at
  const next = buf[behind]!
  if (next === 32) {
    const text = behind + 1
    if (text >= end || buf[text] !== 70) return at
    if (!matchesAt(buf, text, end, markerWord) && !matchesAt(buf, text, end, runtimeWord)) return at
    line.prefixTimeAt = at
    return text
  }
  if (isTimesOwn(buf, behind, end)) return at
  line.prefixTimeAt = at
  return behind
}

/** True when the byte behind the seconds goes on with the time, or parts it from what follows: then nothing is glued on. */
function isTimesOwn(buf: Uint8Array, at: number, end: number): boolean {
  const next = buf[at]!
  // Tab, comma, colon, semicolon and bar part; a point or comma may also begin a fraction.
  if (next === 9 || next === 44 || next === 58 || next === 59 || next === 124) return true
  if (next === 46) return at + 1 < end && (classes[buf[at + 1]!]! & digit) !== 0
  const zone = zoneEnd(buf, at, end)
  return zone > at && (zone >= end || buf[zone] === 32 || buf[zone] === 9 || buf[zone] === 58)
}

/** Where the instance id at `at` ends, if a console time is glued to it; -1 else. */
function instanceEnd(buf: Uint8Array, at: number, end: number): number {
  // The shortest form needs 29 bytes and the time; its ninth byte is the dash behind eight digits.
  if (at + 29 + clockLength > end) return -1
  const withLetter = buf[at] === 99 && buf[at + 1] === 45
  if (!withLetter && buf[at + 8] !== 45) return -1
  for (const length of instanceLengths) {
    if (withLetter === (length === 29)) continue
    const behind = at + length
    if (!isClock(buf, behind, end) || buf[behind + 4] !== 45 || buf[behind + 10] !== 32) continue
    let p = withLetter ? at + 2 : at
    while (p < behind && (classes[buf[p]!]! & platformId) !== 0) p++
    if (p === behind) return behind
  }
  return -1
}
