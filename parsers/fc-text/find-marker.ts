// Hot path: lifecycle markers (facts/fc-log-formats §1), which stand anywhere in a line.
import { Outcome, type OutcomeCode } from '../../src/model/outcome.ts'
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind, type KindCode } from '../../src/model/record-kind.ts'
import { asciiWord, viewOf } from '../shared/byte-view.ts'
import { asciiBytes, findWord, matchesAnyCase, matchesAt, SearchWord } from '../shared/match-bytes.ts'
import { capitalIdEnd, knownIdEnd } from './known-id.ts'
import { readUsage } from './read-usage.ts'
import { isAbsentId, tokenEnd } from './request-id.ts'

const invoke = asciiBytes('invoke')
const initialize = asciiBytes('initialize')
const preFreeze = asciiBytes('prefreeze')
const preStop = asciiBytes('prestop')
const startTail = asciiBytes('Start RequestId:')
const endTail = asciiBytes('End RequestId:')
const requestIdWord = new SearchWord(' RequestId:')

const errorWord = asciiBytes(', Error: ')
const handledWord = asciiBytes('Handled function error')
const canceledWord = asciiBytes('Invocation canceled by client')

// `FC Invoke Start RequestId:` and its like as words of four bytes; a marker's end is compared with a word that overlaps.
const fcI = asciiWord('FC I')
const nvok = asciiWord('nvok')
const niti = asciiWord('niti')
const aliz = asciiWord('aliz')
const eSt = asciiWord('e St')
const art = asciiWord('art ')
const requ = asciiWord('Requ')
const estI = asciiWord('estI')
const eEn = asciiWord('e En')
const dRe = asciiWord('d Re')
const ques = asciiWord('ques')
const tId = asciiWord('tId:')
/** `FC ` in the three lower bytes. */
const fcBlank = asciiWord('FC \0')

const invokeStart = Kind.invokeStart
const initializeStart = Kind.initializeStart

/** Bytes of the shortest marker. */
const shortestMarker = 'FC Invoke End RequestId:'.length

/** From `FC` to the blank before `RequestId:` in the shortest and the longest marker. */
const shortestHead = 'FC Invoke End'.length
const longestHead = 'FC Initialize Start'.length

/**
 * Finds the line's first marker and fills kind, id, outcome and figures from it. `candidate` is at or before the first `FC` of the line.
 * Returns where the marker begins, or -1 when the line has none.
 */
export function readMarker(buf: Uint8Array, candidate: number, end: number, line: ParsedLine): number {
  if (readMarkerAt(buf, candidate, end, line)) return candidate
  return readMarkerBehind(buf, candidate + 1, end, line)
}

/**
 * As {@link readMarker} for [start, end), without a candidate. Looks for the longest word that all markers share, which skips
 * most bytes, and then back from it: base64 text is full of `FC`.
 */
export function readMarkerBehind(buf: Uint8Array, start: number, end: number, line: ParsedLine): number {
  // Most markers begin their line.
  if (readMarkerAt(buf, start, end, line)) return start
  let from = start + shortestHead
  while (from < end) {
    const at = findWord(buf, from, end, requestIdWord)
    if (at < 0) return -1
    for (let head = at - shortestHead; head >= start && head >= at - longestHead; head--) {
      if (buf[head] === 70 && readMarkerAt(buf, head, end, line)) return head
    }
    from = at + 1
  }
  return -1
}

function readMarkerAt(buf: Uint8Array, at: number, end: number, line: ParsedLine): boolean {
  if (at + shortestMarker > end) return false
  const view = viewOf(buf)
  const head = view.getInt32(at, true)
  if (head === fcI) {
    const name = view.getInt32(at + 4, true)
    if (name === nvok) {
      if (readSide(buf, at + 8, end, invokeStart, line)) return true
    } else if (name === niti && view.getInt32(at + 8, true) === aliz) {
      if (readSide(buf, at + 12, end, initializeStart, line)) return true
    }
  } else if ((head & 0xffffff) !== fcBlank) return false
  return readAnyMarkerAt(buf, at, end, line)
}

