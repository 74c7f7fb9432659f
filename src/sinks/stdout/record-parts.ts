// The parts of a record's object that only few records have: summary figures, an error, markers (contract §3).
import type { ErrorDetail } from '../../model/error-detail.ts'
import { outcomes } from '../../model/outcome.ts'
import type { ParsedLine } from '../../model/parsed-line.ts'
import type { ParsedRecord } from '../../model/parsed-record.ts'
import { isEndMarker, isMarker, recordKinds } from '../../model/record-kind.ts'
import { type JsonWriter, jsonPart } from './json-writer.ts'

const durationMs = jsonPart('{"durationMs":')
const billedMs = jsonPart(',"billedMs":')
const memoryMB = jsonPart(',"memoryMB":')
const maxMemoryUsedMB = jsonPart(',"maxMemoryUsedMB":')
const message = jsonPart('{"message":')
const type = jsonPart(',"type":')
const stack = jsonPart(',"stack":')
const end = jsonPart('}')

export function writeSummary(json: JsonWriter, line: ParsedLine): void {
  json.part(durationMs)
  json.number(line.durationMs)
  json.part(billedMs)
  json.number(line.billedMs)
  json.part(memoryMB)
  json.number(line.memoryMB)
  json.part(maxMemoryUsedMB)
  json.number(line.maxMemoryUsedMB)
  json.part(end)
}

export function writeError(json: JsonWriter, detail: ErrorDetail): void {
  json.part(message)
  json.string(detail.message)
  json.part(type)
  json.stringOrNull(detail.type)
  json.part(stack)
  json.stringOrNull(detail.stack)
  json.part(end)
}

/** The key `markers` with all markers among the record's lines; an empty list where there are none. */
export function writeMarkers(json: JsonWriter, buf: Buffer, record: ParsedRecord): void {
  let separator = ''
  json.part(jsonPart(',"markers":['))
  for (let i = 0; i < record.count; i += 1) {
    const line = record.lines[i]!
    if (!isMarker(line.kind)) continue
    json.part(jsonPart(`${separator}{"kind":"${recordKinds[line.kind]}","requestId":`))
    if (line.idStart === line.idEnd) json.null()
    else json.text(buf, line.idStart, line.idEnd)
    const outcome = isEndMarker(line.kind) ? outcomes[line.outcome] : null
    json.part(jsonPart(`,"outcome":${JSON.stringify(outcome)}}`))
    separator = ','
  }
  json.part(jsonPart(']'))
}
