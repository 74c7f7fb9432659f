import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FcscopeError } from '../../src/model/fcscope-error.ts'
import { type StoreConnection, StoreError } from '../../src/model/store-connection.ts'
import { type ApiServer, startApiServer } from '../../src/store/worker-api/api-server.ts'
import { WorkerConnection } from '../../src/store/worker-api/worker-connection.ts'

/** A store whose answers are numbers: so many pieces, at the pace of whoever reads. */
class NumberStore implements StoreConnection {
  readonly label = 'numbers'
  given = 0
  ended = 0

  async query(): Promise<Buffer> {
    return Buffer.from('1')
  }

  async *stream({ sql }: { readonly sql: string }): AsyncGenerator<Uint8Array> {
    const [pieces = 0, failsAt = -1] = sql.split(' ').map(Number)
    try {
      for (let i = 0; i < pieces; i++) {
        if (i === failsAt) throw new StoreError('broken “here”\n', { clickhouseCode: 241, isTransient: true })
        this.given = i
        yield Buffer.alloc(65_536, 48 + (i % 10))
      }
    } finally {
      this.ended += 1
    }
  }

  async close(): Promise<void> {}
}

async function withServer(
  work: (parts: {
    folder: string
    server: ApiServer
    store: NumberStore
    connect: () => Promise<WorkerConnection>
  }) => Promise<void>,
  folder = mkdtempSync(join(tmpdir(), 'fcscope-api-')),
): Promise<void> {
  const store = new NumberStore()
  const calls = {
    'GET /status': () => ({ ok: true }),
    'POST /echo': (body: unknown) => body,
    'POST /refuse': () => {
      throw new FcscopeError('FCS_NOT_FOUND', { en: 'not here', zh: '不在这里' }, { exitStatus: 1 })
    },
  }
  const server = await startApiServer({ folder, store, calls })
  try {
    const connect = async (): Promise<WorkerConnection> => {
      const connection = await WorkerConnection.open(folder)
      assert.ok(connection)
      return connection
    }
    await work({ folder, server, store, connect })
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const bytesOf = async (stream: AsyncIterable<Uint8Array>): Promise<number> => {
  let bytes = 0
  for await (const piece of stream) bytes += piece.length
  return bytes
}

test('calls and their errors arrive as what they are', () =>
  withServer(async ({ connect }) => {
    const worker = await connect()
    assert.deepEqual(await worker.call('POST', '/echo', { a: ['é'] }), { a: ['é'] })
    await assert.rejects(worker.call('POST', '/refuse', {}), error => {
      assert.ok(error instanceof FcscopeError)
      assert.deepEqual([error.code, error.text.zh, error.exitStatus], ['FCS_NOT_FOUND', '不在这里', 1])
      return true
    })
    await assert.rejects(worker.call('GET', '/nothing'), /POST \/query/)
  }))

test('the socket is for its owner alone', () =>
  withServer(async ({ server, folder }) => {
    assert.equal(statSync(server.socket).mode & 0o777, 0o600)
    assert.equal(statSync(join(folder, 'worker.json')).mode & 0o777, 0o600)
  }))

test('a large result is streamed, and an error behind its first bytes is an error', () =>
  withServer(async ({ connect, store }) => {
    const worker = await connect()
    assert.equal(await bytesOf(worker.stream({ sql: '500' })), 500 * 65_536)
    let bytes = 0
    await assert.rejects(
      async () => {
        for await (const piece of worker.stream({ sql: '100 50' })) bytes += piece.length
      },
      (error: unknown) =>
        error instanceof StoreError &&
        error.clickhouseCode === 241 &&
        error.isTransient &&
        error.message === 'broken “here”\n',
    )
    assert.equal(bytes, 50 * 65_536)
    assert.equal(store.ended, 2)
  }))

test('a reader who leaves ends the query; one who does not read holds it up', () =>
  withServer(async ({ connect, store }) => {
    const worker = await connect()
    const stream = worker.stream({ sql: '100000' })[Symbol.asyncIterator]()
    await stream.next()
    await new Promise(resolve => setTimeout(resolve, 100))
    assert.ok(store.given < 1000, `${store.given} pieces are on their way`)
    await stream.return?.()
    while (store.ended === 0) await new Promise(resolve => setImmediate(resolve))
  }))

test('a body that is no query is refused, and one that is too long is not read', () =>
  withServer(async ({ connect, server }) => {
    const worker = await connect()
    await assert.rejects(worker.call('POST', '/query', { sql: 1 }), /wanted/)
    await assert.rejects(bytesOf(worker.stream({ sql: 'x'.repeat(2_000_000) })))
    const raw = createConnection(server.socket)
    raw.write('POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 4\r\n\r\nnope')
    let answer = ''
    for await (const part of raw) answer += part
    assert.match(answer, /^HTTP\/1.1 400/)
  }))

test('closing ends what is under way, and leaves nothing', () =>
  withServer(async ({ connect, server, folder }) => {
    const worker = await connect()
    const stream = worker.stream({ sql: '100000' })[Symbol.asyncIterator]()
    await stream.next()
    await Promise.all([server.close(), server.close()])
    await assert.rejects(async () => {
      for (;;) if ((await stream.next()).done) throw new RangeError('it came to an end')
    }, StoreError)
    assert.equal(await WorkerConnection.open(folder), null)
    await assert.rejects(
      worker.query({ sql: '1' }),
      (error: unknown) => error instanceof StoreError && error.isTransient,
    )
    assert.ok(!existsSync(join(folder, 'worker.json')) && !existsSync(server.socket))
  }))

test('a path that is too long for a socket gets one elsewhere, for its owner alone', async () => {
  const base = mkdtempSync(join(tmpdir(), 'fcscope-api-'))
  const folder = join(base, 'd'.repeat(100))
  mkdirSync(folder)
  try {
    await withServer(async ({ server, connect }) => {
      assert.ok(!server.socket.startsWith(folder))
      assert.equal(statSync(join(server.socket, '..')).mode & 0o777, 0o700)
      assert.equal(String(await (await connect()).query({ sql: '1' })).length, 65_536)
      await server.close()
      assert.ok(!existsSync(join(server.socket, '..')))
    }, folder)
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
})

test('what a killed worker left is no worker, and the next one takes its place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-api-'))
  const program = `
    const { createServer } = require('node:net')
    createServer().listen(process.argv[1] + '/worker.sock', () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', program, folder])
  assert.ok(existsSync(join(folder, 'worker.sock')))
  writeFileSync(join(folder, 'worker.json'), JSON.stringify({ pid: 1, socket: join(folder, 'worker.sock') }))
  assert.equal(await WorkerConnection.open(folder), null)
  await withServer(async ({ connect }) => {
    assert.deepEqual(await (await connect()).call('GET', '/status'), { ok: true })
  }, folder)
})

test('a note that is no note is nobody', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fcscope-api-'))
  for (const text of ['', '{', '[]', '{"pid":1}', '{"pid":"1","socket":"/"}', '{"pid":1,"socket":"/nowhere/x"}']) {
    writeFileSync(join(folder, 'worker.json'), text)
    assert.equal(await WorkerConnection.open(folder), null, text)
  }
  rmSync(folder, { recursive: true })
})
