// What functions did lately: the figures of `top`.

import { sqlTexts, sqlTime } from '../lib/sql-text.ts'
import type { StoreConnection } from '../model/store-connection.ts'
import { rowsOf } from './trace/rows-of.ts'

/** One function. A figure that is not known is null. */
export interface FunctionFigures {
  readonly functionName: string | null
  readonly serviceName: string | null
  /** Attempts to invoke it; hooks do not count. */
  readonly invocations: number
  readonly errors: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly coldStarts: number
  readonly throttled: number
  readonly timeouts: number
  /** What they cost; null while that is not known. */
  readonly cost: number | null
  /** When the last one began, RFC 3339. */
  readonly lastTime: string
}

export interface TopWish {
  /** Attempts that began from then on, and before `toMs`: unix ms. */
  readonly fromMs: number
  readonly toMs: number
  /** Empty for all. */
  readonly functions: readonly string[]
}

/** A revision seldom moves the beginning of an attempt, and never far: whole seconds become milliseconds. */
const slackMs = 60_000

/** Functions that are told of. */
const maxFunctions = 10_000

/** How an attempt ends that is no error. */
const fine = "('ok', 'canceled', 'incomplete')"

/**
 * FINAL would read the whole table. The few attempts of the window are found by their times, old revisions among them, and of each the
 * newest is kept: by a hash of its key, which grouping can put on disk when the window is large.
 */
export async function topFunctions(
  store: StoreConnection,
  { fromMs, toMs, functions }: TopWish,
): Promise<readonly FunctionFigures[]> {
  const at = (ms: number): string => sqlTime(Math.floor(ms))
  const named = functions.length === 0 ? '' : ` AND functionName IN ${sqlTexts(functions)}`
  const inWindow = `startTime >= ${at(fromMs - slackMs)} AND startTime < ${at(toMs + slackMs)}`
  const figure = (quantile: number): string =>
    `if(countIf(durationMs IS NOT NULL) = 0, NULL, quantileExact(${quantile})(durationMs))`
  const sql = `SELECT functionName, serviceName, count() AS invocations, countIf(status NOT IN ${fine}) AS errors,
      ${figure(0.5)} AS p50Ms, ${figure(0.99)} AS p99Ms, countIf(ifNull(coldStart, 0)) AS coldStarts,
      countIf(status = 'throttled') AS throttled, countIf(status = 'timeout') AS timeouts,
      CAST(NULL, 'Nullable(Float64)') AS cost, max(startTime) AS lastTime
    FROM (
      SELECT newest.1 AS isDeleted, newest.2 AS functionName, newest.3 AS serviceName, newest.4 AS status, newest.5 AS durationMs,
        newest.6 AS coldStart, newest.7 AS startTime
      FROM (
        SELECT argMax((deleted, functionName, serviceName, status, durationMs, coldStart, startTime), version) AS newest
        FROM attempts WHERE phase = 'invoke' AND (${inWindow} OR deleted)
        GROUP BY sipHash128(ifNull(requestId, ''), phase, attempt, position)))
    WHERE NOT isDeleted AND startTime >= ${at(fromMs)} AND startTime < ${at(toMs)}${named}
    GROUP BY functionName, serviceName ORDER BY invocations DESC, functionName, serviceName LIMIT ${maxFunctions}`
  return rowsOf<FunctionFigures>(await store.query({ sql }))
}
