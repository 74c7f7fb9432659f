// What the source does over several requests: streams, keys, back-pressure, stops.
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { listenError } from '../../../src/model/listen-error.ts'
import type { Source } from '../../../src/model/source.ts'
import { httpSource } from '../../../src/sources/http/http-source.ts'
import { FaultyFiles } from '../shared/faulty-files.ts'
import { commit, SmallWorker } from '../shared/small-worker.ts'
import { SourceWorld, until } from '../shared/source-world.ts'
import { HttpRig, withHttpRig } from './http-rig.ts'

async function drained(source: Source): Promise<SmallWorker> {
  const worker = new SmallWorker(source)
  await worker.drain()
  return worker
}

test('each name is a stream, without one all senders share one', () =>
  withHttpRig({}, async (rig, source) => {
    for (let i = 0; i < 3; i += 1) {
      await rig.send({ body: `nobody ${i}` })
      await rig.send({ path: '/v1/logs?stream=a+b', body: `a b ${i}` })
      await rig.send({ headers: { 'x-fcscope-stream': Buffer.from('流').toString('latin1') }, body: `c ${i}` })
    }
    await rig.send({ path: '/v1/logs?stream=a%20b', headers: { 'x-fcscope-stream': 'other' }, body: 'a b 3' })
    const worker = await drained(source)
    const labels = new Map(worker.chunks.map(({ stream }) => [stream.label, worker.textOf(stream.id)]))
    assert.deepEqual(
      [...labels],
      [
        ['test', 'nobody 0\nnobody 1\nnobody 2\n'],
        ['a b', 'a b 0\na b 1\na b 2\na b 3\n'],
        ['流', 'c 0\nc 1\nc 2\n'],
      ],
    )
  }))

test('a body that is sent twice with one key is taken once', () =>
  withHttpRig({}, async (rig, source) => {
    const sending = { headers: { 'idempotency-key': 'k1' }, body: 'a\nb' }
    const replies = [await rig.send(sending), await rig.send(sending)]
    for (const reply of replies) {
      assert.equal(reply.status, 200)
      assert.deepEqual(JSON.parse(reply.body), { bytes: 3, lines: 2 })
    }
    assert.deepEqual(
      replies.map(reply => reply.headers['idempotency-replayed']),
      [undefined, 'true'],
    )
    assert.equal((await drained(source)).text, 'a\nb\n')
  }))

test('two bodies with one key at the same time are taken once', async () => {
  const files = new FaultyFiles()
  await withHttpRig({ fsync: true, openFile: files.open }, async (rig, source) => {
    files.isHoldingSyncs = true
    const sending = { headers: { 'idempotency-key': 'k1' }, body: 'a\n' }
    const replies = Promise.all([rig.send(sending), rig.send(sending), rig.send(sending)])
    await until(() => files.syncs > 0)
    // All three have arrived when a fourth request is answered.
    await rig.send({ method: 'GET', path: '/healthz' })
    files.letSync()
    assert.deepEqual(
      (await replies).map(reply => reply.status),
      [200, 200, 200],
    )
    assert.equal((await drained(source)).text, 'a\n')
  })
})

test('a key is known after a kill, and in its stream only', () =>
  withHttpRig({}, async (rig, source) => {
    const sending = { headers: { 'idempotency-key': 'k1' }, body: 'a\n' }
    await rig.send(sending)
    const next = rig.open()
    await next.start(commit([], source))
    assert.equal((await rig.send(sending)).headers['idempotency-replayed'], 'true')
    await rig.send({ ...sending, path: '/v1/logs?stream=other' })
    assert.equal((await drained(next)).text, 'a\na\n')
  }))

test('429 while the backlog is full, and 200 when the worker has taken it', () =>
  withHttpRig({ maxBacklogBytes: 10_000 }, async (rig, source) => {
    const body = 'x'.repeat(1000)
    for (let round = 0; round < 3; round += 1) {
      let accepted = 0
      let reply = await rig.send({ body })
      for (; reply.status === 200; reply = await rig.send({ body })) accepted += 1
      assert.equal(reply.status, 429)
      assert.equal(reply.headers['retry-after'], '1')
      assert.equal(JSON.parse(reply.body).error, 'backlogFull')
      assert.ok(accepted >= 9 && accepted <= 10)
      const worker = await drained(source)
      assert.equal(worker.text.length, 1001 * accepted)
      source.takeChanges()
      for (const part of worker.taken) source.release(part.streamId, part.position + part.text.length)
    }
  }))

