// Hot path: one JSON object per record, in the contract's order of keys (§3). Fixed parts are bytes made once, text goes
// from the input buffer to the output buffer; strings are made only for errors and rows' names.
import type { DeadLetterReason } from '../../model/dead-letter.ts'
import type { ErrorDetail } from '../../model/error-detail.ts'
import { Level, type LevelCode, levelNames, levelOrNull } from '../../model/level.ts'
import type { LineTimeReader } from '../../model/line-time.ts'
import { type LogstoreRow, RowKind } from '../../model/logstore-row.ts'
import { outcomes } from '../../model/outcome.ts'
import type { ParsedLine } from '../../model/parsed-line.ts'
import type { ParsedRecord } from '../../model/parsed-record.ts'
import { isEndMarker, isMarker, Kind, type KindCode, recordKinds } from '../../model/record-kind.ts'
import { metricsTextFields } from '../../model/request-metrics-row.ts'
import { mayBeErrorBody } from './error-body-hint.ts'
import { JsonWriter, jsonPart } from './json-writer.ts'
import { writeError, writeMarkers, writeSummary } from './record-parts.ts'
import { RecordTimes } from './record-times.ts'

export interface RecordJsonOptions {
  readonly time: LineTimeReader
  /** Reads an error body or a platform sentence; null when the text is neither. */
  readonly readError: (text: string) => ErrorDetail | null
}

/** A record that could not be taken in. */
export interface DeadLetterRecord {
  readonly lineNumber: number
  readonly reason: DeadLetterReason
  /** The bytes that came are `buf[start .. end)`; the first 4 KiB are given out. */
  readonly buf: Buffer
  readonly start: number
  readonly end: number
  /** The row, when the bytes are one (`noMessage`): its time and origin are known. */
  readonly row: LogstoreRow | null
}

const MAX_DEAD_LETTER_BYTES = 4096
const errorTypeColumn = metricsTextFields.indexOf('errorType')

const begin = jsonPart('{"line":')
const kindParts = recordKinds.map(kind => jsonPart(`,"kind":"${kind}","requestId":`))
const levelParts = levelNames.map((_, level) => jsonPart(`,"level":${JSON.stringify(levelOrNull(level))},"levelText":`))
const noLevel = jsonPart(',"level":null,"levelText":null,"time":')
const time = jsonPart(',"time":')
const outcomeNull = jsonPart(',"outcome":null,"errorCode":')
const outcomeParts = outcomes.map(outcome => jsonPart(`,"outcome":"${outcome}","errorCode":`))
const functionName = jsonPart(',"functionName":')
const instanceID = jsonPart(',"instanceID":')
const summary = jsonPart(',"summary":')
const noSummaryNoError = jsonPart(',"summary":null,"error":null')
const plainEnd = jsonPart(
  ',"outcome":null,"errorCode":null,"functionName":null,"instanceID":null,"summary":null,"error":null}\n',
)
const error = jsonPart(',"error":')
const end = jsonPart('}\n')

/** Appends records to `json`, whose bytes the caller takes away and clears. */
export class RecordJsonWriter {
  readonly json = new JsonWriter()
  readonly #readError: RecordJsonOptions['readError']
  readonly #times: RecordTimes

  constructor(options: RecordJsonOptions) {
    this.#readError = options.readError
    this.#times = new RecordTimes(options.time)
  }

  /** A line of text. `lineNumber` counts records from 1. */
  writeLine(lineNumber: number, buf: Buffer, line: ParsedLine): void {
    const json = this.json
    this.#head(lineNumber, buf, line, Number.NaN)
    json.text(buf, line.messageStart, line.messageEnd)
    if (line.kind === Kind.text && line.instanceStart === line.instanceEnd) {
      json.part(plainEnd)
      return
    }
    const detail = this.#errorOf(buf, line, line.end)
    this.#outcomeAndCode(line, detail?.code ?? null)
    json.part(functionName)
    json.null()
    json.part(instanceID)
    this.#range(buf, line.instanceStart, line.instanceEnd)
    this.#summaryAndError(line, detail)
    json.part(end)
  }

  /** An application row whose message was parsed into `record`. */
  writeRecord(lineNumber: number, row: LogstoreRow, record: ParsedRecord): void {
    const json = this.json
    const buf = row.messageBuffer
    if (record.count === 0) {
      this.#writeBlank(lineNumber, row)
      return
    }
    const line = record.lines[record.kindLine]!
    const last = record.lines[record.count - 1]!
    this.#head(lineNumber, buf, line, row.timeMs)
    if (record.severalLines && line.kind !== Kind.appLine) json.text(buf, record.lines[0]!.start, last.end)
    else json.text(buf, line.messageStart, line.messageEnd)
    const detail = this.#errorOf(buf, line, last.end)
    this.#outcomeAndCode(line, detail?.code ?? null)
    json.part(functionName)
    json.stringOrNull(row.origin.functionName)
    json.part(instanceID)
    if (row.origin.instanceID === null) this.#range(buf, line.instanceStart, line.instanceEnd)
    else json.string(row.origin.instanceID)
    this.#summaryAndError(line, detail)
    if (record.severalLines) writeMarkers(json, buf, record)
    json.part(end)
  }

