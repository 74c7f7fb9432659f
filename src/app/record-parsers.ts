// The parsers of all formats, put together for the intake.
import { readInstanceEvent } from '../../parsers/fc-instance-events/read-instance-event.ts'
import { readRequestMetrics } from '../../parsers/fc-request-metrics/read-request-metrics.ts'
import { parseLine } from '../../parsers/fc-text/parse-line.ts'
import { parseRecord } from '../../parsers/fc-text/parse-record.ts'
import { RowReader } from '../../parsers/logstore-row/read-row.ts'
import { FlatScan, FlatScanRoom } from '../../parsers/shared/flat-scan/flat-scan.ts'
import type { LinearMemory } from '../lib/linear-memory.ts'
import type { InputFormat } from '../model/batch-options.ts'
import { maxLineBytes } from '../model/dead-letter.ts'
import type { RecordParsers } from '../pipeline/record-intake.ts'

/** Reserves what the kernel for rows needs. */
export const reserveRows = (memory: LinearMemory): FlatScanRoom => new FlatScanRoom(memory, maxLineBytes)

/**
 * Parsers for one intake. They hold state (interned origins, scratch buffers): one set per intake. `rows`: the memory that
 * the input's window lies in, and what was reserved there.
 */
export function createRecordParsers(
  format: InputFormat,
  rows?: { readonly memory: LinearMemory; readonly room: FlatScanRoom },
): RecordParsers {
  const kernel = rows === undefined ? {} : { kernel: new FlatScan(rows.memory, rows.room) }
  const everyObjectIsARow = format === 'sls'
  const reader = new RowReader({ readRequestMetrics, readInstanceEvent, everyObjectIsARow, ...kernel })
  return {
    parseLine,
    parseRecord,
    readRow: (buf, start, end, row) => reader.read(buf, start, end, row),
  }
}
