// Opening a store that cannot be opened: one line each, and no secret in it.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import fc from 'fast-check'
import { sqlText, sqlTexts } from '../../src/lib/sql-text.ts'
import { FcscopeError } from '../../src/model/fcscope-error.ts'
import { StoreError } from '../../src/model/store-connection.ts'
import { openEmbeddedStore, StoreBusy } from '../../src/store/embedded-store.ts'
import { openServerReader, openServerStore } from '../../src/store/server-store.ts'
import { openTemporary, rowsOf, withoutChdb } from './temporary-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-opening-'))
after(() => rmSync(folder, { recursive: true, maxRetries: 3 }))
const needsChdb = { skip: withoutChdb }
const password = 'correct horse'

/** A server that answers everything like this; null never answers. */
async function serve(answer: { status: number; code: string; text: string } | null): Promise<[url: string, Server]> {
  const server = createServer((request, response) => {
    request.resume()
    if (answer === null) return
    response.writeHead(answer.status, { 'x-clickhouse-exception-code': answer.code }).end(answer.text)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return [`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server]
}

const optionsOf = (url: string) => ({ url, database: 'fcscope', username: 'writer', password, timeoutMs: 200 })

/** Of the error, everything that might be printed. */
function assertTells(error: unknown, tells: RegExp): true {
  assert.ok(error instanceof FcscopeError, inspect(error))
  assert.equal(error.code, 'FCS_STORE_UNAVAILABLE')
  assert.equal(error.exitStatus, 3)
  assert.match(error.message, tells)
  for (const text of Object.values(error.text)) assert.doesNotMatch(text, /\n/)
  const everything = inspect(error, { depth: null, showHidden: true })
  for (const secret of [password, encodeURIComponent(password), Buffer.from(`writer:${password}`).toString('base64')]) {
    assert.ok(!everything.includes(secret), `${secret} in ${everything}`)
  }
  return true
}

const answers: [name: string, answer: { status: number; code: string; text: string } | null, tells: RegExp][] = [
  [
    'a wrong password',
    {
      status: 403,
      code: '516',
      text: 'Code: 516. DB::Exception: writer: Authentication failed. (AUTHENTICATION_FAILED)',
    },
    /fcscope: ClickHouse refuses \(writer: Authentication failed.*\)\. Check store\.username, store\.password and store\.database\.$/,
  ],
  [
    'no right to make the database',
    { status: 403, code: '497', text: 'Code: 497. DB::Exception: writer: Not enough privileges. (ACCESS_DENIED)' },
    /ClickHouse refuses \(writer: Not enough privileges/,
  ],
  [
    'something that is no ClickHouse',
    { status: 404, code: '', text: '<html>\n<body>not found' },
    /ClickHouse does not answer \(.*\)\. Check store\.url/,
  ],
  [
    'silence',
    null,
    /ClickHouse does not answer \(Timeout error\.\)\. Check store\.url, and that the server is running\.$/,
  ],
]
for (const [name, answer, tells] of answers) {
  test(`a server: ${name}`, async () => {
    const [url, server] = await serve(answer)
    for (const open of [openServerStore, openServerReader])
      await assert.rejects(open(optionsOf(url)) as Promise<unknown>, error => assertTells(error, tells))
    server.closeAllConnections()
    server.close()
  })
}

test('a server: nobody listens', async () => {
  const [url, server] = await serve(null)
  server.close()
  await once(server, 'close')
  await assert.rejects(openServerStore(optionsOf(url)), error =>
    assertTells(error, /does not answer \(.*ECONNREFUSED.*\)/),
  )
})

test('a server: the database is not there, for reading', async () => {
  const [url, server] = await serve({
    status: 404,
    code: '81',
    text: 'Code: 81. DB::Exception: Database fcscope does not exist. (UNKNOWN_DATABASE)',
  })
  assert.equal(await openServerReader(optionsOf(url)), null)
  server.close()
})

test('embedded: a folder that is a file', needsChdb, async () => {
  const path = join(folder, 'file')
  writeFileSync(path, '')
  await assert.rejects(openEmbeddedStore({ path, maxMemoryBytes: 1e9 }), error =>
    assertTells(error, /file: the embedded store cannot be opened \(.*\)\. Check the folder, its owner and its disk/),
  )
})

test('embedded: another process has it open', needsChdb, async () => {
  const held = join(folder, 'held')
  mkdirSync(held)
  const program = fileURLToPath(new URL('../services/clickhouse-http.ts', import.meta.url))
  const other = spawn(process.execPath, [program, '0', held], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  await assert.rejects(openEmbeddedStore({ path: held, maxMemoryBytes: 1e9 }), StoreBusy)
  other.kill('SIGTERM')
  await once(other, 'exit')
  const store = await openEmbeddedStore({ path: held, maxMemoryBytes: 1e9 })
  assert.deepEqual(await rowsOf(store, 'SELECT 1 AS one'), [{ one: 1 }])
  await store.close()
})

test('embedded: several who open it again and again get it, or hear that somebody else has it', needsChdb, async () => {
  const shared = join(folder, 'shared')
  mkdirSync(shared)
  const program = fileURLToPath(new URL('open-and-close.ts', import.meta.url))
  const times = 20
  const said = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [program, shared, String(times)])
      return stdout.trim().split('\n')
    }),
  )
  assert.equal(said.flat().length, 4 * times)
  assert.deepEqual(
    [...new Set(said.flat())].filter(word => word !== 'busy'),
    ['opened'],
  )
})

test('embedded: what fails has ClickHouse’s code', needsChdb, async t => {
  const { store, close } = await openTemporary()
  t.after(close)
  const failures: [() => Promise<unknown>, number][] = [
    [() => store.run('DROP TABLE nothing'), 60],
    [() => store.run('SELECT (1'), 62],
    [() => store.query({ sql: 'SELECT throwIf(1)' }), 395],
    [
      () =>
        store.query({ sql: 'SELECT sleepEachRow(0.2) FROM numbers(30) SETTINGS max_block_size = 1', timeoutMs: 1000 }),
      159,
    ],
    [() => store.insertFile({ table: 'x', columns: ['a'], path: '/nowhere.native', token: 't' }), 60],
  ]
  for (const [fail, code] of failures) {
    await assert.rejects(fail, (error: unknown) => error instanceof StoreError && error.clickhouseCode === code)
  }
})

test('any text is a literal, and means itself', needsChdb, async t => {
  const { store, close } = await openTemporary()
  t.after(close)
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\\', "'", '\0', '\n', '-', '/', '*', ';', '\b', '\x1a') }),
  )
  const property = fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 8 }), async texts => {
    const literals = texts.map(sqlText).join(', ')
    const [row] = await rowsOf<{ x: string[]; found: number }>(
      store,
      `SELECT [${literals}] AS x, countIf(arrayJoin(x) IN ${sqlTexts(texts)}) AS found`,
    )
    assert.deepEqual(row, { x: texts, found: texts.length })
  })
  await fc.assert(property, { numRuns: 25 })
  assert.deepEqual(await rowsOf(store, `SELECT 'x' IN ${sqlTexts([])} AS found`), [{ found: 0 }])
})
