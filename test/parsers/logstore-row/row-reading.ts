// Reads one row for tests, with the kernel and without it, which must be the same, and gives it as a plain value.
import assert from 'node:assert/strict'
import { readInstanceEvent } from '../../../parsers/fc-instance-events/read-instance-event.ts'
import { readRequestMetrics } from '../../../parsers/fc-request-metrics/read-request-metrics.ts'
import { unknownOrigin } from '../../../parsers/logstore-row/origin-cache.ts'
import { RowReader } from '../../../parsers/logstore-row/read-row.ts'
import { FlatScan, FlatScanRoom } from '../../../parsers/shared/flat-scan/flat-scan.ts'
import { LinearMemory } from '../../../src/lib/linear-memory.ts'
import { LogstoreRow, RowKind } from '../../../src/model/logstore-row.ts'

const memory = new LinearMemory()
/** Stands for the input window, at address 0. */
const windowBytes = 4 * 1024 * 1024
memory.reserve(windowBytes)
const room = new FlatScanRoom(memory, windowBytes)
const inWindow = Buffer.from(memory.memory.buffer, 0, windowBytes)

/** Reads each row twice: from a buffer of its own, and from the window, where the kernel scans. */
export interface Readers {
  readonly plain: RowReader
  readonly withKernel: RowReader
}

export function newReader(everyObjectIsARow = false): Readers {
  const options = { readRequestMetrics, readInstanceEvent, everyObjectIsARow }
  return {
    plain: new RowReader(options),
    withKernel: new RowReader({ ...options, kernel: new FlatScan(memory, room) }),
  }
}

const kindNames = Object.fromEntries(Object.entries(RowKind).map(([name, code]) => [code, name]))

/** Reads `text`, which stands between two other lines in its buffer, as lines of a file do. */
export function readText(text: string | Buffer, readers = newReader()): LogstoreRow {
  const before = Buffer.from('{"message":"before"}\n')
  // Without a line end, so that a scanner that looks behind its line finds what it would like to see.
  const behind = Buffer.from(',"message":"behind"}\n')
  const bytes = Buffer.isBuffer(text) ? text : Buffer.from(text)
  const buf = Buffer.concat([before, bytes, behind])
  const row = new LogstoreRow(unknownOrigin, buf)
  readers.plain.read(buf, before.length, before.length + bytes.length, row)
  const scanned = new LogstoreRow(unknownOrigin, inWindow)
  // What the row before left in the window stays behind this one.
  buf.copy(inWindow)
  readers.withKernel.read(inWindow, before.length, before.length + bytes.length, scanned)
  assert.deepEqual(valuesOf(scanned), valuesOf(row))
  return scanned
}

/** All of a row that does not depend on where it lies. */
function valuesOf(row: LogstoreRow): object {
  const { messageBuffer, messageStart, messageEnd, ...values } = row
  return { ...values, message: messageBuffer.toString('latin1', messageStart, messageEnd) }
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
