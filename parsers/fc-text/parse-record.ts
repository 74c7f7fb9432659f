// Hot path: a Logstore row's message, which is usually one line and sometimes several (docs/semantics.md §1, last paragraph).
// One line is parsed in place into the pool's first entry; everything else below is for messages that hold a line break.
import { ParsedLine } from '../../src/model/parsed-line.ts'
import { maxLinesPerRecord, type ParsedRecord } from '../../src/model/parsed-record.ts'
import { Kind } from '../../src/model/record-kind.ts'
import { findNewline } from '../shared/find-newline.ts'
import { skipBlanks } from '../shared/match-bytes.ts'
import { errorBodyEnd, opensBody } from './find-body.ts'
import { readMarkerBehind } from './find-marker.ts'
import { parseLine, parseUnscannedLine, resetLine } from './parse-line.ts'
import { isPlainRecord } from './plain-record.ts'

const newline = 10
const carriageReturn = 13

/** Spread bodies that are looked for in one record. A record has one in earnest; the bound keeps hostile ones linear. */
const maxBodySearches = 4

/**
 * Parses the message in [start, end) of `buf` into `record`. `\n` and `\r` at both ends are no lines; a blank message has
 * `count` 0. A body that spreads over several lines is one line; text behind an application line is part of its message.
 */
export function parseRecord(buf: Uint8Array, start: number, end: number, record: ParsedRecord): void {
  let from = start
  while (from < end && isLineEnd(buf[from]!)) from++
  let to = end
  while (to > from && isLineEnd(buf[to - 1]!)) to--
  record.kindLine = 0
  record.severalLines = false
  const line = record.lines[0]!
  if (isPlainRecord(buf, from, to)) parseLine(buf, from, to, -1, line)
  else if (findNewline(buf, from, to) === to) parseUnscannedLine(buf, from, to, line)
  else {
    readLines(buf, from, to, record)
    return
  }
  record.kind = line.kind
  record.count = line.kind === Kind.text && isBlank(buf, from, to) ? 0 : 1
}

function readLines(buf: Uint8Array, start: number, end: number, record: ParsedRecord): void {
  record.kind = Kind.text
  record.count = 0
  let searches = 0
  let filled = 0
  for (let at = start; at < end; ) {
    let lineEnd = findNewline(buf, at, end)
    if (!isBlank(buf, at, lineEnd)) {
      filled++
      if (record.count === maxLinesPerRecord) {
        extendLast(record, end)
        break
      }
      const line = nextLine(record)
      let bodyEnd = -1
      if (searches < maxBodySearches && mayOpenBody(buf, at, lineEnd, end, record)) {
        searches++
        bodyEnd = spreadBodyEnd(buf, at, end, line)
      }
      if (bodyEnd < 0) parseUnscannedLine(buf, at, lineEnd, line)
      else {
        lineEnd = findNewline(buf, bodyEnd, end)
        resetLine(line, at, trimmedEnd(buf, bodyEnd, lineEnd))
        line.kind = Kind.errorJson
        filled++
      }
      keepLine(record, line)
    }
    at = lineEnd + 1
  }
  record.severalLines = filled > 1
}

/** True when an object opens in this line and goes on behind it. Behind an application line it is part of the message. */
function mayOpenBody(buf: Uint8Array, at: number, lineEnd: number, end: number, record: ParsedRecord): boolean {
  if (lineEnd >= end || !opensBody(buf, skipBlanks(buf, at, lineEnd), end)) return false
  return record.count === 0 || record.lines[record.count - 1]!.kind !== Kind.appLine
}

/** Where the error body that opens at `at` ends; -1 when it is none, or would swallow a marker. `scratch` is overwritten. */
function spreadBodyEnd(buf: Uint8Array, at: number, end: number, scratch: ParsedLine): number {
  const bodyEnd = errorBodyEnd(buf, skipBlanks(buf, at, end), end)
  return bodyEnd >= 0 && readMarkerBehind(buf, at, bodyEnd, scratch) < 0 ? bodyEnd : -1
}

/** The pool's next line, which is `record.count`-th only after {@link keepLine}. */
function nextLine(record: ParsedRecord): ParsedLine {
  const pooled = record.lines[record.count]
  if (pooled !== undefined) return pooled
  const made = new ParsedLine()
  record.lines.push(made)
  return made
}

function keepLine(record: ParsedRecord, line: ParsedLine): void {
  if (line.kind === Kind.text && record.count > 0 && record.lines[record.count - 1]!.kind === Kind.appLine) {
    extendLast(record, line.end)
    return
  }
  if (record.kind === Kind.text && line.kind !== Kind.text) {
    record.kind = line.kind
    record.kindLine = record.count
  }
  record.count++
}

function extendLast(record: ParsedRecord, end: number): void {
  const last = record.lines[record.count - 1]!
  last.end = end
  last.messageEnd = end
}

function trimmedEnd(buf: Uint8Array, start: number, end: number): number {
  return end > start && buf[end - 1] === carriageReturn ? end - 1 : end
}

const isLineEnd = (byte: number): boolean => byte === newline || byte === carriageReturn

/** True when there is nothing but blanks, tabs and `\r`. */
function isBlank(buf: Uint8Array, start: number, end: number): boolean {
  const p = skipBlanks(buf, start, end)
  return p === end || (p === end - 1 && buf[p] === carriageReturn)
}
