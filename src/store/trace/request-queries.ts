// What the store knows of a request: its attempts, the hooks that belong to them, and what abbreviated ids may mean.

import { sqlText, sqlTexts } from '../../lib/sql-text.ts'
import type { AttemptRecord, RequestCandidate } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { newestAttempts } from './newest-attempts.ts'
import { rowsOf } from './rows-of.ts'

/** All attempts with this id, hooks too; empty when there is none. */
export async function attemptsOf(store: StoreConnection, requestId: string): Promise<readonly AttemptRecord[]> {
  return newestAttempts(store, `requestId = ${sqlText(requestId)}`)
}

/** Initialize attempts of instances, each nearest to a time, and not behind it. */
export async function initializersOf(
  store: StoreConnection,
  starts: readonly { readonly instanceID: string; readonly startTime: string }[],
): Promise<readonly AttemptRecord[]> {
  const keys: string[] = []
  for (const { instanceID, startTime } of starts) {
    const sql = `SELECT requestId FROM attempts
      WHERE instanceID = ${sqlText(instanceID)} AND phase = 'initialize' AND startTime <= ${timeOf(startTime)}
      ORDER BY startTime DESC LIMIT 1`
    for (const { requestId } of rowsOf<{ requestId: string | null }>(await store.query({ sql }))) {
      if (requestId !== null) keys.push(requestId)
    }
  }
  if (keys.length === 0) return []
  return newestAttempts(store, `requestId IN ${sqlTexts(keys)} AND phase = 'initialize'`)
}

/** Requests whose ids begin so, `limit` at most. */
export async function requestsLike(
  store: StoreConnection,
  prefix: string,
  limit: number,
): Promise<readonly RequestCandidate[]> {
  const sql = `SELECT requestId, anyLast(functionName) AS functionName, min(startTime) AS startTime
    FROM attempts WHERE startsWith(requestId, ${sqlText(prefix)}) AND NOT deleted
    GROUP BY requestId ORDER BY requestId LIMIT ${limit}`
  return rowsOf<RequestCandidate>(await store.query({ sql }))
}

/** How much there is, and how new it is. */
export interface StoreExtent {
  readonly attempts: number
  /** RFC 3339; null when there is nothing. */
  readonly newest: string | null
}

/** Both are read off the tables' bookkeeping, whatever their size. */
export async function extentOf(store: StoreConnection): Promise<StoreExtent> {
  const sql = `SELECT count() AS attempts, max(firstStoredAt) AS newestAttempt,
      (SELECT max(storedAt) FROM log_lines) AS newestLine FROM attempts`
  const [row] = rowsOf<{ attempts: number; newestAttempt: string; newestLine: string }>(await store.query({ sql }))
  const newest = [row?.newestAttempt ?? '', row?.newestLine ?? ''].toSorted().at(-1) ?? ''
  // An empty table's newest time is 1970.
  return { attempts: Number(row?.attempts ?? 0), newest: newest.startsWith('1970') || newest === '' ? null : newest }
}

/** A time of the contract's as the engine compares it. */
export const timeOf = (time: string): string => `parseDateTime64BestEffort(${sqlText(time)}, 3, 'UTC')`
