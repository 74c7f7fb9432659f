// What the store knows of the streams it was fed from: for a worker that lost its state, and only for that.

import { sqlText, sqlTexts } from '../lib/sql-text.ts'
import type { StoredStream } from '../model/source.ts'
import type { StoreConnection, StoreWriter } from '../model/store-connection.ts'

/** Notes streams of a source. */
export async function noteStreams(
  store: StoreWriter,
  streams: readonly { readonly source: string; readonly stream: StoredStream }[],
): Promise<void> {
  if (streams.length === 0) return
  const rows = streams.map(
    ({ source, stream }) =>
      `(${sqlText(source)}, ${sqlText(stream.streamId)}, ${stream.position}, ${sqlText(stream.memo)})`,
  )
  const structure = 'source String, streamId String, position UInt64, memo String'
  await store.run(
    `INSERT INTO source_streams (source, streamId, position, memo) SETTINGS async_insert = 0
     SELECT * FROM values('${structure}', ${rows.join(', ')})`,
  )
}

/** The streams of all sources, with their positions set back to 0: everything is to be read again. */
export async function readStreams(store: StoreConnection): Promise<Map<string, StoredStream[]>> {
  const sql = 'SELECT source, streamId, memo FROM source_streams FINAL ORDER BY source, streamId'
  const bySource = new Map<string, StoredStream[]>()
  for (const line of linesOf(await store.query({ sql }))) {
    const { source, streamId, memo } = JSON.parse(line)
    const streams = bySource.get(source) ?? []
    streams.push({ streamId, position: 0, memo })
    bySource.set(source, streams)
  }
  return bySource
}

/** The highest number of a state that delivered attempts; -1 when there is none. */
export async function lastGeneration(store: StoreConnection): Promise<number> {
  const sql = 'SELECT if(count() = 0, -1, toInt64(bitShiftRight(max(version), 32))) AS generation FROM attempts'
  const [line = '{}'] = linesOf(await store.query({ sql }))
  return Number(JSON.parse(line).generation)
}

/** The last position of each stream that has lines in the store; of all streams, or of those that are named. */
export async function lastPositions(
  store: StoreConnection,
  streamIds: readonly string[] | null = null,
): Promise<Map<string, number>> {
  const where = streamIds === null ? '' : `WHERE streamId IN ${sqlTexts(streamIds)}`
  const sql = `SELECT streamId, max(position) AS last FROM log_lines ${where} GROUP BY streamId`
  const entries = linesOf(await store.query({ sql })).map((line): [string, number] => {
    const { streamId, last } = JSON.parse(line)
    return [streamId, Number(last)]
  })
  return new Map(entries)
}

/** Positions in `[from, to)` of the named streams whose lines are stored, by stream. */
export async function storedPositions(
  store: StoreConnection,
  range: { readonly streamIds: readonly string[]; readonly from: number; readonly to: number },
): Promise<Map<string, Set<number>>> {
  const { streamIds, from, to } = range
  const where = `streamId IN ${sqlTexts(streamIds)} AND position >= ${from} AND position < ${to}`
  const sql = `SELECT toString(streamId), position FROM log_lines WHERE ${where}`
  const byStream = new Map<string, Set<number>>()
  for (const line of linesOf(await store.query({ sql, format: 'TSV' }))) {
    const [streamId = '', position] = line.split('\t')
    const positions = byStream.get(streamId) ?? new Set()
    positions.add(Number(position))
    byStream.set(streamId, positions)
  }
  return byStream
}

const linesOf = (bytes: Buffer): readonly string[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
