// What workers note of the partitions that they share (`PartitionNote`).

import { sqlText, sqlTexts } from '../lib/sql-text.ts'
import type { PartitionNote } from '../model/handover.ts'
import type { StoreConnection, StoreWriter } from '../model/store-connection.ts'

/** One note of each partition counts: of its last owner the newest, by the store's clock. Milliseconds have 41 bits until 2039. */
export const partitionNotesTable = `CREATE TABLE source_partitions (
  groupName String,
  partition String,
  position UInt64,
  replayFrom UInt64,
  worker UInt32,
  epoch UInt32,
  generation UInt32,
  hasEnded Bool,
  streamIds Array(String),
  notedAt DateTime64(6, 'UTC') DEFAULT now64(6),
  version UInt64 DEFAULT bitShiftLeft(toUInt64(epoch), 42) + toUnixTimestamp64Milli(notedAt))
ENGINE = ReplacingMergeTree(version) ORDER BY (groupName, partition)`

/** Notes from before the column say that nothing that is stored is known as a whole. */
export const partitionNotesWhole =
  'ALTER TABLE source_partitions ADD COLUMN IF NOT EXISTS wholeFrom UInt64 DEFAULT position AFTER replayFrom'

const columns = [
  'partition',
  'position',
  'replayFrom',
  'wholeFrom',
  'worker',
  'epoch',
  'generation',
  'hasEnded',
  'streamIds',
] as const

/** The notes of a group, by partition. */
export async function readPartitionNotes(store: StoreConnection, group: string): Promise<Map<string, PartitionNote>> {
  const sql = `SELECT ${columns.join(', ')} FROM source_partitions FINAL WHERE groupName = ${sqlText(group)}`
  const answer = (await store.query({ sql, format: 'JSONEachRow' })).toString('utf8')
  const notes = answer.split('\n').flatMap(line => {
    if (line === '') return []
    // Columns by name, as they were asked for.
    const row = JSON.parse(line) as Record<(typeof columns)[number], unknown>
    const { partition, streamIds } = row
    return {
      partition: String(partition),
      position: Number(row.position),
      replayFrom: Number(row.replayFrom),
      wholeFrom: Number(row.wholeFrom),
      worker: Number(row.worker),
      epoch: Number(row.epoch),
      generation: Number(row.generation),
      hasEnded: row.hasEnded === true,
      streamIds: Array.isArray(streamIds) ? streamIds.map(String) : [],
    }
  })
  return new Map(notes.map(note => [note.partition, note]))
}

/** Writes notes of a group: all of them, or none. */
export async function writePartitionNotes(
  store: StoreWriter,
  group: string,
  notes: readonly PartitionNote[],
): Promise<void> {
  if (notes.length === 0) return
  const rows = notes.map(note => {
    const { position, replayFrom, wholeFrom, worker, epoch, generation, hasEnded, streamIds } = note
    const ids = streamIds.length === 0 ? '[]' : `[${sqlTexts(streamIds).slice(1, -1)}]`
    const numbers = [position, replayFrom, wholeFrom, worker, epoch, generation, hasEnded].join(', ')
    return `(${sqlText(group)}, ${sqlText(note.partition)}, ${numbers}, ${ids})`
  })
  const structure =
    'groupName String, partition String, position UInt64, replayFrom UInt64, wholeFrom UInt64, worker UInt32, epoch UInt32, generation UInt32, hasEnded Bool, streamIds Array(String)'
  await store.run(
    `INSERT INTO source_partitions (groupName, ${columns.join(', ')}) SETTINGS async_insert = 0
     SELECT * FROM values('${structure}', ${rows.join(', ')})`,
  )
}
