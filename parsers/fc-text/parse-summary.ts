// Summaries of the platform and of local runs (facts/fc-log-formats §3a, §3b), from a given position of a line.
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind } from '../../src/model/record-kind.ts'
import { asciiBytes, matchesAt, skipBlanks } from '../shared/match-bytes.ts'
import { readDecimal } from '../shared/read-decimal.ts'
import { figureEnd } from './read-usage.ts'
import { isAbsentId, tokenEnd } from './request-id.ts'

const requestId = asciiBytes('RequestId:')
const duration = asciiBytes('Duration:')
const billed = asciiBytes('Billed Duration:')
const memory = asciiBytes('Memory Size:')
const used = asciiBytes('Max Memory Used:')
const ms = asciiBytes('ms')
const mb = asciiBytes('MB')
const notGiven = asciiBytes('undefined')

/** Fills `line` from the summary at `at`; false (and nothing changed) when there is none. */
export function readSummary(buf: Uint8Array, at: number, end: number, line: ParsedLine): boolean {
  const local = matchesAt(buf, at, end, requestId)
  let p: number
  let idStart = 0
  let idEnd = 0
  if (local) {
    idStart = skipBlanks(buf, at + requestId.length, end)
    idEnd = tokenEnd(buf, idStart, end)
    if (isAbsentId(buf, idStart, idEnd)) idStart = idEnd
    p = gapEnd(buf, idEnd, end)
  } else {
    p = figureBehind(buf, at, end, duration, ms)
    if (p < 0) return false
    p = gapEnd(buf, p, end)
  }
  const billedAt = p
  const memoryAt = gapEnd(buf, figureBehind(buf, billedAt, end, billed, ms), end)
  const usedAt = gapEnd(buf, figureBehind(buf, memoryAt, end, memory, mb), end)
  if (usedAt < 0 || figureBehind(buf, usedAt, end, used, mb) < 0) return false
  line.kind = Kind.summary
  line.idStart = idStart
  line.idEnd = idEnd
  if (!local) line.durationMs = figure(buf, at, end, duration)
  line.billedMs = figure(buf, billedAt, end, billed)
  line.memoryMB = figure(buf, memoryAt, end, memory)
  line.maxMemoryUsedMB = figure(buf, usedAt, end, used)
  return true
}

/** Behind `key figure unit` at `at`; -1 when something else stands there, or `at` is -1 already. */
function figureBehind(buf: Uint8Array, at: number, end: number, key: Uint8Array, unit: Uint8Array): number {
  if (at < 0 || !matchesAt(buf, at, end, key)) return -1
  const from = skipBlanks(buf, at + key.length, end)
  const to = matchesAt(buf, from, end, notGiven) ? from + notGiven.length : figureEnd(buf, from, end)
  const unitAt = skipBlanks(buf, to, end)
  return to > from && matchesAt(buf, unitAt, end, unit) ? unitAt + unit.length : -1
}

function figure(buf: Uint8Array, at: number, end: number, key: Uint8Array): number {
  const from = skipBlanks(buf, at + key.length, end)
  return readDecimal(buf, from, figureEnd(buf, from, end))
}

/** Blanks, tabs and commas part the figures: the platform prints commas, local tools blanks and tabs. */
function gapEnd(buf: Uint8Array, at: number, end: number): number {
  let p = at
  while (p >= 0 && p < end && (buf[p] === 32 || buf[p] === 9 || buf[p] === 44)) p++
  return p
}
