// A parsed line with its ranges as text, for tests.

import { findCandidate } from '../../../parsers/fc-text/find-candidate.ts'
import { parseLine } from '../../../parsers/fc-text/parse-line.ts'
import { parseRecord } from '../../../parsers/fc-text/parse-record.ts'
import { readPrefixTime, readTextTime, textTimeHasZone } from '../../../parsers/fc-text/read-time.ts'
import { levelNames } from '../../../src/model/level.ts'
import { outcomes } from '../../../src/model/outcome.ts'
import { ParsedLine } from '../../../src/model/parsed-line.ts'
import { ParsedRecord } from '../../../src/model/parsed-record.ts'
import { recordKinds } from '../../../src/model/record-kind.ts'

/** Everything that a {@link ParsedLine} says, without positions. */
export function describeLine(buf: Uint8Array, line: ParsedLine) {
  const text = (start: number, end: number): string => Buffer.from(buf.subarray(start, end)).toString('utf8')
  return {
    kind: recordKinds[line.kind],
    id: text(line.idStart, line.idEnd),
    levelText: text(line.levelStart, line.levelEnd),
    level: levelNames[line.level],
    instance: text(line.instanceStart, line.instanceEnd),
    prefixMs: readPrefixTime(buf, line),
    textMs: readTextTime(buf, line),
    hasZone: textTimeHasZone(buf, line),
    message: text(line.messageStart, line.messageEnd),
    line: text(line.start, line.end),
    outcome: outcomes[line.outcome],
    durationMs: line.durationMs,
    billedMs: line.billedMs,
    memoryMB: line.memoryMB,
    maxMemoryUsedMB: line.maxMemoryUsedMB,
  }
}

/** Parses one line as the pipeline does. */
export function parsedLine(text: string) {
  const buf = Buffer.from(text)
  const line = new ParsedLine()
  parseLine(buf, 0, buf.length, findCandidate(buf, 0, buf.length), line)
  return describeLine(buf, line)
}

/** Parses one Logstore message as the pipeline does. */
export function parsedRecord(text: string) {
  const buf = Buffer.from(text)
  const record = new ParsedRecord()
  parseRecord(buf, 0, buf.length, record)
  return {
    kind: recordKinds[record.kind],
    kindLine: record.kindLine,
    severalLines: record.severalLines,
    lines: record.lines.slice(0, record.count).map(line => describeLine(buf, line)),
  }
}