/** `e Start RequestId:` or `e End RequestId:` at `at`, four bytes before `end` at least, and what follows. */
function readSide(buf: Uint8Array, at: number, end: number, start: KindCode, line: ParsedLine): boolean {
  const view = viewOf(buf)
  const side = view.getInt32(at, true)
  if (side === eSt) {
    if (at + 18 > end || view.getInt32(at + 4, true) !== art || view.getInt32(at + 8, true) !== requ) return false
    if (view.getInt32(at + 12, true) !== estI || view.getInt32(at + 14, true) !== tId) return false
    line.kind = start
    readId(buf, at + 18, end, line)
    return true
  }
  if (side !== eEn || at + 16 > end || view.getInt32(at + 4, true) !== dRe) return false
  if (view.getInt32(at + 8, true) !== ques || view.getInt32(at + 12, true) !== tId) return false
  // An End's number is its Start's plus one (see `Kind`).
  line.kind = (start + 1) as KindCode
  const behind = readId(buf, at + 16, end, line)
  if (behind < end) line.outcome = readOutcome(buf, behind, end, line)
  return true
}

/** The rarer phases, and those that own runtimes spell in another case. */
function readAnyMarkerAt(buf: Uint8Array, at: number, end: number, line: ParsedLine): boolean {
  const kind = phaseStartKind(buf, at + 3, end)
  if (kind === Kind.text) return false
  const blankAt = at + 3 + phaseLength(kind)
  if (buf[blankAt] !== 32) return false
  const sideAt = blankAt + 1
  if (matchesAt(buf, sideAt, end, startTail)) {
    line.kind = kind
    readId(buf, sideAt + startTail.length, end, line)
    return true
  }
  if (!matchesAt(buf, sideAt, end, endTail)) return false
  // An End's number is its Start's plus one (see `Kind`).
  line.kind = (kind + 1) as KindCode
  const behind = readId(buf, sideAt + endTail.length, end, line)
  line.outcome = readOutcome(buf, behind, end, line)
  return true
}

/** The Start kind of the phase whose word stands at `at`; `Kind.text` when there is none. */
function phaseStartKind(buf: Uint8Array, at: number, end: number): KindCode {
  const first = buf[at]! | 32
  if (first === 105) {
    if (matchesAnyCase(buf, at, end, invoke)) return Kind.invokeStart
    if (matchesAnyCase(buf, at, end, initialize)) return Kind.initializeStart
  } else if (first === 112) {
    if (matchesAnyCase(buf, at, end, preFreeze)) return Kind.preFreezeStart
    if (matchesAnyCase(buf, at, end, preStop)) return Kind.preStopStart
  }
  return Kind.text
}

function phaseLength(kind: KindCode): number {
  if (kind === Kind.invokeStart) return invoke.length
  if (kind === Kind.initializeStart) return initialize.length
  return kind === Kind.preFreezeStart ? preFreeze.length : preStop.length
}

/** Reads the id behind the colon; returns where it ends. */
function readId(buf: Uint8Array, at: number, end: number, line: ParsedLine): number {
  let start = at
  while (start < end && (buf[start] === 32 || buf[start] === 9)) start++
  let known = knownIdEnd(buf, start, end)
  if (known === start) known = capitalIdEnd(buf, start, end)
  const behind = known === end ? end : tokenEnd(buf, known, end)
  if (known === start && isAbsentId(buf, start, behind)) return behind
  line.idStart = start
  line.idEnd = behind
  return behind
}

function readOutcome(buf: Uint8Array, at: number, end: number, line: ParsedLine): OutcomeCode {
  if (at >= end || buf[at] !== 44 || !matchesAt(buf, at, end, errorWord)) return Outcome.ok
  const textAt = at + errorWord.length
  if (matchesAt(buf, textAt, end, handledWord)) return Outcome.handledError
  if (!matchesAt(buf, textAt, end, canceledWord)) return Outcome.unhandledError
  readUsage(buf, textAt + canceledWord.length, end, line)
  return Outcome.canceled
}
