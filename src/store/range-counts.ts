// How much the store holds of a span of time, and of one stream: before and after rows were brought.

import { sqlText, sqlTime } from '../lib/sql-text.ts'
import { type StoreConnection, StoreError } from '../model/store-connection.ts'

const unknownTable = 60

/** Attempts that began, or ended where nobody knows when they began, in `[fromMs, toMs)`, and those without any time. */
export function countAttempts(store: StoreConnection, span: { fromMs: number; toMs: number }): Promise<number> {
  const time = 'coalesce(startTime, endTime)'
  const where = `ifNull(${time} >= ${sqlTime(span.fromMs)} AND ${time} < ${sqlTime(span.toMs)}, true)`
  return count(store, "uniqExact(ifNull(requestId, ''), phase, attempt, position)", `attempts WHERE ${where}`)
}

/** Lines of a stream that were stored since. */
export function countLines(store: StoreConnection, of: { streamId: string; sinceMs: number }): Promise<number> {
  const since = sqlTime(of.sinceMs)
  return count(store, 'count()', `log_lines WHERE storedAt >= ${since} AND streamId = ${sqlText(of.streamId)}`)
}

/** 0 in a store without tables. */
async function count(store: StoreConnection, what: string, from: string): Promise<number> {
  try {
    const answer = await store.query({ sql: `SELECT toFloat64(${what}) AS n FROM ${from}`, timeoutMs: 3_600_000 })
    return Number(JSON.parse(answer.toString('utf8')).n)
  } catch (error) {
    if (error instanceof StoreError && error.clickhouseCode === unknownTable) return 0
    throw error
  }
}
