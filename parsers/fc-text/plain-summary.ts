// Hot path: the summary as the platform prints it, one for every invocation: literal parts compared four bytes at a time, digits
// folded while walking. Any other spelling goes the general way in `parse-summary.ts`.
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind } from '../../src/model/record-kind.ts'
import { asciiWord, viewOf } from '../shared/byte-view.ts'

// `Duration: `; the last word of each literal overlaps the one before it.
const dura = asciiWord('Dura')
const tion = asciiWord('tion')
const onColon = asciiWord('on: ')
// ` ms, Billed Duration: `
const msComma = asciiWord(' ms,')
const bil = asciiWord(' Bil')
const ledBlank = asciiWord('led ')
// ` ms, Memory Size: `
const mem = asciiWord(' Mem')
const oryBlank = asciiWord('ory ')
const size = asciiWord('Size')
const zeColon = asciiWord('ze: ')
// ` MB, Max Memory Used: `
const mbComma = asciiWord(' MB,')
const max = asciiWord(' Max')
const used = asciiWord('Used')
const edColon = asciiWord('ed: ')

const durationLength = 'Duration: '.length
const billedLength = ' ms, Billed Duration: '.length
const memoryLength = ' ms, Memory Size: '.length
const usedLength = ' MB, Max Memory Used: '.length
const shortestSummary = 'Duration: 1 ms, Billed Duration: 1 ms, Memory Size: 1 MB, Max Memory Used: 1 MB'.length

/** Digits that fit a small integer, and the points among them. */
const maxFigureBytes = 9
const powersOfTen = Float64Array.from({ length: maxFigureBytes }, (_, exponent) => 10 ** exponent)

// Places of the figures in `figures`. A typed array, because every number that is stored into a variable costs an object.
const durationAt = 0
const billedAt = 1
const memoryAt = 2
const usedAt = 3
const figures = new Float64Array(4)

const summary = Kind.summary

/**
 * Fills `line` from `Duration: 12.34 ms, Billed Duration: 13 ms, Memory Size: 256 MB, Max Memory Used: 14.43 MB` at `at`;
 * false (and nothing changed) for everything else.
 */
export function readPlainSummary(buf: Uint8Array, at: number, end: number, line: ParsedLine): boolean {
  if (at + shortestSummary > end) return false
  const view = viewOf(buf)
  if (view.getInt32(at, true) !== dura || view.getInt32(at + 4, true) !== tion) return false
  if (view.getInt32(at + 6, true) !== onColon) return false
  let p = walkFigure(buf, at + durationLength, end, durationAt)
  if (p + billedLength > end || !isBilled(view, p)) return false
  p = walkFigure(buf, p + billedLength, end, billedAt)
  if (p + memoryLength > end || !isMemory(view, p)) return false
  p = walkFigure(buf, p + memoryLength, end, memoryAt)
  if (p + usedLength > end || !isUsed(view, p)) return false
  p = walkFigure(buf, p + usedLength, end, usedAt)
  if (p + 3 > end || buf[p] !== 32 || buf[p + 1] !== 77 || buf[p + 2] !== 66) return false
  line.kind = summary
  line.durationMs = figures[durationAt]!
  line.billedMs = figures[billedAt]!
  line.memoryMB = figures[memoryAt]!
  line.maxMemoryUsedMB = figures[usedAt]!
  return true
}

const isBilled = (view: DataView, at: number): boolean =>
  view.getInt32(at, true) === msComma &&
  view.getInt32(at + 4, true) === bil &&
  view.getInt32(at + 8, true) === ledBlank &&
  view.getInt32(at + 12, true) === dura &&
  view.getInt32(at + 16, true) === tion &&
  view.getInt32(at + 18, true) === onColon

const isMemory = (view: DataView, at: number): boolean =>
  view.getInt32(at, true) === msComma &&
  view.getInt32(at + 4, true) === mem &&
  view.getInt32(at + 8, true) === oryBlank &&
  view.getInt32(at + 12, true) === size &&
  view.getInt32(at + 14, true) === zeColon

const isUsed = (view: DataView, at: number): boolean =>
  view.getInt32(at, true) === mbComma &&
  view.getInt32(at + 4, true) === max &&
  view.getInt32(at + 8, true) === mem &&
  view.getInt32(at + 12, true) === oryBlank &&
  view.getInt32(at + 16, true) === used &&
  view.getInt32(at + 18, true) === edColon

/** Reads digits, and a point and more of them, into their place; returns where they end, `end` when this is no such figure. */
function walkFigure(buf: Uint8Array, at: number, end: number, place: number): number {
  const limit = Math.min(end, at + maxFigureBytes)
  let p = at
  let value = 0
  let digit = 0
  for (; p < limit; p++) {
    digit = buf[p]! - 48
    if (digit >>> 0 > 9) break
    value = (value * 10 + digit) | 0
  }
  if (p === at || p === limit) return end
  // A point, seen from `0`.
  if (digit !== -2) {
    figures[place] = value
    return p
  }
  const from = p + 1
  for (p = from; p < limit; p++) {
    digit = buf[p]! - 48
    if (digit >>> 0 > 9) break
    value = (value * 10 + digit) | 0
  }
  if (p === from || p === limit) return end
  // Both numbers are exact, so that one division rounds as it must.
  figures[place] = value / powersOfTen[p - from]!
  return p
}
