// Hot path: a row's own time: `__time__` (unix seconds) and `__time_ns_part__` (facts/fc-metrics-billing §A.1).
import type { LogstoreRow } from '../../src/model/logstore-row.ts'
import type { FlatObject } from '../shared/flat-object.ts'
import { Field } from '../shared/row-field.ts'

/** 9999-12-31T23:59:59: the last second that RFC 3339 can write. Whatever claims to be later is no time in seconds. */
const MAX_SECONDS = 253_402_300_799
const NS_PER_MS = 1_000_000

/** Sets `timeMs` (whole milliseconds, NaN when the row has no usable time) and `wholeSeconds`. */
export function readRowTime(fields: FlatObject, row: LogstoreRow): void {
  row.timeMs = Number.NaN
  row.wholeSeconds = true
  const seconds = fields.number(Field.__time__)
  if (!(seconds >= 0 && seconds <= MAX_SECONDS)) return
  const whole = Math.floor(seconds)
  const nanoseconds = fields.number(Field.__time_ns_part__)
  if (nanoseconds >= 0 && nanoseconds < 1000 * NS_PER_MS) {
    row.timeMs = whole * 1000 + Math.floor(nanoseconds / NS_PER_MS)
    row.wholeSeconds = false
    return
  }
  // A fraction does not come from GetLogs, but from tools in between; floating point must not lose its last digit.
  row.timeMs = whole === seconds ? whole * 1000 : Math.round(seconds * 1000)
  row.wholeSeconds = whole === seconds
}
