// Hot path: one text line to kind and byte ranges (docs/semantics.md §1). Two million lines have to pass in a tenth of a
// second or two, so: one look-up turns away lines that begin like nothing special, the frequent shapes are told by bytes at
// fixed places, and nothing is allocated. Every field is reset on every line; that costs less than finding out which must be.
import { Level } from '../../src/model/level.ts'
import { Outcome } from '../../src/model/outcome.ts'
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind } from '../../src/model/record-kind.ts'
import { skipBlanks } from '../shared/match-bytes.ts'
import { isClock, wholeTimeEnd } from './clock-shape.ts'
import { errorBodyEnd, opensBody } from './find-body.ts'
import { readMarker, readMarkerBehind } from './find-marker.ts'
import { isRuntimeStart } from './find-runtime-start.ts'
import { readBehindTime } from './parse-app-line.ts'
import { readSummary } from './parse-summary.ts'
import { readPlainSummary } from './plain-summary.ts'
import { readHead, readPrefixTime } from './read-head.ts'
import { readSentence } from './read-sentence.ts'
import { mayBeginKind } from './word-heads.ts'

const carriageReturn = 13
const kindText = Kind.text
const levelOther = Level.other
const outcomeOk = Outcome.ok
const escapeByte = 27
const openBrace = 123

// What a line's first byte may begin; 0 is plain text only.
const firstIsDigit = 1
/** `c-` of an instance id, `message:` or a word. */
const firstIsHead = 2
/** A bracket, a quote, a blank, a colour. */
const firstIsSign = 3
/** A word. */
const firstIsLetter = 4
const firstBytes = buildFirstBytes()

/**
 * Parses the line in [start, end) of `buf` into `line` (docs/semantics.md §1). One `\r` at the end is dropped. `candidate`
 * is a position at or before the first `FC` in the line, or -1 when it has none. Nothing outside [start, end) is read, and nothing
 * is left in `line` from the line before.
 */
export function parseLine(buf: Uint8Array, start: number, end: number, candidate: number, line: ParsedLine): void {
  const last = end > start && buf[end - 1] === carriageReturn ? end - 1 : end
  resetLine(line, start, last)
  if (candidate >= 0) {
    const marker = readMarker(buf, candidate, last, line)
    if (marker >= 0) {
      if (marker > start) readMarkerHead(buf, start, marker, line)
      return
    }
  }
  parseUnmarked(buf, start, last, line)
}

/** As {@link parseLine} where no scanner has looked for candidates: finds the marker by itself. */
export function parseUnscannedLine(buf: Uint8Array, start: number, end: number, line: ParsedLine): void {
  const last = end > start && buf[end - 1] === carriageReturn ? end - 1 : end
  resetLine(line, start, last)
  const marker = readMarkerBehind(buf, start, last, line)
  if (marker < 0) parseUnmarked(buf, start, last, line)
  else if (marker > start) readMarkerHead(buf, start, marker, line)
}

/** Forgets the last line: `line` is a plain text line that holds nothing else. */
export function resetLine(line: ParsedLine, start: number, end: number): void {
  line.kind = kindText
  line.start = start
  line.end = end
  line.idStart = 0
  line.idEnd = 0
  line.levelStart = 0
  line.levelEnd = 0
  line.level = levelOther
  line.instanceStart = 0
  line.instanceEnd = 0
  line.prefixTimeAt = -1
  line.textTimeAt = -1
  line.textTimeEnd = -1
  line.messageStart = start
  line.messageEnd = end
  line.outcome = outcomeOk
  line.durationMs = Number.NaN
  line.billedMs = Number.NaN
  line.memoryMB = Number.NaN
  line.maxMemoryUsedMB = Number.NaN
}

/** A line that is reset and has no marker. */
function parseUnmarked(buf: Uint8Array, start: number, end: number, line: ParsedLine): void {
  if (start >= end) return
  const first = firstBytes[buf[start]!]!
  if (first === 0) return
  if (first === firstIsLetter) {
    if (mayBeginKind(buf, start, end)) parseWord(buf, start, end, line)
    return
  }
  if (first === firstIsSign) {
    parseSign(buf, start, end, line)
    return
  }
  if (first === firstIsDigit && isClock(buf, start, end)) {
    const at = readPrefixTime(buf, start, end, line)
    if (at === start) parseTimed(buf, start, end, line)
    else parseProper(buf, at, end, line)
    return
  }
  const at = readHead(buf, start, end, line)
  if (at > start || first === firstIsHead) parseProper(buf, at, end, line)
}

