// Senders that go away, dawdle, or come in numbers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turns } from '../../../src/lib/turns.ts'
import type { Source } from '../../../src/model/source.ts'
import { BodyBlocks } from '../../../src/sources/http/body-blocks.ts'
import { ByteBudget } from '../../../src/sources/http/byte-budget.ts'
import { SmallWorker } from '../shared/small-worker.ts'
import { readToEnd, withHttpRig } from './http-rig.ts'

async function textIn(source: Source): Promise<string> {
  const worker = new SmallWorker(source)
  await worker.drain()
  return worker.text
}

const head = (more: string): string => `POST /v1/logs HTTP/1.1\r\nHost: x\r\n${more}\r\n`

const aborts: readonly [name: string, sent: string][] = [
  ['in the head', 'POST /v1/logs HTTP/1.1\r\nHos'],
  ['before the body', head('Content-Length: 20\r\n')],
  ['in the body', `${head('Content-Length: 20\r\n')}line 1\nline`],
  ['one byte before the end', `${head('Content-Length: 20\r\n')}${'x'.repeat(19)}`],
  ['in a chunk', `${head('Transfer-Encoding: chunked\r\n')}a\r\nline`],
  ['between two chunks', `${head('Transfer-Encoding: chunked\r\n')}6\r\nline 1\r\n`],
  ['before the last chunk ends', `${head('Transfer-Encoding: chunked\r\n')}6\r\nline 1\r\n0\r\n`],
]
for (const [name, sent] of aborts) {
  test(`an upload that is broken off ${name} leaves nothing`, () =>
    withHttpRig({}, async (rig, source) => {
      for (const how of ['end', 'reset'] as const) {
        const socket = await rig.connect()
        const closed = readToEnd(socket)
        await new Promise(resolve => socket.write(sent, resolve))
        if (how === 'end') socket.end()
        else socket.resetAndDestroy()
        await closed
      }
      assert.equal((await rig.send({ body: 'whole' })).status, 200)
      assert.equal(await textIn(source), 'whole\n')
    }))
}

const slow: readonly [name: string, sent: string][] = [
  ['connection without a word', ''],
  ['head', 'POST /v1/logs HTTP/1.1\r\nHost: x\r\nX-Slow: '],
  ['body', `${head('Content-Length: 20\r\n')}line`],
  ['body in chunks', `${head('Transfer-Encoding: chunked\r\n')}6\r\nline 1\r\n`],
]
for (const [name, sent] of slow) {
  test(`a ${name} that takes too long ends with 408`, () =>
    withHttpRig({ requestTimeoutMs: 100 }, async (rig, source) => {
      const socket = await rig.connect()
      const reply = readToEnd(socket)
      socket.write(sent)
      assert.match(await reply, /^HTTP\/1.1 408 /)
      assert.equal(await textIn(source), '')
    }))
}

test('a large head ends with 431', () =>
  withHttpRig({}, async rig => {
    const socket = await rig.connect()
    const reply = readToEnd(socket)
    socket.write(head(`X-Large: ${'x'.repeat(17_000)}\r\n`))
    assert.match(await reply, /^HTTP\/1.1 431 /)
  }))

test('what is no HTTP ends with 400', () =>
  withHttpRig({}, async rig => {
    const socket = await rig.connect()
    const reply = readToEnd(socket)
    socket.write('2024-01-13T08:53:51Z a line, just like that\n')
    assert.match(await reply, /^HTTP\/1.1 400 /)
  }))

test('two requests that are sent without waiting are both taken', () =>
  withHttpRig({}, async (rig, source) => {
    const socket = await rig.connect()
    const reply = readToEnd(socket)
    socket.write(`${head('Content-Length: 3\r\n')}one${head('Content-Length: 3\r\nConnection: close\r\n')}two`)
    assert.equal((await reply).match(/HTTP\/1.1 200/g)?.length, 2)
    assert.equal(await textIn(source), 'one\ntwo\n')
  }))

test('a sender that asks first is told to go on', () =>
  withHttpRig({}, async (rig, source) => {
    const socket = await rig.connect()
    const reply = readToEnd(socket)
    const asked = new Promise(resolve => socket.once('data', resolve))
    socket.write(head('Content-Length: 4\r\nExpect: 100-continue\r\nConnection: close\r\n'))
    assert.match(String(await asked), /^HTTP\/1.1 100 /)
    socket.write('line')
    assert.match(await reply, /HTTP\/1.1 200 /)
    assert.equal(await textIn(source), 'line\n')
  }))

const refusedAtOnce: readonly [name: string, headers: string, status: number][] = [
  ['a wrong token', 'Authorization: Bearer x\r\nContent-Length: 4\r\n', 401],
  ['a body that is too large', 'Authorization: Bearer t\r\nContent-Length: 999999999\r\n', 413],
  ['an unknown encoding', 'Authorization: Bearer t\r\nContent-Encoding: br\r\nContent-Length: 4\r\n', 415],
]
for (const [name, headers, status] of refusedAtOnce) {
  test(`a sender that asks first with ${name} is refused before it sends`, () =>
    withHttpRig({ token: 't' }, async rig => {
      const socket = await rig.connect()
      const reply = readToEnd(socket)
      socket.write(head(`${headers}Expect: 100-continue\r\n`))
      assert.match(await reply, new RegExp(`^HTTP/1.1 ${status} `))
    }))
}

