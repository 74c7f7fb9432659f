// Which rows of the table of attempts are failures now: old revisions stay among them until a merge, and FINAL costs four times as much.

import { sqlText, sqlTexts, sqlTime } from '../../lib/sql-text.ts'
import type { Status } from '../../model/attempt.ts'
import type { Period } from '../../model/failure.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { attemptKey } from '../schema/attempts.ts'
import { rowsOf } from '../trace/rows-of.ts'

export interface FailureWish extends Period {
  /** What {@link hasCorrections} says. */
  readonly isCorrected: boolean
  /** Patterns with `*` for any characters; empty for all functions. */
  readonly functions: readonly string[]
  readonly statuses: readonly Status[]
  /** Only of this function, service, type and code; not given for all. */
  readonly like?: FailureLike
  /** Not those of this request. */
  readonly exceptRequest?: string
}

export interface FailureLike {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly errorType: string | null
  readonly errorCode: string | null
}

/**
 * Revision 1 of generation 1, as nearly all rows are (src/store/schema/attempts.ts has what a version is made of). What is above it may
 * stand above another row of its attempt: a correction, a withdrawal, what a later generation of the state said. Below it is
 * generation 0, above which any other row of its attempt stands.
 */
const plainVersion = 2 ** 32 + 1

/**
 * Whether there are rows of another version: where there are none, as after `run --once`, nobody's key has to be looked at, which is half
 * the work of a query over failures. Fails with a `StoreError`.
 */
export async function hasCorrections(store: StoreConnection): Promise<boolean> {
  const sql = `SELECT count() AS corrected FROM (SELECT 1 FROM attempts WHERE version != ${plainVersion} LIMIT 1)`
  const [row] = rowsOf<{ corrected: number }>(await store.query({ sql }))
  return Number(row?.corrected ?? 0) > 0
}

/** What stands before and behind the columns of a query over failures as they are now. */
export interface FailedAttempts {
  /** `WITH …`, or empty. */
  readonly with: string
  /** What stands behind FROM, with its conditions. */
  readonly from: string
}

/** What is told of failures; the projection `byFailure` has all of it. */
const columns = `functionName, serviceName, qualifier, versionId, status, errorType, errorCode, errorMessage, causes, requestId, startTime`

/** `also`: a further condition. */
export function failedAttempts(wish: FailureWish, also = '1'): FailedAttempts {
  const where = `${conditionOf(wish)} AND ${also}`
  if (!wish.isCorrected) return { with: '', from: `attempts WHERE ${where}` }
  // Only of the requests that failed the other rows are looked at, by the key of the table.
  return {
    with: `WITH newest AS (SELECT ${attemptKey} AS newestKey, max(version) AS newestVersion FROM attempts
      WHERE requestId IN (SELECT assumeNotNull(requestId) FROM attempts WHERE ${where} AND requestId IS NOT NULL)
        OR requestId IS NULL GROUP BY newestKey)`,
    from: `(SELECT ${columns}, version, ${attemptKey} AS ownKey FROM attempts WHERE ${where}) AS own
      ANY JOIN newest ON ownKey = newestKey AND version = newestVersion`,
  }
}

function conditionOf({ fromMs, toMs, functions, statuses, like, exceptRequest }: FailureWish): string {
  const names = functions.map(pattern => `functionName LIKE ${sqlText(likePattern(pattern))}`)
  return [
    `status IN ${sqlTexts(statuses)}`,
    'NOT deleted',
    ...(fromMs === null ? [] : [`startTime >= ${sqlTime(Math.ceil(fromMs))}`]),
    ...(toMs === null ? [] : [`startTime < ${sqlTime(Math.ceil(toMs))}`]),
    ...(functions.length === 0 || functions.some(pattern => /^\*+$/.test(pattern)) ? [] : [`(${names.join(' OR ')})`]),
    ...(exceptRequest === undefined ? [] : [`ifNull(requestId != ${sqlText(exceptRequest)}, 1)`]),
    ...Object.entries(like ?? {}).map(([column, value]) =>
      value === null ? `${column} IS NULL` : `${column} = ${sqlText(value)}`,
    ),
  ].join(' AND ')
}

const likePattern = (pattern: string): string => pattern.replace(/[\\%_]/g, '\\$&').replaceAll('*', '%')
