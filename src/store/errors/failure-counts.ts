// Failures counted by kind: as far as the engine can tell kinds apart, and without a digit in their texts.

import { sqlTime } from '../../lib/sql-text.ts'
import type { CauseCode } from '../../model/cause.ts'
import {
  type FailedRequest,
  type FailureCount,
  type FailureKind,
  maxMessagePoints,
  maxMoments,
} from '../../model/failure.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { rowsOf } from '../trace/rows-of.ts'
import { type FailureWish, failedAttempts } from './failed-attempts.ts'

/** Kinds that are fetched, those with the most failures first. */
export const maxKinds = 20_000

/** Qualifiers and versions of one kind that are told of. */
const maxNames = 8

/** The same ids, times and figures with other digits are the same text. */
const digitless = (text: string): string => `translate(${text}, '123456789', '000000000')`
const shortMessage = `leftUTF8(errorMessage, ${maxMessagePoints})`

/** Evidence that may be a frame; a superset is enough, and only lessens the kinds (src/classify/stack-frames.ts decides). */
const evidence = `arrayMap(piece -> ${digitless('piece')},
  arrayFilter(piece -> startsWith(piece, 'at ') OR startsWith(piece, 'File "') OR match(piece, '[:(][0-9]'),
    causes.evidence[indexOf(causes.code, 'uncaughtException')]))`

/** What the kind of a row is made of, by the names of {@link FailureKind}. */
const kindColumns = `functionName, serviceName, status, errorType, errorCode, ${digitless(shortMessage)} AS message, ${evidence} AS evidence`

/** Has an id and a time. `IS NOT NULL` would read all ids, a fifth of the query. */
const isNamed = 'NOT requestId.null AND startTime IS NOT NULL'

const maxTimeoutMs = 60_000

type KindRow = FailureKind & {
  readonly failures: number
  readonly first: string | null
  readonly last: string | null
  readonly causeCounts: Readonly<Partial<Record<CauseCode | '', number>>>
  readonly qualifiers: readonly string[]
  readonly versions: readonly string[]
  /** Of the newest ones with an id, as negative unix ms. */
  readonly newest: readonly number[]
  readonly allFailures: number
}

export interface FailureCounts {
  readonly counts: readonly FailureCount[]
  /** Failures of all kinds, fetched or not. */
  readonly failures: number
}

/** Fails with a `StoreError`. */
export async function failureCounts(store: StoreConnection, wish: FailureWish): Promise<FailureCounts> {
  const failed = failedAttempts(wish)
  const sql = `${failed.with} SELECT *, sum(failures) OVER () AS allFailures FROM (
      SELECT ${kindColumns}, count() AS failures, min(startTime) AS first, max(startTime) AS last,
        sumMap(map(causes.code[1], 1)) AS causeCounts, groupUniqArray(${maxNames})(qualifier) AS qualifiers,
        groupUniqArray(${maxNames})(versionId) AS versions,
        groupArraySortedIf(${maxMoments})(-toUnixTimestamp64Milli(assumeNotNull(startTime)), ${isNamed}) AS newest
      FROM ${failed.from}
      GROUP BY functionName, serviceName, status, errorType, errorCode, message, evidence)
    ORDER BY failures DESC, functionName, status, errorType, message LIMIT ${maxKinds}`
  const rows = rowsOf<KindRow>(await store.query({ sql, timeoutMs: maxTimeoutMs }))
  return { counts: rows.map(countOf), failures: Number(rows[0]?.allFailures ?? 0) }
}

function countOf(row: KindRow): FailureCount {
  const { functionName, serviceName, status, errorType, errorCode, message } = row
  const causes = Object.entries(row.causeCounts).flatMap(([code, count]) =>
    // The engine has the codes that the rules of this or an earlier version gave.
    code === '' ? [] : [[code as CauseCode, Number(count)] as const],
  )
  return {
    kind: { functionName, serviceName, status, errorType, errorCode, message, evidence: row.evidence },
    count: Number(row.failures),
    firstMs: msOf(row.first),
    lastMs: msOf(row.last),
    causes: new Map(causes),
    qualifiers: row.qualifiers.filter(name => name !== ''),
    versions: row.versions.filter(name => name !== ''),
    newestMs: row.newest.map(ms => -Number(ms)),
  }
}

/** How often a kind of failure came, and its newest one with an id. */
export interface LikeFailures {
  readonly kind: FailureKind
  readonly count: number
  readonly newest: { readonly requestId: string; readonly timeMs: number } | null
}

/** The kinds of a few failures: nothing is read of them that is not told. Fails with a `StoreError`. */
export async function likeFailures(store: StoreConnection, wish: FailureWish): Promise<readonly LikeFailures[]> {
  const failed = failedAttempts(wish)
  // Of one moment the first by id.
  const sql = `${failed.with} SELECT ${kindColumns}, count() AS failures,
      minIf((-toUnixTimestamp64Milli(assumeNotNull(startTime)), assumeNotNull(requestId)), ${isNamed}) AS newest
    FROM ${failed.from} GROUP BY functionName, serviceName, status, errorType, errorCode, message, evidence LIMIT ${maxKinds}`
  const rows = rowsOf<FailureKind & { failures: number; newest: readonly [number, string] }>(
    await store.query({ sql, timeoutMs: maxTimeoutMs }),
  )
  return rows.map(({ failures, newest: [age, requestId], ...kind }) => ({
    kind,
    count: Number(failures),
    newest: requestId === '' ? null : { requestId, timeMs: -Number(age) },
  }))
}

/** A failure that was looked up, with what tells its kind. */
export interface PlacedFailure {
  readonly kind: FailureKind
  readonly request: FailedRequest
}

/** Rows of one moment: a burst may have many, and a few are told of. */
const maxAtMoment = 20

/**
 * Failures with an id that began at one of these moments. Ids are most of the bytes of the table: so those of all others stay unread.
 * Fails with a `StoreError`.
 */
export async function failuresAt(
  store: StoreConnection,
  wish: FailureWish,
  momentsMs: readonly number[],
): Promise<readonly PlacedFailure[]> {
  const moments = [...new Set(momentsMs)]
  if (moments.length === 0) return []
  const failed = failedAttempts(wish, `startTime IN (${moments.map(sqlTime).join(', ')}) AND requestId IS NOT NULL`)
  const sql = `${failed.with} SELECT ${kindColumns}, requestId, startTime, ${shortMessage} AS whole FROM ${failed.from}
    ORDER BY startTime DESC, requestId LIMIT ${moments.length * maxAtMoment} SETTINGS query_plan_optimize_lazy_materialization = 0`
  const rows = rowsOf<FailureKind & { requestId: string; startTime: string; whole: string | null }>(
    await store.query({ sql, timeoutMs: maxTimeoutMs }),
  )
  return rows.map(({ requestId, startTime, whole, ...kind }) => ({
    kind,
    request: { requestId, timeMs: Date.parse(startTime), message: whole },
  }))
}

const msOf = (time: string | null): number | null => (time === null ? null : Date.parse(time))