/** What stands behind the head: a time, or one of the kinds without one. */
function parseProper(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  if (at >= end) return
  const first = firstBytes[buf[at]!]!
  if (first === firstIsDigit) {
    if (isClock(buf, at, end)) parseTimed(buf, at, end, line)
  } else if (first === firstIsSign) parseSign(buf, at, end, line)
  else if (mayBeginKind(buf, at, end)) parseWord(buf, at, end, line)
}

function parseTimed(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  const timeEnd = wholeTimeEnd(buf, at, end)
  line.textTimeAt = at
  line.textTimeEnd = timeEnd
  const behind = readBehindTime(buf, timeEnd, end, line)
  if (line.kind === Kind.text && behind > timeEnd) parseUnlevelled(buf, behind, end, line)
}

/** A runtime's start or a sentence behind a time without a level. */
function parseUnlevelled(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  if (at >= end) return
  const first = firstBytes[buf[at]!]!
  if (first === 0 || (first !== firstIsSign && !mayBeginKind(buf, at, end))) return
  if (buf[at] === 70 && isRuntimeStart(buf, at, end)) line.kind = Kind.runtimeStart
  else if (readSentence(buf, at, end, line)) line.kind = Kind.errorText
}

/** The kinds that begin with a word. */
function parseWord(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  switch (buf[at]) {
    case 68: // D
      if (readPlainSummary(buf, at, end, line) || readSummary(buf, at, end, line)) return
      break
    case 82: // R
      if (readSummary(buf, at, end, line)) return
      break
    case 70: // F
      if (isRuntimeStart(buf, at, end)) {
        line.kind = Kind.runtimeStart
        return
      }
      break
    case 97: // a, as in PHP's `array (`
      if (errorBodyEnd(buf, at, end) >= 0) {
        line.kind = Kind.errorJson
        return
      }
      break
  }
  if (readSentence(buf, at, end, line)) line.kind = Kind.errorText
}

/** The kinds that begin with a bracket, a quote, a blank or a colour. */
function parseSign(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  switch (buf[at]) {
    case openBrace:
      if (errorBodyEnd(buf, at, end) >= 0) line.kind = Kind.errorJson
      return
    case 32:
    case 9:
      readIndentedBody(buf, at, end, line)
      return
    case escapeByte:
      readSummary(buf, skipColour(buf, at, end), end, line)
      return
  }
  if (readSentence(buf, at, end, line)) line.kind = Kind.errorText
}

function readIndentedBody(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  const bodyAt = skipBlanks(buf, at, end)
  if (opensBody(buf, bodyAt, end) && errorBodyEnd(buf, bodyAt, end) >= 0) line.kind = Kind.errorJson
}

/** Instance id and times in front of a marker: a console's, or those of the logger whose line it stands in. */
function readMarkerHead(buf: Uint8Array, start: number, marker: number, line: ParsedLine): void {
  // The marker itself belongs to what is looked at: whether a time is the console's depends on what follows it.
  const at = readHead(buf, start, line.end, line)
  if (at >= marker || firstBytes[buf[at]!] !== firstIsDigit || !isClock(buf, at, marker)) return
  line.textTimeAt = at
  line.textTimeEnd = wholeTimeEnd(buf, at, marker)
}

/** Behind a colour's escape sequence (`ESC [ … m`) at `at`, if one stands there. */
function skipColour(buf: Uint8Array, at: number, end: number): number {
  if (buf[at] !== escapeByte || at + 1 >= end || buf[at + 1] !== 91) return at
  const limit = Math.min(end, at + 16)
  let p = at + 2
  while (p < limit && buf[p] !== 109) p++
  return p < limit ? p + 1 : at
}

function buildFirstBytes(): Uint8Array {
  const table = new Uint8Array(256)
  for (const character of '0123456789') table[character.charCodeAt(0)] = firstIsDigit
  for (const character of 'cm') table[character.charCodeAt(0)] = firstIsHead
  // Sentences, summaries, bodies, indented bodies, quoted sentences.
  for (const character of 'agnACDEFIMPRT') table[character.charCodeAt(0)] = firstIsLetter
  for (const character of `{"'\\ \t\x1b`) table[character.charCodeAt(0)] = firstIsSign
  return table
}
