// Brings a store to the schema of this version, step by step, and tells which store it is.
import { randomUUID } from 'node:crypto'
import { ExitStatus, FcscopeError } from '../model/fcscope-error.ts'
import type { StoreConnection, StoreWriter } from '../model/store-connection.ts'
import { partitionNotesTable, partitionNotesWhole } from './partition-notes.ts'
import {
  attemptsTable,
  errorLinesColumn,
  errorStackColumn,
  failureIndexes,
  invocationsView,
  otelTracesView,
} from './schema/attempts.ts'
import { billEditionsTable, billHoursView, billRatesTable } from './schema/bill-hours.ts'
import { boundLines, lineOwnersTable, logLinesTable, otelLogsView } from './schema/log-lines.ts'
import { spanView } from './schema/span-view.ts'
import { priorHourColumns, usageHoursTable } from './schema/usage-hours.ts'
import { set, setting } from './settings.ts'

/** Statements of one step; `{retentionDays}` is filled in. Steps are never changed once they were released: add another. */
type Migration = readonly string[]

const bookkeeping = [
  `CREATE TABLE IF NOT EXISTS schema_migrations (version UInt32, appliedAt DateTime64(3, 'UTC') DEFAULT now64(3))
   ENGINE = MergeTree ORDER BY version`,
  `CREATE TABLE IF NOT EXISTS store_settings (key String, value String, setAt DateTime64(3, 'UTC') DEFAULT now64(3))
   ENGINE = ReplacingMergeTree(setAt) ORDER BY key`,
]

/** What a worker knows of the streams it reads: with it a worker that lost its state recognises them. */
const sourceStreamsTable = `CREATE TABLE source_streams (
  source String, streamId String, position UInt64, memo String, storedAt DateTime64(3, 'UTC') DEFAULT now64(3))
ENGINE = ReplacingMergeTree(storedAt) ORDER BY (source, streamId)
TTL toDateTime(storedAt) + INTERVAL {retentionDays} DAY`

const migrations: readonly Migration[] = [
  [logLinesTable, lineOwnersTable, otelLogsView, attemptsTable, invocationsView, otelTracesView, sourceStreamsTable],
  [partitionNotesTable],
  [partitionNotesWhole, otelLogsView.replace('CREATE VIEW', 'CREATE OR REPLACE VIEW')],
  [...priorHourColumns, usageHoursTable, billEditionsTable, billRatesTable, billHoursView],
  // The view of spans is that of the last step that makes it: before, its columns may not be there.
  ['DROP VIEW IF EXISTS otel_traces'],
  [...boundLines, errorStackColumn, ...failureIndexes],
  [errorLinesColumn, 'DROP VIEW IF EXISTS otel_traces', spanView],
]

/** Tables whose rows go after the days of the settings, and the column that tells their age. */
const retained = [
  ['log_lines', 'storedAt'],
  ['line_owners', 'storedAt'],
  ['attempts', 'firstStoredAt'],
  ['source_streams', 'storedAt'],
] as const

/** The store as it was found. */
export interface StoreIdentity {
  /** The same for as long as the store is the same. */
  readonly id: string
  /** True when it was made just now. */
  readonly isNew: boolean
}

/** Makes or completes the tables. Fails with a `StoreError`, and with `FCS_STORE_UNAVAILABLE` when a newer version made them. */
export async function migrate(store: StoreWriter, options: { retentionDays: number }): Promise<StoreIdentity> {
  for (const statement of bookkeeping) await store.run(statement)
  const version = await versionOf(store)
  if (version > migrations.length) throw newerSchema(store.label)
  const fill = (statement: string): string => statement.replaceAll('{retentionDays}', String(options.retentionDays))
  for (const [index, statements] of migrations.entries()) {
    if (index < version) continue
    for (const statement of statements) await store.run(onlyOnce(fill(statement)))
    // No VALUES: see `EmbeddedStore.insertFile`.
    await store.run(`INSERT INTO schema_migrations (version) SETTINGS async_insert = 0 SELECT ${index + 1}`)
  }
  await keepFor(store, options.retentionDays)
  return identify(store)
}

const newerSchema = (label: string): FcscopeError =>
  new FcscopeError(
    'FCS_STORE_UNAVAILABLE',
    {
      en: `${label}: the tables were made by a newer version of fcscope. Go on with that version, or name another store.`,
      zh: `${label}：各表由更新版本的 fcscope 创建。请使用该版本继续，或指定其他存储。`,
    },
    { exitStatus: ExitStatus.unreachable },
  )

/** A step that a crash cut short is run again. */
const onlyOnce = (statement: string): string =>
  statement.replace(/^CREATE (TABLE|VIEW) (?!IF NOT EXISTS)/, 'CREATE $1 IF NOT EXISTS ')

async function versionOf(store: StoreConnection): Promise<number> {
  const answer = await store.query({ sql: 'SELECT max(version) AS version FROM schema_migrations' })
  return Number(JSON.parse(answer.toString('utf8')).version)
}

/** Days that were changed since apply to what is there as well, but nothing is rewritten for it at once. */
async function keepFor(store: StoreWriter, days: number): Promise<void> {
  if ((await setting(store, 'retentionDays')) === String(days)) return
  // Of new tables, too: a start that was cut short may have made them with other days.
  for (const [table, column] of retained) {
    const rule = `toDateTime(${column}) + INTERVAL ${days} DAY`
    await store.run(`ALTER TABLE ${table} MODIFY TTL ${rule} SETTINGS materialize_ttl_after_modify = 0`)
  }
  await set(store, 'retentionDays', String(days))
}

async function identify(store: StoreWriter): Promise<StoreIdentity> {
  const known = await setting(store, 'storeId')
  if (known !== null) return { id: known, isNew: false }
  const id = randomUUID()
  await set(store, 'storeId', id)
  return { id, isNew: true }
}