test('503 while the disk is full, and 200 when it is not', async () => {
  const files = new FaultyFiles()
  await withHttpRig({ openFile: files.open }, async (rig, source) => {
    assert.equal((await rig.send({ body: 'before' })).status, 200)
    files.freeBytes = 20
    for (let i = 0; i < 3; i += 1) {
      const reply = await rig.send({ body: 'no room' })
      assert.equal(reply.status, 503)
      assert.equal(reply.headers['retry-after'], '15')
    }
    files.freeBytes = 1000
    assert.equal((await rig.send({ body: 'after' })).status, 200)
    assert.equal((await drained(source)).text, 'before\nafter\n')
  })
})

test('no answer before the bytes are safe, and a stop waits for them', async () => {
  const files = new FaultyFiles()
  await withHttpRig({ fsync: true, openFile: files.open }, async (rig, source) => {
    files.isHoldingSyncs = true
    let status = 0
    const reply = rig.send({ body: 'a' }).then(({ status: given }) => {
      status = given
    })
    await until(() => files.syncs > 0)
    await rig.send({ method: 'GET', path: '/healthz' })
    assert.equal(status, 0)
    const stopping = source.stop()
    files.letSync()
    await stopping
    await reply
    assert.equal(status, 200)
    const next = rig.open({ once: true })
    await next.start([])
    assert.equal((await drained(next)).text, 'a\n')
    assert.equal(next.isDone(), true)
  })
})

test('--once listens on nothing', () =>
  withHttpRig({}, async rig => {
    const before = rig.world.events('httpListening').length
    const next = rig.open({ once: true })
    await next.start([])
    assert.equal(rig.world.events('httpListening').length, before)
    assert.equal(next.isDone(), true)
  }))

const isListenFailure =
  (pattern: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof FcscopeError)
    assert.equal(error.code, 'FCS_LISTEN_FAILED')
    assert.equal(error.exitStatus, 3)
    assert.match(error.text.en, pattern)
    assert.notEqual(error.text.zh, error.text.en)
    return true
  }

test('a port that is taken is said with its address', async () => {
  const other = createServer()
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const address = other.address()
  const port = typeof address === 'object' ? address?.port : 0
  const rig = new HttpRig({ listen: `127.0.0.1:${port}` })
  const source = rig.open()
  await assert.rejects(
    source.start([]),
    isListenFailure(new RegExp(`^source test: cannot listen on 127.0.0.1:${port}: another program .*EADDRINUSE`)),
  )
  await source.stop()
  await rig.close()
  other.close()
})

test('an address of another machine is said', async () => {
  const rig = new HttpRig({ listen: '192.0.2.1:0', token: 't' })
  await assert.rejects(rig.open().start([]), isListenFailure(/EADDRNOTAVAIL/))
  await rig.close()
})

test('a port that only root may use is said', () => {
  const cause = Object.assign(new Error('listen'), { code: 'EACCES' })
  assert.ok(
    isListenFailure(/cannot listen on 127.0.0.1:80: this user .*EACCES/)(
      listenError({ en: 'source s', zh: '' }, '127.0.0.1:80', cause),
    ),
  )
})

const hosts: readonly [listen: string, needsToken: boolean][] = [
  ['127.0.0.1:0', false],
  ['127.1.2.3:0', false],
  ['localhost:0', false],
  ['[::1]:0', false],
  ['0.0.0.0:0', true],
  ['[::]:0', true],
  ['10.0.0.1:0', true],
  ['example.com:0', true],
  ['128.0.0.1:0', true],
]
for (const [listen, needsToken] of hosts) {
  test(`${listen} ${needsToken ? 'needs a token' : 'needs no token'}`, () => {
    const world = new SourceWorld()
    const options = httpSource.options.safeParse({ listen })
    assert.equal(options.success, !needsToken)
    const { data } = httpSource.options.safeParse({ listen, token: 't' })
    assert.ok(data)
    httpSource.create(data, world.deps())
    const { token: _, ...open } = data
    const create = () => httpSource.create(open, world.deps())
    if (needsToken) assert.throws(create, { code: 'FCS_CONFIG_INVALID' })
    else create()
    world.remove()
  })
}
