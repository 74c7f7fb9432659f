// The figures of a platform sentence (facts/fc-log-formats §4b). Runs only for lines whose first byte could begin one.
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { asciiBytes, matchesAt } from '../shared/match-bytes.ts'
import { readDecimal } from '../shared/read-decimal.ts'
import { noSentence, sentenceAt, sentenceName, sentenceStart } from './find-sentence.ts'
import { figureEnd, readUsage } from './read-usage.ts'

const afterWord = asciiBytes('after ')
const secondsWord = asciiBytes(' second')

/** Brackets with figures begin within this many bytes of a sentence. */
const maxFigureDistance = 160

/** True when a sentence begins at `at`, behind quotes and `Error: `; then its figures are in `line`. */
export function readSentence(buf: Uint8Array, at: number, end: number, line: ParsedLine): boolean {
  const start = sentenceStart(buf, at, end)
  const sentence = sentenceAt(buf, start, end)
  if (sentence === noSentence) return false
  const limit = Math.min(end, start + maxFigureDistance)
  for (let p = start; p < limit; p++) if (buf[p] === 40) readUsage(buf, p, end, line)
  if (sentenceName(sentence) === 'timedOut') readTimeout(buf, start, limit, line)
  return true
}

/** `timed out after 30 seconds`: the time-out is the duration. */
function readTimeout(buf: Uint8Array, start: number, end: number, line: ParsedLine): void {
  for (let p = start; p < end; p++) {
    if (buf[p] !== afterWord[0] || !matchesAt(buf, p, end, afterWord)) continue
    const from = p + afterWord.length
    const to = figureEnd(buf, from, end)
    // Rounded, for 120.7 * 1000 is no whole number of ms in binary.
    if (matchesAt(buf, to, end, secondsWord)) line.durationMs = Math.round(readDecimal(buf, from, to) * 1000)
    return
  }
}
