// The attempts of some hours as they are now, without reading the whole table: FINAL does, since a newer row of an attempt may be
// anywhere. Here such rows say themselves where earlier ones may be.
import type { StoreConnection } from '../../model/store-connection.ts'
import { sqlTexts } from '../sql-text.ts'
import { rowsOf } from '../trace/rows-of.ts'
import { billTimeoutMs, busySql, longestMs } from './billed-spans.ts'
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

/** A hash is compared faster than what it is made of. */
const key = "sipHash128(ifNull(requestId, ''), phase, attempt, position)"

const hourMs = 3_600_000

/** Looked for one by one up to so many; with more the whole table is read, as FINAL does. */
const maxDoubtful = 2000

/**
 * SQL of a table with the columns of a bill, for all attempts that were in one of the hours and perhaps some beside them. Fails with a
 * `StoreError`.
 */
export async function attemptsOfHours(
  store: Pick<StoreConnection, 'query'>,
  hours: readonly number[],
): Promise<string> {
  const ranges = rangesOf(hours)
  const anyOf = (condition: (range: HourRange) => string): string =>
    ranges.length === 0 ? 'false' : `(${ranges.map(condition).join(' OR ')})`
  const began = anyOf(({ from, to }) => {
    const reaches = `(startTime >= ${at(from * hourMs)} OR toUnixTimestamp64Milli(startTime) + ifNull(${busySql}, 0) > ${from * hourMs})`
    return `(startTime >= ${at(from * hourMs - longestMs)} AND startTime < ${at(to * hourMs)} AND ${reaches})`
  })
  const there = `(${began} OR (startTime IS NULL AND endTime IS NOT NULL))`
  const gone = anyOf(({ from, to }) => `(priorToHour > ${from} AND priorFromHour < ${to})`)
  const doubtful = await doubtfulIds(store, there)
  if (doubtful.length > maxDoubtful) return `SELECT phase, ${columns.join(', ')} FROM attempts FINAL WHERE ${there}`
  const branches = [there, gone, ...(doubtful.length === 0 ? [] : [isOneOfIds(doubtful)])]
  const rows = branches.map(
    where => `SELECT ${key} AS key, phase, version, (${columns.join(', ')}) AS row FROM attempts WHERE ${where}`,
  )
  const names = columns.slice(0, -1).map((name, index) => `newest.${index + 1} AS ${name}`)
  return `SELECT phase, ${names.join(', ')} FROM (
      SELECT any(phase) AS phase, argMax(row, version) AS newest FROM (${rows.join(' UNION ALL ')}) GROUP BY key)
    WHERE NOT newest.${columns.length}`
}

const at = (ms: number): string => `fromUnixTimestamp64Milli(${ms}, 'UTC')`

/**
 * Of a row that counts for little the one that counts for more may be anywhere. They are named and not selected by the query that needs
 * them: that one never came to an end once in some thousands of times.
 */
async function doubtfulIds(store: Pick<StoreConnection, 'query'>, there: string): Promise<readonly (string | null)[]> {
  const sql = `SELECT DISTINCT requestId FROM attempts WHERE ${there} AND version < ${firstVersion} LIMIT ${maxDoubtful + 1}`
  const rows = rowsOf<{ requestId: string | null }>(await store.query({ sql, timeoutMs: billTimeoutMs }))
  return rows.map(({ requestId }) => requestId)
}

function isOneOfIds(ids: readonly (string | null)[]): string {
  const named = ids.filter(id => id !== null)
  const isNamed = `requestId IN ${sqlTexts(named)}`
  return named.length === ids.length ? isNamed : `(${isNamed} OR requestId IS NULL)`
}
