// The lines of a request, and those that nobody owns in its time and place: the first and the last ones, and how many there are.

import { sqlText, sqlTexts } from '../../lib/sql-text.ts'
import type { AttemptRecord, LineExcerpt, TraceLine } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { timeOf } from './request-queries.ts'
import { rowsOf } from './rows-of.ts'

/** How much of the lines is wanted. */
export interface LineBounds {
  /** At the beginning and at the end, each. */
  readonly lines: number
  /** Of one message. */
  readonly bytes: number
}

type Row = Omit<TraceLine, 'bytesLeftOut'> & {
  readonly bytes: number
  readonly total: number
  /** Of all of them, those that waited for an owner when they were stored. */
  readonly waiting: number
  readonly number: number
  readonly streamId: string
  readonly position: number
  /** That of the line before, for a line without a time. */
  readonly placedTime: string
}

/** A line waits while several attempts are open on its instance; so many can be listed in a statement. */
const maxOwned = 4000

/** Where a request's lines stand; known once they were found. */
export interface LinePlaces {
  /** By stream id, the positions of the first and the last line. */
  readonly streams: ReadonlyMap<string, { readonly from: number; readonly to: number }>
  /** RFC 3339; empty without lines. */
  readonly lastTime: string
}

const columns = `isWaiting, Timestamp, timeSource, level, SeverityText, kind, Body, functionName, instanceID, stream, streamId, position`

/** Lines that were given to a request when they came, and those that waited for their owner. */
export async function linesOf(
  store: StoreConnection,
  attempts: readonly AttemptRecord[],
  { owned, bounds }: { owned: string | null; bounds: LineBounds },
): Promise<{ lines: LineExcerpt; places: LinePlaces }> {
  const id = sqlText(attempts[0]?.requestId ?? '')
  // An attempt that is known by its rows may have lines in a text whose function nobody knows.
  const functions = sqlTexts([...new Set(['', ...attempts.map(({ functionName }) => functionName ?? '')])])
  const own = `SELECT ${columns} FROM log_lines WHERE requestId = ${id} AND functionName IN ${functions}`
  const from =
    owned === null
      ? own
      : `${own} UNION ALL
         SELECT ${columns} FROM log_lines WHERE isWaiting AND functionName IN ${functions} AND (streamId, position) IN ${owned}`
  const rows = await excerptRows(store, from, bounds)
  return { lines: excerptOf(rows, bounds), places: placesOf(rows) }
}

/** Lines that found their owner later, as a list for IN; null when there are none, which is the rule. */
export async function ownedPlaces(store: StoreConnection, requestId: string): Promise<string | null> {
  const id = sqlText(requestId)
  const found = await placesIn(store, `line_owners WHERE requestId = ${id}`)
  if (found === null) return null
  // FINAL reads by key only: an owner may have been replaced by another one.
  return placesIn(store, `line_owners FINAL WHERE (streamId, position) IN ${found} AND requestId = ${id}`)
}

async function placesIn(store: StoreConnection, from: string): Promise<string | null> {
  const sql = `SELECT streamId, position FROM ${from} LIMIT ${maxOwned}`
  const places = rowsOf<{ streamId: string; position: number }>(await store.query({ sql }))
  if (places.length === 0) return null
  return `(${places.map(({ streamId, position }) => `(${sqlText(streamId)}, ${position})`).join(', ')})`
}

/** On the instances of the attempts, in their time; where no instance is known, between their lines. */
export async function unattachedOf(
  store: StoreConnection,
  attempts: readonly AttemptRecord[],
  { places, bounds }: { places: LinePlaces; bounds: LineBounds },
): Promise<LineExcerpt> {
  const ranges = [...instanceRanges(attempts, places.lastTime), ...streamRanges(attempts, places)]
  if (ranges.length === 0) return excerptOf([], bounds)
  const where = `requestId = '' AND (${ranges.join(' OR ')})`
  const all = await excerptRows(store, `SELECT ${columns} FROM log_lines WHERE ${where}`, bounds)
  if ((all[0]?.waiting ?? 0) === 0) return excerptOf(all, bounds)
  // Of the lines that waited for an owner those that found none are left; they are looked for by the key of the owners' table.
  const owned = `SELECT streamId, position FROM line_owners
    WHERE (streamId, position) IN (SELECT streamId, position FROM log_lines WHERE isWaiting AND ${where})`
  const rows = await excerptRows(
    store,
    `SELECT ${columns} FROM log_lines WHERE ${where} AND NOT (isWaiting AND (streamId, position) IN (${owned}))`,
    bounds,
  )
  return excerptOf(rows, bounds)
}

/** An attempt whose end was never seen lasted at least until its last line. */
function instanceRanges(attempts: readonly AttemptRecord[], lastTime: string): readonly string[] {
  return attempts.flatMap(({ functionName, instanceID, startTime, endTime }) => {
    if (instanceID === null || startTime === null) return []
    const start = timeOf(startTime)
    const end = timeOf(endTime ?? (lastTime > startTime ? lastTime : startTime))
    // The coarser column is the one that the table is sorted by.
    return [
      `(functionName = ${sqlText(functionName ?? '')} AND instanceID = ${sqlText(instanceID)}
        AND TimestampTime BETWEEN toDateTime(${start}) AND toDateTime(${end})
        AND Timestamp BETWEEN ${start} AND ${end})`,
    ]
  })
}

