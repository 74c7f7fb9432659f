// Who else was on an instance: the attempts around one of ours.
import { maxNeighboursEach, nearestNeighbours } from '../../model/neighbours.ts'
import type { AttemptRecord, Neighbour, Neighbourhood } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { sqlText, sqlTexts } from '../sql-text.ts'
import { timeOf } from './request-queries.ts'
import { rowsOf } from './rows-of.ts'

/** A task may run for a day: what began earlier has ended. */
const hours = 25

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
): Promise<readonly string[]> {
  const start = timeOf(startTime)
  const end = timeOf(endTime ?? startTime)
  const sql = `SELECT DISTINCT requestId FROM (
      SELECT requestId FROM (
      SELECT requestId, phase, abs(dateDiff('millisecond', startTime, ${start})) AS distance,
        multiIf(startTime > ${end}, 'after', startTime >= ${start} OR endTime > ${start}, 'overlapping', 'before') AS relation
      FROM attempts
      WHERE instanceID = ${sqlText(instanceID)} AND requestId != ${sqlText(requestId ?? '')}
        AND startTime BETWEEN ${start} - INTERVAL ${hours} HOUR AND ${end} + INTERVAL ${hours} HOUR
      ORDER BY distance LIMIT 1 BY requestId, phase, relation)
      ORDER BY distance LIMIT ${maxNeighboursEach} BY relation)`
  return rowsOf<{ requestId: string }>(await store.query({ sql })).map(row => row.requestId)
}

type Row = Omit<Neighbour, 'relation'>

async function newestOf(store: StoreConnection, instanceID: string, ids: readonly string[]): Promise<readonly Row[]> {
  if (ids.length === 0) return []
  const sql = `SELECT requestId, attempt, phase, status, startTime, endTime, durationMs FROM attempts FINAL
    WHERE requestId IN ${sqlTexts(ids)} AND instanceID = ${sqlText(instanceID)}
    SETTINGS optimize_move_to_prewhere_if_final = 1`
  return rowsOf<Row>(await store.query({ sql }))
}