test('a connection can be used again after a refusal', () =>
  withHttpRig({ maxBodyBytes: 1024 }, async (rig, source) => {
    const socket = await rig.connect()
    const reply = readToEnd(socket)
    const large = 'x'.repeat(200_000)
    socket.write(`${head(`Content-Length: ${large.length}\r\n`)}${large}`)
    socket.write(`${head('Content-Length: 4\r\nConnection: close\r\n')}line`)
    const statuses = [...(await reply).matchAll(/HTTP\/1.1 (\d+)/g)].map(match => match[1])
    assert.deepEqual(statuses, ['413', '200'])
    assert.equal(await textIn(source), 'line\n')
  }))

test('connections beyond the limit are closed at once', () =>
  withHttpRig({ maxConnections: 2 }, async rig => {
    const sockets = [await rig.connect(), await rig.connect()]
    const third = await rig.connect()
    assert.equal(await readToEnd(third), '')
    for (const socket of sockets) socket.destroy()
    await Promise.all(sockets.map(socket => new Promise(resolve => socket.once('close', resolve))))
    let reply = await rig.send({ body: 'a' }).catch(() => null)
    // The server learns of it a moment later.
    while (reply === null) reply = await rig.send({ body: 'a' }).catch(() => null)
    assert.equal(reply.status, 200)
    assert.equal(rig.world.events('httpRequestsRefused')[0]?.['reason'], 'tooManyConnections')
  }))

test('503 for a body that is under way when the source stops, and no connection is left', () =>
  withHttpRig({}, async (rig, source) => {
    const socket = await rig.connect()
    const idle = await rig.connect()
    const reply = readToEnd(socket)
    const idleClosed = readToEnd(idle)
    socket.write(`${head('Content-Length: 20\r\n')}line 1\n`)
    await rig.send({ method: 'GET', path: '/healthz' })
    await source.stop()
    const text = await reply
    assert.match(text, /^HTTP\/1.1 503 /)
    assert.match(text, /Retry-After: 5\r\n/)
    assert.match(text, /Connection: close\r\n/)
    assert.equal(await idleClosed, '')
    await assert.rejects(rig.send({ body: 'late' }), { code: 'ECONNREFUSED' })
  }))

test('bodies beyond the memory for them are told to come again, the others are taken', () =>
  withHttpRig({}, async (rig, source) => {
    // The budget is 64 MiB.
    const size = 15 * 1024 * 1024
    const sockets = await Promise.all(Array.from({ length: 5 }, () => rig.connect()))
    const replies = sockets.map(readToEnd)
    const part = Buffer.alloc(size - 1, 'x')
    for (const socket of sockets) {
      socket.write(head(`Content-Length: ${size}\r\nConnection: close\r\n`))
      socket.write(part)
    }
    // One is refused before any of them is complete.
    const first = await Promise.race(replies)
    assert.match(first, /^HTTP\/1.1 429 /)
    assert.match(first, /tooManyBodies/)
    for (const socket of sockets) if (!socket.destroyed) socket.write('x')
    const statuses = (await Promise.all(replies)).map(text => text.slice(9, 12))
    assert.deepEqual(statuses.toSorted(), ['200', '200', '200', '200', '429'])
    assert.equal((await textIn(source)).length, 4 * (size + 1))
    assert.equal((await rig.send({ body: 'a' })).status, 200)
  }))

test('many small bodies at once are all there', () =>
  withHttpRig({ fsync: true }, async (rig, source) => {
    const replies = await Promise.all(Array.from({ length: 300 }, (_, i) => rig.send({ body: `line ${i}` })))
    assert.ok(replies.every(reply => reply.status === 200))
    const lines = (await textIn(source)).trimEnd().split('\n')
    assert.deepEqual(lines.toSorted(), Array.from({ length: 300 }, (_, i) => `line ${i}`).toSorted())
  }))

test('a budget is shared, and what is held is given back', () => {
  const budget = new ByteBudget(100)
  const one = budget.share()
  const other = budget.share()
  assert.ok(one.tryTake(60))
  assert.ok(!other.tryTake(41))
  assert.ok(other.tryTake(40))
  other.take(1000)
  one.giveBack()
  assert.ok(!one.tryTake(1))
  other.giveBack()
  other.giveBack()
  assert.equal(budget.held, 0)
})

test('a body in pieces of one byte is held in blocks', () => {
  let held = 0
  const blocks = new BodyBlocks(bytes => {
    held += bytes
    return true
  })
  const piece = Buffer.alloc(64 * 1024, 'x').subarray(0, 1)
  for (let i = 0; i < 300_000; i += 1) blocks.add(piece)
  assert.equal(Buffer.concat(blocks.parts()).length, 300_000)
  assert.ok(held < 2 * 300_000 && blocks.parts().length < 10)
  const full = new BodyBlocks(() => false)
  assert.equal(full.add(piece), false)
  assert.deepEqual(full.parts(), [])
})

test('so many work at once, and the others get their turn, also after a failure', async () => {
  const turns = new Turns(2)
  let working = 0
  let most = 0
  const work = async (i: number): Promise<number> => {
    working += 1
    most = Math.max(most, working)
    await new Promise(setImmediate)
    working -= 1
    if (i === 3) throw new Error('a failure')
    return i
  }
  const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => turns.run(() => work(i))))
  assert.equal(most, 2)
  assert.equal(results.filter(result => result.status === 'fulfilled').length, 9)
})
