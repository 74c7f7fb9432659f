// Puts a line or row through the real parsers and the writer, and gives back what `parse` would print.
import { readInstanceEvent } from '../../../parsers/fc-instance-events/read-instance-event.ts'
import { readRequestMetrics } from '../../../parsers/fc-request-metrics/read-request-metrics.ts'
import { LineTime } from '../../../parsers/fc-text/line-time.ts'
import { parseUnscannedLine } from '../../../parsers/fc-text/parse-line.ts'
import { parseRecord } from '../../../parsers/fc-text/parse-record.ts'
import { readError } from '../../../parsers/fc-text/read-error.ts'
import { unknownOrigin } from '../../../parsers/logstore-row/origin-cache.ts'
import { RowReader } from '../../../parsers/logstore-row/read-row.ts'
import { LogstoreRow, RowKind } from '../../../src/model/logstore-row.ts'
import { ParsedLine } from '../../../src/model/parsed-line.ts'
import { ParsedRecord } from '../../../src/model/parsed-record.ts'
import { RecordJsonWriter } from '../../../src/sinks/stdout/record-json.ts'

/** Console prefixes at +08:00, times without a zone at +01:00, so that the two cannot be taken for each other. */
export const newWriter = (): RecordJsonWriter =>
  new RecordJsonWriter({
    readError,
    time: new LineTime({
      prefixClock: { toUtcMs: localMs => localMs - 8 * 3_600_000 },
      logClock: { toUtcMs: localMs => localMs - 3_600_000 },
    }),
  })

/** What was written, which must be one whole line. */
export function lineOf(writer: RecordJsonWriter): string {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(writer.json.bytes.subarray(0, writer.json.length))
  if (text.indexOf('\n') !== text.length - 1) throw new Error(`not one line: ${text}`)
  return text.slice(0, -1)
}

export function writeTextLine(text: string | Buffer, lineNumber = 1): string {
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text)
  const buf = Buffer.concat([Buffer.from('before\n'), bytes, Buffer.from('\nbehind')])
  const line = new ParsedLine()
  parseUnscannedLine(buf, 7, 7 + bytes.length, line)
  const writer = newWriter()
  writer.writeLine(lineNumber, buf, line)
  return lineOf(writer)
}

export function writeRow(fields: object, lineNumber = 1): string {
  const buf = Buffer.from(JSON.stringify(fields))
  const row = new LogstoreRow(unknownOrigin, buf)
  new RowReader({ readRequestMetrics, readInstanceEvent }).read(buf, 0, buf.length, row)
  const writer = newWriter()
  if (row.kind === RowKind.noMessage)
    writer.writeDeadLetter({ lineNumber, reason: 'noMessage', buf, start: 0, end: buf.length, row })
  else if (row.kind === RowKind.appLog) {
    const record = new ParsedRecord()
    parseRecord(row.messageBuffer, row.messageStart, row.messageEnd, record)
    writer.writeRecord(lineNumber, row, record)
  } else writer.writeMetricRow(lineNumber, row)
  return lineOf(writer)
}