/** Of the same function, on no instance that is known. */
function streamRanges(attempts: readonly AttemptRecord[], { streams }: LinePlaces): readonly string[] {
  const nameless = attempts.filter(({ instanceID }) => instanceID === null)
  const functions = sqlTexts([...new Set(nameless.map(({ functionName }) => functionName ?? ''))])
  if (nameless.length === 0) return []
  return [...streams].map(
    ([streamId, { from, to }]) =>
      `(functionName IN ${functions} AND instanceID = '' AND streamId = ${sqlText(streamId)}
        AND position BETWEEN ${from} AND ${to})`,
  )
}

/**
 * In the order of the stream when there is one, which is what the program printed; else by time. A line without a time has that of
 * the line before it.
 */
async function excerptRows(store: StoreConnection, from: string, bounds: LineBounds): Promise<readonly Row[]> {
  return (await fewRows(store, from, bounds)) ?? numberedRows(store, from, bounds)
}

/** So many are read without further ado, and put in order here: for the engine that is half the work. */
const maxFew = 200

type PlainRow = Pick<Row, 'level' | 'levelText' | 'kind' | 'message' | 'bytes' | 'stream' | 'streamId' | 'position'> & {
  readonly Timestamp: string
  readonly timeSource: string | null
  readonly isWaiting: boolean
  readonly functionName: string
  readonly instanceID: string
}

/** The same as {@link numberedRows}; null when there are more. */
async function fewRows(
  store: StoreConnection,
  from: string,
  { lines, bytes }: LineBounds,
): Promise<readonly Row[] | null> {
  const sql = `SELECT Timestamp, timeSource, level, SeverityText AS levelText, kind, substring(Body, 1, ${bytes}) AS message,
      length(Body) AS bytes, functionName, instanceID, stream, streamId, position, isWaiting
    FROM (${from}) LIMIT ${maxFew + 1} SETTINGS max_threads = 1`
  const rows = rowsOf<PlainRow>(await store.query({ sql }))
  if (rows.length > maxFew) return null
  const isOneStream = new Set(rows.map(({ streamId }) => streamId)).size === 1
  const sorted = rows.toSorted((a, b) => (isOneStream ? 0 : compare(a.Timestamp, b.Timestamp)) || comparePlaces(a, b))
  const waiting = rows.filter(({ isWaiting }) => isWaiting).length
  return sorted
    .map(({ Timestamp, timeSource, functionName, instanceID, ...row }, index) => ({
      ...row,
      time: timeSource === null ? null : Timestamp.replace(/(\.\d{3})\d*Z$/, '$1Z'),
      functionName: functionName === '' ? null : functionName,
      instanceID: instanceID === '' ? null : instanceID,
      total: rows.length,
      waiting,
      number: index + 1,
      placedTime: Timestamp,
    }))
    .filter(({ number }) => number <= lines || number > rows.length - lines)
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const comparePlaces = (a: PlainRow, b: PlainRow): number => compare(a.streamId, b.streamId) || a.position - b.position

async function numberedRows(
  store: StoreConnection,
  from: string,
  { lines, bytes }: LineBounds,
): Promise<readonly Row[]> {
  const sql = `SELECT if(timeSource IS NULL, NULL, toDateTime64(Timestamp, 3, 'UTC')) AS time, level, SeverityText AS levelText,
      kind, substring(Body, 1, ${bytes}) AS message, length(Body) AS bytes, nullIf(functionName, '') AS functionName,
      nullIf(instanceID, '') AS instanceID, stream, streamId, position, total, waiting, number,
      toDateTime64(Timestamp, 9, 'UTC') AS placedTime
    FROM (
      SELECT *, row_number() OVER (ORDER BY if(streams = 1, toDateTime64(0, 9), Timestamp), streamId, position) AS number
      FROM (SELECT *, count() OVER () AS total, countIf(isWaiting) OVER () AS waiting, uniqExact(streamId) OVER () AS streams FROM (${from})))
    WHERE number <= ${lines} OR number > total - ${lines} ORDER BY number SETTINGS max_threads = 1`
  return rowsOf<Row>(await store.query({ sql }))
}

function excerptOf(rows: readonly Row[], { lines }: LineBounds): LineExcerpt {
  const total = rows[0]?.total ?? 0
  const first = rows.filter(({ number }) => number <= lines).map(lineOf)
  const last = rows.filter(({ number }) => number > lines).map(lineOf)
  return { total, leftOut: total - rows.length, first, last }
}

function lineOf(row: Row): TraceLine {
  const { time, level, levelText, kind, message, functionName, instanceID, stream } = row
  const bytesLeftOut = Math.max(0, row.bytes - Buffer.byteLength(message))
  return { time, level, levelText, kind, message, bytesLeftOut, functionName, instanceID, stream }
}

function placesOf(rows: readonly Row[]): LinePlaces {
  const streams = new Map<string, { from: number; to: number }>()
  for (const { streamId, position } of rows) {
    const known = streams.get(streamId) ?? { from: position, to: position }
    streams.set(streamId, { from: Math.min(known.from, position), to: Math.max(known.to, position) })
  }
  const times = rows.map(({ placedTime }) => placedTime).toSorted()
  return { streams, lastTime: times.at(-1) ?? '' }
}
