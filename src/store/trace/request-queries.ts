// What the store knows of a request: its attempts, the hooks that belong to them, and what abbreviated ids may mean.

import type { AttemptRecord, RequestCandidate } from '../../model/post-mortem.ts'
import { phases } from '../../model/record-kind.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { sqlText, sqlTexts } from '../sql-text.ts'
import { rowsOf } from './rows-of.ts'

/** FINAL keeps a filter from being read first unless it is asked to; the filters here are on the key, where that is safe. */
const keyFirst = 'SETTINGS optimize_move_to_prewhere_if_final = 1'

/** Attempts of one request that are shown. */
const maxAttempts = 100

/** All attempts with this id, hooks too; empty when there is none. */
export async function attemptsOf(store: StoreConnection, requestId: string): Promise<readonly AttemptRecord[]> {
  const sql = `SELECT * FROM invocations WHERE requestId = ${sqlText(requestId)}
    ORDER BY phase, attempt, startTime LIMIT ${maxAttempts} ${keyFirst}`
  // The view has the contract's fields, in its spelling.
  return rowsOf<AttemptRecord>(await store.query({ sql }))
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
  const sql = `SELECT * FROM invocations WHERE requestId IN ${sqlTexts(keys)} AND phase = 'initialize' ${keyFirst}`
  return rowsOf<AttemptRecord>(await store.query({ sql }))
}

/** Requests whose ids begin so, `limit` at most. */
export async function requestsLike(
  store: StoreConnection,
  prefix: string,
  limit: number,
): Promise<readonly RequestCandidate[]> {
  const sql = `SELECT requestId, anyLast(functionName) AS functionName, min(startTime) AS startTime
    FROM attempts WHERE startsWith(requestId, ${sqlText(prefix)}) AND phase = ${sqlText(phases[0])}
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
