// Reads one row for tests and gives it as a plain value that can be compared.
import { readInstanceEvent } from '../../../parsers/fc-instance-events/read-instance-event.ts'
import { readRequestMetrics } from '../../../parsers/fc-request-metrics/read-request-metrics.ts'
import { unknownOrigin } from '../../../parsers/logstore-row/origin-cache.ts'
import { RowReader } from '../../../parsers/logstore-row/read-row.ts'
import { LogstoreRow, RowKind } from '../../../src/model/logstore-row.ts'

export const newReader = (everyObjectIsARow = false): RowReader =>
  new RowReader({ readRequestMetrics, readInstanceEvent, everyObjectIsARow })

const kindNames = Object.fromEntries(Object.entries(RowKind).map(([name, code]) => [code, name]))

/** Reads `text`, which stands between two other lines in its buffer, as lines of a file do. */
export function readText(text: string | Buffer, reader = newReader()): LogstoreRow {
  const before = Buffer.from('{"message":"before"}\n')
  // Without a line end, so that a scanner that looks behind its line finds what it would like to see.
  const behind = Buffer.from(',"message":"behind"}\n')
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text)
  const buf = Buffer.concat([before, bytes, behind])
  const row = new LogstoreRow(unknownOrigin, buf)
  reader.read(buf, before.length, before.length + bytes.length, row)
  return row
}

export const kindOf = (row: LogstoreRow): string => kindNames[row.kind] ?? 'no kind'

export const messageOf = (row: LogstoreRow): string =>
  row.messageBuffer.toString('utf8', row.messageStart, row.messageEnd)

/** Function, service, qualifier, version, instance. */
export const originOf = (row: LogstoreRow): (string | null)[] => [
  row.origin.functionName,
  row.origin.serviceName,
  row.origin.qualifier,
  row.origin.versionId,
  row.origin.instanceID,
]
