// The attempts of some hours as they are now, without reading the whole table: FINAL does, since a newer row of an attempt may be
// anywhere. Here such rows say themselves where earlier ones may be.

import { sqlTime } from '../../lib/sql-text.ts'
import { attemptKey } from '../schema/attempts.ts'
import { busySql, longestMs } from './billed-spans.ts'
import { type HourRange, rangesOf } from './hour-ranges.ts'

/** What bills read of an attempt. */
const columns = [
  'functionName',
  'serviceName',
  'qualifier',
  'instanceID',
  'memoryMB',
  'status',
  'startTime',
  'endTime',
  'durationMs',
  'billedMs',
  'deleted',
]

/** Rows below it count where there is nothing else: see `attemptsTable`. */
const firstVersion = '4294967296'

const hourMs = 3_600_000

/** SQL of a table with the columns of a bill, for all attempts that were in one of the hours and perhaps some beside them. */
export function attemptsOfHours(hours: readonly number[]): string {
  const ranges = rangesOf(hours)
  const anyOf = (condition: (range: HourRange) => string): string =>
    ranges.length === 0 ? 'false' : `(${ranges.map(condition).join(' OR ')})`
  const began = anyOf(({ from, to }) => {
    const reaches = `(startTime >= ${sqlTime(from * hourMs)} OR toUnixTimestamp64Milli(startTime) + ifNull(${busySql}, 0) > ${from * hourMs})`
    return `(startTime >= ${sqlTime(from * hourMs - longestMs)} AND startTime < ${sqlTime(to * hourMs)} AND ${reaches})`
  })
  const there = `(${began} OR (startTime IS NULL AND endTime IS NOT NULL))`
  const gone = anyOf(({ from, to }) => `(priorToHour > ${from} AND priorFromHour < ${to})`)
  // Of a row that counts for little the one that counts for more may be anywhere; there are few.
  const doubtful = `SELECT requestId FROM attempts WHERE ${there} AND version < ${firstVersion}`
  const rows = (where: string): string =>
    `SELECT ${attemptKey} AS key, phase, version, (${columns.join(', ')}) AS row FROM attempts WHERE ${where}`
  return `SELECT phase, ${columns
    .slice(0, -1)
    .map((name, index) => `newest.${index + 1} AS ${name}`)
    .join(', ')} FROM (
      SELECT any(phase) AS phase, argMax(row, version) AS newest FROM (${rows(there)} UNION ALL ${rows(gone)}
        UNION ALL ${rows(`requestId IN (${doubtful}) SETTINGS transform_null_in = 1`)})
      GROUP BY key)
    WHERE NOT newest.${columns.length}`
}
