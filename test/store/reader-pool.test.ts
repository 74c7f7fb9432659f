import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StoreError } from '../../src/model/store-connection.ts'
import { readersOf } from '../../src/store/embedded-store.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openTemporary, withoutChdb } from './temporary-store.ts'

const code = (expected: number) => (error: unknown) => error instanceof StoreError && error.clickhouseCode === expected
const endless = 'SELECT number FROM numbers(1000000000000)'
const slow =
  'SELECT sum(sleepEachRow(0.5)) FROM numbers(100) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0'

test('queries of others', { skip: withoutChdb }, async t => {
  const { store, close } = await openTemporary()
  t.after(close)
  await migrate(store, { retentionDays: 30 })
  const readers = readersOf(store)

  await t.test('times, numbers and decimals are written as the contract says', async () => {
    const sql = "SELECT toDateTime64(0, 3, 'UTC') AS t, toUInt64(2) AS n, toDecimal64(1, 2) AS d"
    assert.equal(String(await readers.query({ sql })), '{"t":"1970-01-01T00:00:00.000Z","n":2,"d":"1"}\n')
  })
  await t.test('nothing can be changed, whoever tries', async () => {
    for (const sql of ['DROP TABLE log_lines', 'INSERT INTO source_streams (source) SELECT 1', 'SET readonly = 0'])
      await assert.rejects(readers.query({ sql }), code(164), sql)
    await assert.rejects(readers.query({ sql: 'SELECT 1 SETTINGS readonly = 0' }), code(164))
  })
  await t.test('a query that lasts too long fails, and the next one runs', async () => {
    await assert.rejects(readers.query({ sql: slow, timeoutMs: 1000 }), code(159))
    assert.equal(String(await readers.query({ sql: 'SELECT 1', format: 'TSV' })), '1\n')
  })
  await t.test('a result comes in pieces; ending early ends the query', async () => {
    let bytes = 0
    for await (const piece of readers.stream({ sql: endless, format: 'TSV' })) {
      bytes += piece.length
      if (bytes > 1_000_000) break
    }
    const running = await store.query({
      sql: `SELECT count() AS n FROM system.processes WHERE query LIKE '%numbers(1000000000000)' AND query NOT LIKE '%processes%'`,
    })
    assert.equal(JSON.parse(String(running)).n, 0)
  })
  await t.test('a result that must be whole in memory is bounded', async () => {
    await assert.rejects(readers.query({ sql: endless, format: 'Pretty' }), code(396))
  })
  await t.test('more queries than connections wait; far too many are refused', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) => readers.query({ sql: `SELECT sleep(0.02), ${i} AS i` })),
    )
    const refused = results.filter(result => result.status === 'rejected')
    for (const { reason } of refused) assert.ok(code(202)(reason), String(reason))
    assert.equal(refused.length, 60 - 3 - 32)
  })
  await t.test('a slow query of somebody does not hold up the owner', async () => {
    const results = Array.from({ length: 3 }, () => readers.stream({ sql: slow })[Symbol.asyncIterator]())
    const pending = results.map(result => result.next().catch(() => null))
    assert.match(String(await store.query({ sql: 'SELECT 1 AS one' })), /"one":1/)
    await Promise.all(results.map(result => result.return?.()))
    await Promise.all(pending)
  })
  await t.test('closing ends what is under way and what waits', async () => {
    const running = Array.from({ length: 5 }, () => readers.query({ sql: slow }))
    await store.close()
    for (const result of running) await assert.rejects(result, StoreError)
    await assert.rejects(readers.query({ sql: 'SELECT 1' }), code(236))
  })
})