  /** A message of nothing but blanks and line ends: no line of the record speaks for it. */
  #writeBlank(lineNumber: number, row: LogstoreRow): void {
    const json = this.json
    this.#begin(lineNumber, Kind.text)
    json.null()
    json.part(noLevel)
    this.#times.writeRecordTime(json, row.timeMs)
    json.text(row.messageBuffer, row.messageStart, row.messageEnd)
    json.part(outcomeNull)
    json.null()
    this.#rowEnd(row)
    json.part(end)
  }

  /** A row that is not an application log: request metrics, instance metrics, an instance event. */
  writeMetricRow(lineNumber: number, row: LogstoreRow): void {
    const json = this.json
    const isMetrics = row.kind === RowKind.requestMetrics
    const isEvent = row.kind === RowKind.instanceEvent
    const requestId = isMetrics && row.metrics.requestId !== '' ? row.metrics.requestId : null
    this.#begin(lineNumber, isMetrics ? Kind.requestMetrics : isEvent ? Kind.instanceEvent : Kind.instanceMetrics)
    json.stringOrNull(requestId)
    const levelText = isEvent ? row.eventLevel : null
    if (levelText === null) json.part(noLevel)
    else {
      json.part(levelParts[eventLevel(levelText)]!)
      json.string(levelText)
      json.part(time)
    }
    this.#times.writeRecordTime(json, row.timeMs)
    json.null()
    json.part(outcomeNull)
    json.stringOrNull(isMetrics ? (row.metrics.texts[errorTypeColumn] ?? null) : null)
    this.#rowEnd(row)
    json.part(end)
  }

  /** A record that could not be taken in; `message` is the beginning of what came. */
  writeDeadLetter(record: DeadLetterRecord): void {
    const json = this.json
    const { buf, start, row } = record
    this.#begin(record.lineNumber, Kind.deadLetter)
    json.null()
    json.part(noLevel)
    this.#times.writeRecordTime(json, row?.timeMs ?? Number.NaN)
    json.text(buf, start, deadLetterEnd(buf, start, record.end))
    json.part(outcomeNull)
    json.null()
    this.#rowEnd(row)
    json.part(jsonPart(`,"reason":"${record.reason}"}\n`))
  }

  /** Everything before the message's value. */
  #head(lineNumber: number, buf: Buffer, line: ParsedLine, recordTimeMs: number): void {
    const json = this.json
    this.#begin(lineNumber, line.kind)
    this.#range(buf, line.idStart, line.idEnd)
    if (line.levelStart === line.levelEnd) json.part(noLevel)
    else {
      json.part(levelParts[line.level]!)
      json.text(buf, line.levelStart, line.levelEnd)
      json.part(time)
    }
    this.#times.write(json, buf, line, recordTimeMs)
  }

  #begin(lineNumber: number, kind: KindCode): void {
    this.json.part(begin)
    this.json.number(lineNumber)
    this.json.part(kindParts[kind]!)
  }

  /** A range of text, null when it is empty. */
  #range(buf: Buffer, from: number, to: number): void {
    if (from === to) this.json.null()
    else this.json.text(buf, from, to)
  }

  #outcomeAndCode(line: ParsedLine, code: string | null): void {
    const isEnd = isMarker(line.kind) && isEndMarker(line.kind)
    this.json.part(isEnd ? outcomeParts[line.outcome]! : outcomeNull)
    this.json.stringOrNull(code)
  }

  #rowEnd(row: LogstoreRow | null): void {
    const json = this.json
    json.part(functionName)
    json.stringOrNull(row?.origin.functionName ?? null)
    json.part(instanceID)
    json.stringOrNull(row?.origin.instanceID ?? null)
    json.part(noSummaryNoError)
  }

  #summaryAndError(line: ParsedLine, detail: ErrorDetail | null): void {
    const json = this.json
    if (detail === null && line.kind !== Kind.summary) {
      json.part(noSummaryNoError)
      return
    }
    json.part(summary)
    if (line.kind === Kind.summary) writeSummary(json, line)
    else json.null()
    json.part(error)
    if (detail === null) json.null()
    else writeError(json, detail)
  }

  /** The error that a line spells out. A sentence may go on to the record's end; an application line must be a body. */
  #errorOf(buf: Buffer, line: ParsedLine, recordEnd: number): ErrorDetail | null {
    if (line.kind === Kind.errorText) return this.#readError(buf.toString('utf8', line.start, recordEnd))
    if (line.kind === Kind.errorJson) return this.#readError(buf.toString('utf8', line.start, line.end))
    if (line.kind !== Kind.appLine || !mayBeErrorBody(buf, line.messageStart, line.messageEnd)) return null
    return this.#readError(buf.toString('utf8', line.messageStart, line.messageEnd))
  }
}

/** Events are `Normal`, which is no log level, or `Warning` (facts/fc-metrics-billing §B.2). */
const eventLevel = (text: string | null): LevelCode => (text?.toLowerCase() === 'warning' ? Level.warn : Level.other)

/** Where the bytes that are given out end: at most 4 KiB, and not inside a character. */
function deadLetterEnd(buf: Buffer, start: number, end: number): number {
  if (end - start <= MAX_DEAD_LETTER_BYTES) return end
  let cut = start + MAX_DEAD_LETTER_BYTES
  for (let back = 0; back < 3 && (buf[cut]! & 0xc0) === 0x80; back += 1) cut -= 1
  return cut
}
