import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { StoreWriter } from '../../src/model/store-connection.ts'
import { bindingStatements } from '../../src/sinks/clickhouse/line-ids.ts'
import { migrate } from '../../src/store/migrate.ts'
import { readPartitionNotes } from '../../src/store/partition-notes.ts'
import { otelTracesView } from '../../src/store/schema/attempts.ts'
import { openIn, openTemporary, rowsOf, withoutChdb } from './temporary-store.ts'

const tables = [
  'attempts',
  'bill_editions',
  'bill_rates',
  'line_owners',
  'log_lines',
  'schema_migrations',
  'source_partitions',
  'source_streams',
  'store_settings',
  'usage_hours',
]
const views = ['bill_hours', 'invocations', 'otel_logs', 'otel_traces']

describe('the schema', { skip: withoutChdb }, () => {
  let temporary: Awaited<ReturnType<typeof openTemporary>>
  let store: StoreWriter
  before(async () => {
    temporary = await openTemporary()
    store = temporary.store
  })
  beforeEach(async () => {
    for (const name of [...views, ...tables]) await store.run(`DROP TABLE IF EXISTS ${name}`)
  })
  after(() => temporary.close())

  const names = async (): Promise<string[]> =>
    (
      await rowsOf<{ name: string }>(store, "SELECT name FROM system.tables WHERE database = 'fcscope' ORDER BY name")
    ).map(({ name }) => name)
  const versions = async (): Promise<unknown[]> =>
    (await rowsOf(store, 'SELECT version FROM schema_migrations ORDER BY version')).map(row => row['version'])
  const days = async (table: string): Promise<string | undefined> => {
    const [row] = await rowsOf<{ sql: string }>(
      store,
      `SELECT create_table_query AS sql FROM system.tables WHERE name = '${table}'`,
    )
    return /TTL .*?toIntervalDay\((\d+)\)/.exec(row?.sql ?? '')?.[1]
  }

  test('a new store gets everything, and an id', async () => {
    const { id, isNew } = await migrate(store, { retentionDays: 7 })
    assert.equal(isNew, true)
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.deepEqual(await names(), [...tables, ...views].toSorted())
    assert.deepEqual(await versions(), [1, 2, 3, 4, 5, 6, 7])
    for (const table of ['log_lines', 'line_owners', 'attempts', 'source_streams']) assert.equal(await days(table), '7')
  })

  test('an existing one stays what it is, with its rows', async () => {
    const { id } = await migrate(store, { retentionDays: 7 })
    await store.run("INSERT INTO log_lines (Body, storedAt) SELECT 'kept', now64(3)")
    assert.deepEqual(await migrate(store, { retentionDays: 7 }), { id, isNew: false })
    assert.deepEqual(await versions(), [1, 2, 3, 4, 5, 6, 7])
    assert.deepEqual(await rowsOf(store, 'SELECT Body FROM otel_logs'), [{ Body: 'kept' }])
  })

  test('notes and owners from before step 3 are read as they were meant', async () => {
    await migrate(store, { retentionDays: 7 })
    await store.run('ALTER TABLE source_partitions DROP COLUMN wholeFrom')
    await store.run("INSERT INTO source_partitions (groupName, partition, position) SELECT 'g', 'p', 70")
    await store.run('ALTER TABLE schema_migrations DELETE WHERE version >= 3 SETTINGS mutations_sync = 1')
    await migrate(store, { retentionDays: 7 })
    assert.deepEqual((await readPartitionNotes(store, 'g')).get('p')?.wholeFrom, 70, 'nothing is known as a whole')
    await store.run(
      "INSERT INTO log_lines (Body, streamId, position, isWaiting, storedAt) SELECT 'whose?', 's', 5, 1, now64(3)",
    )
    for (const [requestId, at] of [
      ['a', 1],
      ['', 2],
    ] as const)
      await store.run(`INSERT INTO line_owners (streamId, position, requestId, storedAt)
        SELECT 's', 5, '${requestId}', now64(3) + INTERVAL ${at} SECOND`)
    assert.deepEqual(await rowsOf(store, 'SELECT Body, requestId FROM otel_logs'), [{ Body: 'whose?', requestId: '' }])
  })

  test('lines from before step 6 can be told their ids later', async () => {
    await migrate(store, { retentionDays: 7 })
    await store.run('ALTER TABLE log_lines DROP COLUMN isBound')
    await store.run('ALTER TABLE log_lines MODIFY SETTING enable_block_offset_column = 0')
    await store.run(
      "INSERT INTO log_lines (Body, requestId, spanIdBytes, storedAt) SELECT 'old', 'r', unhex('1111111111111111'), now64(3)",
    )
    await store.run('ALTER TABLE schema_migrations DELETE WHERE version >= 6 SETTINGS mutations_sync = 1')
    await migrate(store, { retentionDays: 7 })
    const [traceId, spanId] = ['ab'.repeat(16), '22'.repeat(8)] as const
    const ids = [{ requestId: 'r', lineSpanId: '11'.repeat(8), traceId, spanId, startMs: null }]
    for (const statement of bindingStatements(ids, Date.now())) await store.run(statement)
    const found = await rowsOf(store, 'SELECT Body, TraceId, SpanId FROM otel_logs')
    assert.deepEqual(found, [{ Body: 'old', TraceId: traceId, SpanId: spanId }])
    await store.run('OPTIMIZE TABLE log_lines FINAL')
    assert.deepEqual(await rowsOf(store, 'SELECT Body, TraceId, SpanId FROM otel_logs'), found)
  })

  test('other days hold from now on', async () => {
    await migrate(store, { retentionDays: 7 })
    await migrate(store, { retentionDays: 60 })
    for (const table of ['log_lines', 'line_owners', 'attempts', 'source_streams'])
      assert.equal(await days(table), '60')
  })

  for (const done of [1, 4, 7]) {
    test(`a step that a kill cut short after ${done} of its statements is done to its end`, async () => {
      const cut: StoreWriter = Object.create(store)
      let count = 0
      cut.run = async sql => {
        if (/^CREATE (TABLE|VIEW)/.test(sql) && !/schema_migrations|store_settings/.test(sql) && ++count > done)
          throw new Error('killed')
        if (/^INSERT INTO schema_migrations/.test(sql)) throw new Error('killed')
        await store.run(sql)
      }
      cut.query = query => store.query(query)
      await assert.rejects(migrate(cut, { retentionDays: 7 }), /killed/)
      assert.deepEqual(await versions(), [])
      // Somebody changed the days before starting again.
      assert.equal((await migrate(store, { retentionDays: 9 })).isNew, true)
      assert.deepEqual(await names(), [...tables, ...views].toSorted())
      assert.deepEqual(await versions(), [1, 2, 3, 4, 5, 6, 7])
      for (const table of ['log_lines', 'attempts']) assert.equal(await days(table), '9')
    })
  }

  for (const isCut of [false, true]) {
    test(`a store with the first view of spans gets the present one${isCut ? ', after a kill behind its removal' : ''}`, async () => {
      await migrate(store, { retentionDays: 7 })
      await store.run('TRUNCATE TABLE schema_migrations')
      await store.run('INSERT INTO schema_migrations (version) SELECT arrayJoin([1, 2])')
      await store.run('DROP VIEW otel_traces')
      if (!isCut) await store.run(otelTracesView)
      await migrate(store, { retentionDays: 7 })
      assert.deepEqual(await versions(), [1, 2, 3, 4, 5, 6, 7])
      const [view] = await rowsOf<{ sql: string }>(
        store,
        "SELECT create_table_query AS sql FROM system.tables WHERE name = 'otel_traces'",
      )
      assert.match(view?.sql ?? '', /cold start/)
    })
  }

  test('a store from before error lines were kept shows its spans as before', async () => {
    await migrate(store, { retentionDays: 7 })
    await store.run(`INSERT INTO attempts (requestId, phase, attempt, startTime, durationMs, firstStoredAt)
      SELECT 'old', 'invoke', 0, now64(3), 5, now64(3)`)
    const spans = 'SELECT SpanName, `Events.Name` FROM otel_traces'
    const before = await rowsOf(store, spans)
    assert.deepEqual(before, [{ SpanName: 'invoke', 'Events.Name': [] }])
    await store.run('TRUNCATE TABLE schema_migrations')
    await store.run('INSERT INTO schema_migrations (version) SELECT arrayJoin([1, 2, 3, 4, 5, 6])')
    await store.run('ALTER TABLE attempts DROP COLUMN errorLines')
    await migrate(store, { retentionDays: 7 })
    assert.deepEqual(await rowsOf(store, spans), before)
  })

  test('a schema of a newer version is left alone', async () => {
    await migrate(store, { retentionDays: 7 })
    await store.run('INSERT INTO schema_migrations (version) SELECT 999')
    await assert.rejects(migrate(store, { retentionDays: 60 }), {
      code: 'FCS_STORE_UNAVAILABLE',
      exitStatus: 3,
      message: /^[^\n]*newer version of fcscope[^\n]*$/,
    })
    assert.equal(await days('log_lines'), '7')
  })
})

test('a store that was made, closed and opened again is the same', { skip: withoutChdb }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-migrate-'))
  const first = await openIn(folder)
  const { id } = await migrate(first, { retentionDays: 7 })
  await first.close()
  await first.close()
  const second = await openIn(folder)
  assert.deepEqual(await migrate(second, { retentionDays: 7 }), { id, isNew: false })
  await second.close()
  rmSync(folder, { recursive: true })
})
