// How a function ran, summed up by the engine.

import { sqlText } from '../../lib/sql-text.ts'
import type { EraQuestion, RunHistory } from '../../model/run-history.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { rowsOf } from '../trace/rows-of.ts'
import { type BillWindow, beganSql, billTimeoutMs, inWindow } from './billed-spans.ts'

export interface HistoryWish extends BillWindow {
  readonly functionName: string
  /** Null for any. */
  readonly serviceName: string | null
  readonly eras: readonly EraQuestion[]
  /** Of memory; infinite where none is asked about. */
  readonly limitMB: number
}

/** Fails with a `StoreError`. */
export async function storedRunHistories(store: StoreConnection, wish: HistoryWish): Promise<readonly RunHistory[]> {
  const { functionName, serviceName, eras, limitMB } = wish
  const service = serviceName === null ? 'true' : `serviceName = ${sqlText(serviceName)}`
  const starts = eras.map(({ fromMs }) => fromMs).filter(ms => ms !== null)
  const slow = eras.map(({ slowMs }) => slowMs ?? 'inf').join(', ')
  // The window of a bill begins earlier, for calls that go on into it.
  const from = wish.fromMs === null ? 'true' : `began >= ${wish.fromMs}`
  const to = wish.toMs === null ? 'true' : `began < ${wish.toMs}`
  const limit = Number.isFinite(limitMB) ? limitMB : 'inf'
  const figure = (what: string, column: string): string => `if(count(${column}) = 0, NULL, ${what})`
  const sql = `SELECT era, count(durationMs) AS calls, ${figure('avg(durationMs)', 'durationMs')} AS meanMs,
      ${figure('quantileExact(0.5)(durationMs)', 'durationMs')} AS p50Ms, ${figure('quantileExact(0.99)(durationMs)', 'durationMs')} AS p99Ms,
      max(durationMs) AS maxMs, countIf(durationMs > slowMs) AS slow, count(maxMemoryUsedMB) AS peaks,
      ${figure('quantileExact(0.99)(maxMemoryUsedMB)', 'maxMemoryUsedMB')} AS p99PeakMB, max(maxMemoryUsedMB) AS maxPeakMB,
      countIf(maxMemoryUsedMB > ${limit}) AS above, countIf(maxMemoryUsedMB > 0.9 * ${limit}) AS near
    FROM (
      SELECT durationMs, maxMemoryUsedMB, arrayCount(start -> start <= began, [${starts.join(', ')}]::Array(Int64)) AS era,
        arrayElement([${slow}]::Array(Float64), era + 1) AS slowMs
      FROM (
        SELECT durationMs, maxMemoryUsedMB, ifNull(${beganSql}, 0) AS began FROM invocations
        WHERE ${inWindow(wish)} AND functionName = ${sqlText(functionName)} AND ${service} AND phase = 'invoke'
          AND status NOT IN ('throttled', 'platformError'))
      WHERE began = 0 OR (${from} AND ${to}))
    GROUP BY era ORDER BY era`
  return rowsOf<RunHistory>(await store.query({ sql, timeoutMs: billTimeoutMs }))
}
