// Hot path: summaries of the platform and of local runs (facts/fc-log-formats §3a, §3b), one for every invocation. Figures are
// read while walking and kept aside, so that a line that is none after all leaves nothing behind.
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind } from '../../src/model/record-kind.ts'
import { FixedWord, matchesWord, skipBlanks } from '../shared/match-bytes.ts'
import { readDecimal } from '../shared/read-decimal.ts'
import { isAbsentId, tokenEnd } from './request-id.ts'

const requestId = new FixedWord('RequestId:')
const duration = new FixedWord('Duration:')
const billed = new FixedWord('Billed Duration:')
const memory = new FixedWord('Memory Size:')
const used = new FixedWord('Max Memory Used:')
const notGiven = new FixedWord('undefined')

// `ms` and `MB`, the first byte high.
const milliseconds = 0x6d73
const megabytes = 0x4d42

// Places of the figures in `figures`. A typed array, because every number that is stored into a variable costs an object.
const durationAt = 0
const billedAt = 1
const memoryAt = 2
const usedAt = 3
const figures = new Float64Array(4)

/** Fills `line` from the summary at `at`; false (and nothing changed) when there is none. */
export function readSummary(buf: Uint8Array, at: number, end: number, line: ParsedLine): boolean {
  let idStart = 0
  let idEnd = 0
  let p: number
  if (matchesWord(buf, at, end, requestId)) {
    idStart = skipBlanks(buf, at + requestId.length, end)
    idEnd = tokenEnd(buf, idStart, end)
    p = gapEnd(buf, idEnd, end)
    if (isAbsentId(buf, idStart, idEnd)) idStart = idEnd
    figures[durationAt] = Number.NaN
  } else p = readFigure(buf, keyEnd(buf, at, end, duration), end, milliseconds, durationAt)
  p = readFigure(buf, keyEnd(buf, p, end, billed), end, milliseconds, billedAt)
  p = readFigure(buf, keyEnd(buf, p, end, memory), end, megabytes, memoryAt)
  p = readFigure(buf, keyEnd(buf, p, end, used), end, megabytes, usedAt)
  if (p < 0) return false
  line.kind = Kind.summary
  line.idStart = idStart
  line.idEnd = idEnd
  line.durationMs = figures[durationAt]!
  line.billedMs = figures[billedAt]!
  line.memoryMB = figures[memoryAt]!
  line.maxMemoryUsedMB = figures[usedAt]!
  return true
}

/** Behind `key` and blanks at `at`; -1 when something else stands there, or `at` is -1 already. */
function keyEnd(buf: Uint8Array, at: number, end: number, key: FixedWord): number {
  return at >= 0 && matchesWord(buf, at, end, key) ? skipBlanks(buf, at + key.length, end) : -1
}

/** Reads `figure unit` at `at` into its place; returns where the next key may begin, -1 when there is no figure. */
function readFigure(buf: Uint8Array, at: number, end: number, unit: number, place: number): number {
  if (at < 0) return -1
  let to = at
  let value = 0
  let scale = 1
  let pointSeen = false
  for (; to < end; to++) {
    const byte = buf[to]!
    if (byte >= 48 && byte <= 57) {
      value = value * 10 + byte - 48
      if (pointSeen) scale *= 10
    } else if (byte === 46 && !pointSeen) pointSeen = true
    else break
  }
  // Of 15 digits at most both numbers are exact, so that one division rounds as it must.
  if (to > at && buf[at] !== 46) figures[place] = to - at <= 15 ? value / scale : readDecimal(buf, at, to)
  else if (matchesWord(buf, at, end, notGiven)) {
    figures[place] = Number.NaN
    to = at + notGiven.length
  } else return -1
  const unitAt = skipBlanks(buf, to, end)
  if (unitAt + 2 > end || ((buf[unitAt]! << 8) | buf[unitAt + 1]!) !== unit) return -1
  return gapEnd(buf, unitAt + 2, end)
}

/** Blanks, tabs and commas part the figures: the platform prints commas, local tools blanks and tabs. */
function gapEnd(buf: Uint8Array, at: number, end: number): number {
  let p = at
  while (p < end && (buf[p] === 32 || buf[p] === 9 || buf[p] === 44)) p++
  return p
}
