// Who else was on an instance: the attempts around one of ours.

import { sqlText, sqlTexts } from '../../lib/sql-text.ts'
import { maxNeighboursEach, nearestNeighbours } from '../../model/neighbours.ts'
import {
  type AttemptRecord,
  type Neighbour,
  type Neighbourhood,
  type Relation,
  relations,
} from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { lookUp, newestRows } from './newest-attempts.ts'
import { timeOf } from './request-queries.ts'
import { rowsOf } from './rows-of.ts'

/** A task may run for a day: what began earlier has ended. */
const hours = 25

/** Rows of each relation: an attempt has one for each of its revisions, and a request one for each of its attempts. */
const maxCandidatesEach = 8 * maxNeighboursEach

/** An attempt of which is known where and when it was. */
type PlacedAttempt = AttemptRecord & { instanceID: string; startTime: string }

const isPlaced = (attempt: AttemptRecord): attempt is PlacedAttempt =>
  attempt.instanceID !== null && attempt.startTime !== null

/** The neighbours of attempts of one request; none where the instance or the time is not known. */
export async function neighbourhoodsOf(
  store: StoreConnection,
  attempts: readonly AttemptRecord[],
): Promise<readonly Neighbourhood[]> {
  const placed = attempts.filter(isPlaced)
  const found = await candidatesOf(store, placed)
  const instances = new Set(placed.map(({ instanceID }) => instanceID))
  // All at once: each look-up takes as long as ten of them.
  const others = await newestOf(store, instances, new Set(found))
  return placed.map(attempt => {
    const { instanceID } = attempt
    const near = (others.get(instanceID) ?? []).map(({ instanceID: _, ...other }) => other)
    return { instanceID, attempt: attempt.attempt, neighbours: nearestNeighbours(attempt, near) }
  })
}

interface Candidate {
  /** Index of the attempt that it is near to. */
  readonly near: number
  readonly requestId: string | null
  readonly relation: Relation
  /** Between their starts, in ms. */
  readonly distance: number
}

/** From the projection, which knows older revisions as well: whoever it names is looked up. */
async function candidatesOf(
  store: StoreConnection,
  attempts: readonly PlacedAttempt[],
): Promise<readonly (string | null)[]> {
  if (attempts.length === 0) return []
  // One after the other in one query: most of the time of each is its planning.
  const sql = `${attempts.map(nearestSql).join(' UNION ALL ')} SETTINGS max_threads = 1`
  const found = rowsOf<Candidate>(await store.query({ sql }))
  const rows = found.toSorted((a, b) => a.distance - b.distance)
  return attempts.flatMap((_, near) =>
    relations.flatMap(relation => {
      const ids = new Set(rows.filter(row => row.near === near && row.relation === relation).map(row => row.requestId))
      return [...ids].slice(0, maxNeighboursEach)
    }),
  )
}

function nearestSql({ requestId, instanceID, startTime, endTime }: PlacedAttempt, near: number): string {
  const start = timeOf(startTime)
  const end = timeOf(endTime ?? startTime)
  return `SELECT ${near} AS near, requestId, relation, distance FROM (SELECT requestId,
      abs(dateDiff('millisecond', startTime, ${start})) AS distance,
      multiIf(startTime > ${end}, 'after', startTime >= ${start} OR endTime > ${start}, 'overlapping', 'before') AS relation
    FROM attempts
    WHERE instanceID = ${sqlText(instanceID)} AND ifNull(requestId != ${sqlText(requestId ?? '')}, 1)
      AND startTime BETWEEN ${start} - INTERVAL ${hours} HOUR AND ${end} + INTERVAL ${hours} HOUR
    ORDER BY distance LIMIT ${maxCandidatesEach} BY relation)`
}

type Other = Omit<Neighbour, 'relation'> & { readonly instanceID: string | null }

type Row = Other & {
  readonly version: number
  readonly deleted: 0 | 1
  readonly position: string
}

/** By instance. */
async function newestOf(
  store: StoreConnection,
  instances: ReadonlySet<string>,
  ids: ReadonlySet<string | null>,
): Promise<ReadonlyMap<string | null, readonly Other[]>> {
  if (ids.size === 0) return new Map()
  const named = `requestId IN ${sqlTexts([...ids].filter(id => id !== null))}`
  const where = ids.has(null) ? `${named} OR requestId IS NULL AND instanceID IN ${sqlTexts([...instances])}` : named
  const sql = `SELECT requestId, attempt, phase, status, startTime, endTime, durationMs, version, deleted, position, instanceID
    FROM attempts WHERE ${where} ${lookUp}`
  const rows = newestRows(rowsOf<Row>(await store.query({ sql })))
  const others = rows.map(({ requestId, attempt, phase, status, startTime, endTime, durationMs, instanceID }) => {
    return { requestId, attempt, phase, status, startTime, endTime, durationMs, instanceID }
  })
  return Map.groupBy(others, ({ instanceID }) => instanceID)
}
