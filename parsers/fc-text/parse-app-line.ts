// Hot path: what follows a time: level and request id in one of the orders of facts/fc-log-formats §2, or plain text.
// Written as one walk forward with early exits; the first branch is the order that four of five runtimes print.
import { Level, type LevelCode } from '../../src/model/level.ts'
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { Kind } from '../../src/model/record-kind.ts'
import { blankBit, byteClass, digitBit } from '../shared/byte-classes.ts'
import { asciiBytes, matchesAt, skipBlanks } from '../shared/match-bytes.ts'
import { isRuntimeStart } from './find-runtime-start.ts'
import { capitalIdEnd, knownIdEnd } from './known-id.ts'
import { levelOfCapitals, levelOfWord, notALevel } from './level-word.ts'
import { endsWord, IdLikeness, isPlatformId, likenessOfId, tokenEnd } from './request-id.ts'
import { takeUsualLevel } from './usual-level.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const digit = digitBit
const blankOrTab = blankBit

const blank = 32
const openBracket = 91
const closeBracket = 93

/** Longest text between a level's brackets; what is longer is no level. */
const maxLevelBytes = 64

const goStart = asciiBytes('start')

/**
 * Fills `line` from what stands behind its time, which ends at `at`. Leaves the kind `text` when there is no level;
 * returns where the text behind the time begins.
 */
export function readBehindTime(buf: Uint8Array, at: number, end: number, line: ParsedLine): number {
  let p = at
  if (p < end && buf[p] === 58) p++
  const begin = skipBlanks(buf, p, end)
  if (begin === p || begin === end) return begin
  if (buf[begin] === openBracket) {
    readLevelFirst(buf, begin, end, line)
    return begin
  }
  let idEnd = knownIdEnd(buf, begin, end)
  if (idEnd === begin) idEnd = capitalIdEnd(buf, begin, end)
  if (idEnd > begin && idEnd + 1 < end && buf[idEnd] === blank && buf[idEnd + 1] === openBracket) {
    readBracketLevel(buf, idEnd + 1, end, line, begin, idEnd)
    return begin
  }
  const wordEnd = tokenEnd(buf, begin, end)
  if (wordEnd === begin) return begin
  if (wordEnd + 1 < end && buf[wordEnd] === blank && buf[wordEnd + 1] === openBracket) {
    if (isPlatformId(buf, begin, wordEnd)) {
      readBracketLevel(buf, wordEnd + 1, end, line, begin, wordEnd)
      return begin
    }
  }
  readWordFirst(buf, begin, wordEnd, end, line)
  return begin
}

/** `<id> [LEVEL] msg` for an id that is one for certain. */
function readBracketLevel(
  buf: Uint8Array,
  at: number,
  end: number,
  line: ParsedLine,
  idStart: number,
  idEnd: number,
): void {
  let behind = takeUsualLevel(buf, at, end, line)
  if (behind < 0) {
    const close = bracketEnd(buf, at, end)
    if (close < 0) return
    takeOddLevel(buf, at + 1, close, line)
    behind = close + 1
  }
  line.idStart = idStart
  line.idEnd = idEnd
  takeMessage(buf, behind, end, line)
}

/** `[LEVEL] msg`, `[LEVEL] [<id>] msg`, `[thread] LEVEL msg`. */
function readLevelFirst(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  let behind = takeUsualLevel(buf, at, end, line)
  if (behind < 0) {
    const close = bracketEnd(buf, at, end)
    if (close < 0) return
    behind = close + 1
    const levelEnd = trimmedEnd(buf, at + 1, close)
    const code = levelOfWord(buf, at + 1, levelEnd)
    if (code === notALevel) {
      readThreadFirst(buf, behind, end, line)
      return
    }
    takeLevel(line, at + 1, levelEnd, code)
  }
  takeMessage(buf, javaIdEnd(buf, skipBlanks(buf, behind, end), end, line), end, line)
}

/** Behind the `[<id>]` at `at`, which is taken into `line`; `at` when no id stands there. */
function javaIdEnd(buf: Uint8Array, at: number, end: number, line: ParsedLine): number {
  if (at + 1 >= end || buf[at] !== openBracket) return at
  const idEnd = knownIdEnd(buf, at + 1, end)
  if (idEnd > at + 1 && idEnd < end && buf[idEnd] === closeBracket) {
    line.idStart = at + 1
    line.idEnd = idEnd
    return idEnd + 1
  }
  const wordEnd = tokenEnd(buf, at + 1, end)
  return wordEnd < end && buf[wordEnd] === closeBracket && takeJavaId(buf, at + 1, wordEnd, line) ? wordEnd + 1 : at
}

/** `[<id>]` behind a Java level. False for a thread's or a component's name, which is part of the message. */
function takeJavaId(buf: Uint8Array, start: number, end: number, line: ParsedLine): boolean {
  if (start === end) return true
  const likeness = likenessOfId(buf, start, end)
  if (likeness === IdLikeness.none) return false
  if (likeness !== IdLikeness.absent) {
    line.idStart = start
    line.idEnd = end
  }
  return true
}

/** `LEVEL msg` behind a thread's name in brackets, as log4j and logback print it. */
function readThreadFirst(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  const start = skipBlanks(buf, at, end)
  if (start === at) return
  const wordEnd = tokenEnd(buf, start, end)
  const code = levelOfCapitals(buf, start, wordEnd)
  if (code === notALevel || !endsWord(buf, wordEnd, end)) return
  takeLevel(line, start, wordEnd, code)
  takeMessage(buf, wordEnd, end, line)
}

