// Figures in sentences and summaries: `(duration: 9ms, maxMemoryUsage: 49.82MB)` (facts/fc-log-formats §4b).
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { asciiBytes, matchesAt, skipBlanks } from '../shared/match-bytes.ts'
import { readDecimal } from '../shared/read-decimal.ts'

const durationWord = asciiBytes('duration: ')
const memoryWord = asciiBytes('maxMemoryUsage: ')
const milliseconds = asciiBytes('ms')
const megabytes = asciiBytes('MB')

/** Reads the brackets that may follow a sentence at `at`; what they do not say stays as it is. */
export function readUsage(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  let p = skipBlanks(buf, at, end)
  if (p >= end || buf[p] !== 40) return
  p++
  if (matchesAt(buf, p, end, durationWord)) {
    const from = p + durationWord.length
    p = figureEnd(buf, from, end)
    if (matchesAt(buf, p, end, milliseconds)) line.durationMs = readDecimal(buf, from, p)
    p += 2
    if (p + 1 < end && buf[p] === 44) p = skipBlanks(buf, p + 1, end)
  }
  if (!matchesAt(buf, p, end, memoryWord)) return
  const from = p + memoryWord.length
  p = figureEnd(buf, from, end)
  if (matchesAt(buf, p, end, megabytes)) line.maxMemoryUsedMB = readDecimal(buf, from, p)
}

/** Where the digits and points that begin at `at` end. */
export function figureEnd(buf: Uint8Array, at: number, end: number): number {
  let p = at
  while (p < end && ((buf[p]! >= 48 && buf[p]! <= 57) || buf[p] === 46)) p++
  return p
}
