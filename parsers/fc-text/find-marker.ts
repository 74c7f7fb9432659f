// Hot path: lifecycle markers (facts/fc-log-formats §1), which stand anywhere in a line.
import { Outcome, type OutcomeCode } from '../../src/model/outcome.ts'
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind, type KindCode } from '../../src/model/record-kind.ts'
import {
  asciiBytes,
  FixedWord,
  findWord,
  matchesAnyCase,
  matchesAt,
  matchesWord,
  SearchWord,
  skipBlanks,
} from '../shared/match-bytes.ts'
import { knownIdEnd } from './known-id.ts'
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

const invokeStartMarker = new FixedWord('FC Invoke Start RequestId:')
const invokeEndMarker = new FixedWord('FC Invoke End RequestId:')

/** Bytes of the shortest marker. */
const shortestMarker = invokeEndMarker.length

/** From `FC` to the blank before `RequestId:` in the shortest and the longest marker. */
const shortestHead = 'FC Invoke End'.length
const longestHead = 'FC Initialize Start'.length

/**
 * Finds the line's first marker and fills kind, id, outcome and figures from it. `candidate` is the first `FC` of the line.
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
  if (at + shortestMarker > end || buf[at + 1] !== 67 || buf[at + 2] !== 32 || buf[at] !== 70) return false
  if (matchesWord(buf, at, end, invokeStartMarker)) {
    line.kind = Kind.invokeStart
    readId(buf, at + invokeStartMarker.length, end, line)
    return true
  }
  if (matchesWord(buf, at, end, invokeEndMarker)) {
    line.kind = Kind.invokeEnd
    line.outcome = readOutcome(buf, readId(buf, at + invokeEndMarker.length, end, line), end, line)
    return true
  }
  return readAnyMarkerAt(buf, at, end, line)
}

/** The phases that are not invoke, and those that own runtimes spell in another case. */
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
  const start = skipBlanks(buf, at, end)
  const known = knownIdEnd(buf, start, end)
  const behind = tokenEnd(buf, known, end)
  if (known > start) {
    line.idStart = start
    line.idEnd = behind
    return behind
  }
  const absent = isAbsentId(buf, start, behind)
  line.idStart = absent ? 0 : start
  line.idEnd = absent ? 0 : behind
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
