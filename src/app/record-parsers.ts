// The parsers of all formats, put together for the intake.
import { readInstanceEvent } from '../../parsers/fc-instance-events/read-instance-event.ts'
import { readRequestMetrics } from '../../parsers/fc-request-metrics/read-request-metrics.ts'
import { parseLine } from '../../parsers/fc-text/parse-line.ts'
import { parseRecord } from '../../parsers/fc-text/parse-record.ts'
import { RowReader } from '../../parsers/logstore-row/read-row.ts'
import type { InputFormat } from '../model/batch-options.ts'
import type { RecordParsers } from '../pipeline/record-intake.ts'

/** Parsers for one intake. They hold state (interned origins, scratch buffers): one set per intake. */
export function createRecordParsers(format: InputFormat): RecordParsers {
  const rows = new RowReader({ readRequestMetrics, readInstanceEvent, everyObjectIsARow: format === 'sls' })
  return {
    parseLine,
    parseRecord,
    readRow: (buf, start, end, row) => rows.read(buf, start, end, row),
  }
}