/** `LEVEL msg`, `<id> [LEVEL] msg`, `<id> LEVEL msg`, Go's `start`; the word in [start, wordEnd) is read already. */
function readWordFirst(buf: Uint8Array, start: number, wordEnd: number, end: number, line: ParsedLine): void {
  if (!endsWord(buf, wordEnd, end)) return
  if (isCapital(buf[start]!)) {
    const bare = levelOfCapitals(buf, start, wordEnd)
    if (bare !== notALevel) {
      takeLevel(line, start, wordEnd, bare)
      takeMessage(buf, wordEnd, end, line)
      return
    }
  }
  const next = skipBlanks(buf, wordEnd, end)
  if (next === end) {
    if (isGoStart(buf, start, wordEnd, line)) line.kind = Kind.runtimeStart
    return
  }
  if (buf[next] === openBracket) {
    readUnsureId(buf, start, wordEnd, end, line)
    return
  }
  if (!isCapital(buf[next]!)) return
  const levelEnd = tokenEnd(buf, next, end)
  const code = levelOfCapitals(buf, next, levelEnd)
  if (code === notALevel || !endsWord(buf, levelEnd, end)) return
  const likeness = likenessOfId(buf, start, wordEnd)
  if (likeness === IdLikeness.none) return
  takeId(line, start, wordEnd, likeness)
  takeLevel(line, next, levelEnd, code)
  takeMessage(buf, levelEnd, end, line)
}

/** `<word> [LEVEL] msg` where the word may be an id, stand for none, or be prose. */
function readUnsureId(buf: Uint8Array, start: number, wordEnd: number, end: number, line: ParsedLine): void {
  const at = skipBlanks(buf, wordEnd, end)
  const close = bracketEnd(buf, at, end)
  if (close < 0) return
  const levelEnd = trimmedEnd(buf, at + 1, close)
  const code = levelOfWord(buf, at + 1, levelEnd)
  const likeness = likenessOfId(buf, start, wordEnd)
  if (code === notALevel) {
    // Prose goes on with brackets, too: only a certain id or an id's stand-in makes a level of an unknown word.
    if (likeness !== IdLikeness.certain && likeness !== IdLikeness.absent) return
    takeOddLevel(buf, at + 1, close, line)
  } else takeLevel(line, at + 1, levelEnd, code)
  takeId(line, start, wordEnd, likeness)
  takeMessage(buf, close + 1, end, line)
}

function takeId(line: ParsedLine, start: number, end: number, likeness: IdLikeness): void {
  if (likeness !== IdLikeness.perhaps && likeness !== IdLikeness.certain) return
  line.idStart = start
  line.idEnd = end
}

function takeLevel(line: ParsedLine, start: number, end: number, code: LevelCode): void {
  line.kind = Kind.appLine
  line.level = code
  line.levelStart = start
  line.levelEnd = end
}

/** A bracket behind an id that holds no plain level: padded (`[INFO ]`), nested (`[[object Object]]`) or a program's own word. */
function takeOddLevel(buf: Uint8Array, start: number, close: number, line: ParsedLine): void {
  const levelEnd = trimmedEnd(buf, start, close)
  const code = levelOfWord(buf, start, levelEnd)
  takeLevel(line, start, levelEnd, code === notALevel ? Level.other : code)
}

/** The message begins behind the blanks; a runtime's start may be told in one (2017's Node). */
function takeMessage(buf: Uint8Array, at: number, end: number, line: ParsedLine): void {
  let start = at
  while (start < end && (classes[buf[start]!]! & blankOrTab) !== 0) start++
  line.messageStart = start
  line.messageEnd = end
  if (start < end && buf[start] === 70 && isRuntimeStart(buf, start, end)) {
    line.kind = Kind.runtimeStart
    line.idStart = 0
    line.idEnd = 0
    line.level = Level.other
    line.levelStart = 0
    line.levelEnd = 0
    line.messageStart = line.start
  }
}

/** The bracket that closes the one at `at`, the second of two when two were opened; -1 when none is near. */
function bracketEnd(buf: Uint8Array, at: number, end: number): number {
  const limit = Math.min(end, at + 2 + maxLevelBytes)
  let p = at + 1
  while (p < limit && buf[p] !== closeBracket) p++
  if (p >= limit) return -1
  return buf[at + 1] === openBracket && p + 1 < end && buf[p + 1] === closeBracket ? p + 1 : p
}

const isCapital = (byte: number): boolean => byte >= 65 && byte <= 90

function trimmedEnd(buf: Uint8Array, start: number, end: number): number {
  let p = end
  while (p > start && (classes[buf[p - 1]!]! & blankOrTab) !== 0) p--
  return p
}

/** The Go runtime's whole first line: slashes in the date, six digits of a second, and the word (facts/fc-log-formats §1). */
function isGoStart(buf: Uint8Array, start: number, end: number, line: ParsedLine): boolean {
  const at = line.textTimeAt
  return (
    end - start === goStart.length &&
    matchesAt(buf, start, end, goStart) &&
    buf[at + 4] === 47 &&
    buf[at + 10] === blank &&
    line.textTimeEnd - at === 26 &&
    (classes[buf[at + 25]!]! & digit) !== 0
  )
}
