// Who else was on an instance: the attempts around one of ours.
import { maxNeighboursEach, nearestNeighbours } from '../../model/neighbours.ts'
import {
  type AttemptRecord,
  type Neighbour,
  type Neighbourhood,
  type Relation,
  relations,
} from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { sqlText, sqlTexts } from '../sql-text.ts'
import { lookUp, newestRows } from './newest-attempts.ts'
import { timeOf } from './request-queries.ts'
import { rowsOf } from './rows-of.ts'

/** A task may run for a day: what began earlier has ended. */
const hours = 25

/** Rows of each relation: an attempt has one for each of its revisions, and a request one for each of its attempts. */
const maxCandidatesEach = 8 * maxNeighboursEach

/** The neighbours of an attempt; null where its instance or its time is not known. */
export async function neighbourhoodOf(store: StoreConnection, attempt: AttemptRecord): Promise<Neighbourhood | null> {
  const { instanceID, startTime } = attempt
  if (instanceID === null || startTime === null) return null
  const ids = await candidatesOf(store, { ...attempt, instanceID, startTime })
  const others = await newestOf(store, instanceID, ids)
  return { instanceID, attempt: attempt.attempt, neighbours: nearestNeighbours(attempt, others) }
}

/** From the projection, which knows older revisions as well: whoever it names is looked up. */
async function candidatesOf(
  store: StoreConnection,
  { requestId, instanceID, startTime, endTime }: AttemptRecord & { instanceID: string; startTime: string },
): Promise<readonly (string | null)[]> {
  const start = timeOf(startTime)
  const end = timeOf(endTime ?? startTime)
  const sql = `SELECT requestId,
      multiIf(startTime > ${end}, 'after', startTime >= ${start} OR endTime > ${start}, 'overlapping', 'before') AS relation
    FROM attempts
    WHERE instanceID = ${sqlText(instanceID)} AND ifNull(requestId != ${sqlText(requestId ?? '')}, 1)
      AND startTime BETWEEN ${start} - INTERVAL ${hours} HOUR AND ${end} + INTERVAL ${hours} HOUR
    ORDER BY abs(dateDiff('millisecond', startTime, ${start})) LIMIT ${maxCandidatesEach} BY relation SETTINGS max_threads = 1`
  const rows = rowsOf<{ requestId: string | null; relation: Relation }>(await store.query({ sql }))
  return relations.flatMap(relation => {
    const ids = new Set(rows.filter(row => row.relation === relation).map(row => row.requestId))
    return [...ids].slice(0, maxNeighboursEach)
  })
}

type Row = Omit<Neighbour, 'relation'> & {
  readonly version: number
  readonly deleted: 0 | 1
  readonly position: string
  readonly instanceID: string | null
}

async function newestOf(
  store: StoreConnection,
  instanceID: string,
  ids: readonly (string | null)[],
): Promise<readonly Omit<Neighbour, 'relation'>[]> {
  if (ids.length === 0) return []
  const named = `requestId IN ${sqlTexts(ids.filter(id => id !== null))}`
  const where = ids.includes(null) ? `${named} OR requestId IS NULL AND instanceID = ${sqlText(instanceID)}` : named
  const sql = `SELECT requestId, attempt, phase, status, startTime, endTime, durationMs, version, deleted, position, instanceID
    FROM attempts WHERE ${where} ${lookUp}`
  return newestRows(rowsOf<Row>(await store.query({ sql })))
    .filter(row => row.instanceID === instanceID)
    .map(({ requestId, attempt, phase, status, startTime, endTime, durationMs }) => {
      return { requestId, attempt, phase, status, startTime, endTime, durationMs }
    })
}
