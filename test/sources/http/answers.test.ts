// Every answer of the endpoint, as a table: what is sent, the status, and what is in the log afterwards.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Source } from '../../../src/model/source.ts'
import { SmallWorker } from '../shared/small-worker.ts'
import { HttpRig, type Sending } from './http-rig.ts'

const token = 'a token with spaces, and ü'
const bearer = { authorization: `Bearer ${Buffer.from(token).toString('latin1')}` }
const text = 'line 1\nline 2\n'
const maxBodyBytes = 20_000
const maxText = `${'x'.repeat(maxBodyBytes - 1)}\n`

type Case = readonly [
  name: string,
  sending: Sending,
  status: number,
  /** What is in the log afterwards; nothing when left out. */
  logged?: string,
  headers?: Readonly<Record<string, string | RegExp>>,
]

const encoded = (encoding: string, body: Buffer | string): Sending => ({
  headers: { 'content-encoding': encoding },
  body,
})

const taken: readonly Case[] = [
  ['lines', { body: text }, 200, text],
  ['lines in chunks', { chunks: ['li', 'ne 1\nli', 'ne 2\n'] }, 200, text],
  ['a body without a line end gets one', { body: 'line' }, 200, 'line\n'],
  ['blank lines', { body: '\n\n' }, 200, '\n\n'],
  ['bytes that are no UTF-8', { body: Buffer.from([0, 255, 254, 10]) }, 200, '\u0000\u00ff\u00fe\n'],
  ['identity', encoded('identity', text), 200, text],
  ['an empty Content-Encoding', encoded('', text), 200, text],
  ['gzip', encoded('gzip', gzipSync(text)), 200, text],
  ['gzip in capitals', encoded('GZip', gzipSync(text)), 200, text],
  ['x-gzip', encoded('x-gzip', gzipSync(text)), 200, text],
  ['two gzip members', encoded('gzip', Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])), 200, 'a\nb\n'],
  ['deflate as zlib writes it', encoded('deflate', deflateSync(text)), 200, text],
  ['deflate without its head', encoded('deflate', deflateRawSync(text)), 200, text],
  ['zstd', encoded('zstd', zstdCompressSync(text)), 200, text],
  ['zstd with a window of 8 MiB', encoded('zstd', zstdFrame(0x68)), 200, 'a\n'],
  [
    'two zstd frames',
    encoded('zstd', Buffer.concat([zstdCompressSync('a\n'), zstdCompressSync('b\n')])),
    200,
    'a\nb\n',
  ],
  ['the largest body', { body: maxText }, 200, maxText],
  ['the largest body in chunks', { chunks: [maxText.slice(0, 9000), maxText.slice(9000)] }, 200, maxText],
  ['the largest body compressed', encoded('gzip', gzipSync(maxText)), 200, maxText],
  ['the largest body in zstd', encoded('zstd', zstdCompressSync(maxText)), 200, maxText],
  ['a query that means nothing', { path: '/v1/logs?x=1', body: 'a\n' }, 200, 'a\n'],
  [
    'the longest name of a stream',
    { path: `/v1/logs?stream=${encodeURIComponent('流'.repeat(128))}`, body: 'a\n' },
    200,
    'a\n',
  ],
  ['a stream by its header', { headers: { 'x-fcscope-stream': 'host-1' }, body: 'a\n' }, 200, 'a\n'],
  ['the longest key', { headers: { 'idempotency-key': 'k'.repeat(256) }, body: 'a\n' }, 200, 'a\n'],
]

const nothing: readonly Case[] = [
  ['no body', {}, 204],
  ['an empty body', { body: '' }, 204],
  ['an empty body in chunks', { chunks: [] }, 204],
  ['gzip of nothing', encoded('gzip', gzipSync('')), 204],
  ['zstd of nothing', encoded('zstd', zstdCompressSync('')), 204],
  ['gzip without a byte', encoded('gzip', ''), 204],
]

const json = { 'content-type': /^application\/json/ }
const empty = ''
const unauthorized = { ...json, 'www-authenticate': 'Bearer realm="fcscope"' }
const withToken = (authorization: string): Sending => ({ headers: { authorization }, body: text })

const refused: readonly Case[] = [
  ['another path', { path: '/v1/log', body: text }, 404, empty, json],
  ['the root', { method: 'GET', path: '/' }, 404],
  ['a path with a slash more', { path: '/v1/logs/', body: text }, 404],
  ['an address that is none', { path: '//', body: text }, 404],
  ['GET', { method: 'GET' }, 405, empty, { ...json, allow: 'POST' }],
  ['PUT', { method: 'PUT', body: text }, 405, empty, { allow: 'POST' }],
  ['OPTIONS', { method: 'OPTIONS' }, 405, empty, { allow: 'POST' }],
  ['POST to the health check', { path: '/healthz', body: text }, 405, empty, { allow: 'GET, HEAD' }],
  ['no token', withToken(''), 401, empty, unauthorized],
  ['another token', withToken('Bearer wrong'), 401, empty, unauthorized],
  ['a part of the token', withToken('Bearer a token'), 401, empty, unauthorized],
  ['more than the token', withToken(`${bearer.authorization}x`), 401, empty, unauthorized],
  ['another scheme', withToken(`Basic ${Buffer.from(token).toString('base64')}`), 401, empty, unauthorized],
  ['only the scheme', withToken('Bearer'), 401, empty, unauthorized],
  ['a stream without a name', { path: '/v1/logs?stream=', body: text }, 400, empty, json],
  ['a stream with a long name', { path: `/v1/logs?stream=${'x'.repeat(129)}`, body: text }, 400],
  ['a stream with a line end', { path: '/v1/logs?stream=a%0ab', body: text }, 400],
  ['a stream with a broken escape', { path: '/v1/logs?stream=%ff', body: text }, 400],
  ['a stream with a mark of direction', { path: '/v1/logs?stream=%e2%80%ae', body: text }, 400],
  ['a long key', { headers: { 'idempotency-key': 'k'.repeat(257) }, body: text }, 400],
  ['a key that is not ASCII', { headers: { 'idempotency-key': '\u00fc' }, body: text }, 400],
  ['an empty key', { headers: { 'idempotency-key': '' }, body: text }, 400],
  ['text that is called gzip', encoded('gzip', text), 400, empty, json],
  ['gzip that breaks off', encoded('gzip', gzipSync(text).subarray(0, -3)), 400],
  ['gzip with a wrong checksum', encoded('gzip', flipped(gzipSync(text), -6)), 400],
  ['gzip with text behind it', encoded('gzip', Buffer.concat([gzipSync(text), Buffer.from(text)])), 400],
  ['gzip with zeros behind it', encoded('gzip', Buffer.concat([gzipSync(text), Buffer.alloc(50)])), 400],
  ['deflate that breaks off', encoded('deflate', deflateSync(text).subarray(0, -5)), 400],
  ['deflate with text behind it', encoded('deflate', Buffer.concat([deflateSync(text), Buffer.from(text)])), 400],
  ['zstd that breaks off', encoded('zstd', zstdCompressSync(text).subarray(0, -3)), 400],
  ['zstd with text behind it', encoded('zstd', Buffer.concat([zstdCompressSync(text), Buffer.from(text)])), 400],
  ['zstd with a window of 128 MiB', encoded('zstd', zstdFrame(0x88)), 400],
  ['one byte too much', { body: `${maxText}x` }, 413, empty, json],
  ['one byte too much in chunks', { chunks: [maxText, 'x'] }, 413],
  ['one byte too much compressed', encoded('gzip', gzipSync(`${maxText}x`)), 413],
  [
    'one byte too much in a second frame',
    encoded('zstd', Buffer.concat([zstdCompressSync(maxText), zstdCompressSync('x')])),
    413,
  ],
  ['a gzip bomb', encoded('gzip', gzipSync(Buffer.alloc(5_000_000))), 413],
  ['a zstd bomb', encoded('zstd', zstdCompressSync(Buffer.alloc(50_000_000))), 413],
  ['a bomb in many members', encoded('gzip', Buffer.concat(Array(50).fill(gzipSync(Buffer.alloc(10_000))))), 413],
  ['brotli', encoded('br', text), 415, empty, { ...json, 'accept-encoding': 'gzip, deflate, zstd' }],
  ['two encodings', encoded('gzip, zstd', text), 415],
]

const health: readonly Case[] = [
  ['the health check', { method: 'GET', path: '/healthz' }, 200],
  ['the health check with HEAD', { method: 'HEAD', path: '/healthz' }, 200],
]

/** "a\\n" as a raw block; the size of the window is the sixth byte of its head (RFC 8878 §3.1.1.1.2). */
function zstdFrame(window: number): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, window, 0x11, 0, 0, 0x61, 0x0a])
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  const place = at < 0 ? bytes.length + at : at
  copy.writeUInt8((copy[place] ?? 0) ^ 1, place)
  return copy
}

describe('answers', () => {
  const rig = new HttpRig({ token, maxBodyBytes })
  let source: Source
  before(async () => {
    source = await rig.begin()
  })
  after(() => rig.close())

  for (const [name, sending, status, logged = '', headers = {}] of [...taken, ...nothing, ...refused, ...health]) {
    test(`${status}: ${name}`, async () => {
      const worker = new SmallWorker(source)
      const reply = await rig.send({ ...sending, headers: { ...bearer, ...sending.headers } })
      assert.equal(reply.status, status, reply.body)
      for (const [header, value] of Object.entries(headers)) {
        if (value instanceof RegExp) assert.match(String(reply.headers[header]), value)
        else assert.equal(reply.headers[header], value)
      }
      if (status >= 400) assert.deepEqual(Object.keys(JSON.parse(reply.body)), ['error', 'message'])
      if (status === 204) assert.equal(reply.body, '')
      await worker.drain()
      assert.equal(worker.text, logged)
    })
  }

  test('200 says how much was taken', async () => {
    const reply = await rig.send({ headers: bearer, body: 'line 1\n\nline 3' })
    assert.deepEqual(JSON.parse(reply.body), { bytes: 14, lines: 3 })
    assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8')
  })

  test('refusals are told in Chinese to those who ask for it', async () => {
    const reply = await rig.send({ path: '/', headers: { ...bearer, 'accept-language': 'zh-CN,zh;q=0.9' } })
    assert.match(JSON.parse(reply.body).message, /路径不存在/)
  })

  test('the token is in no event, and neither are the lines', () => {
    const said = JSON.stringify(rig.world.said)
    assert.doesNotMatch(said, /a token|line 1/)
  })

  test('refusals are counted by their reason, and told now and then', () => {
    const events = rig.world.events('httpRequestsRefused')
    const reasons = events.map(fields => fields['reason'])
    assert.ok(reasons.includes('tokenMissing') && reasons.includes('tooLarge'))
    assert.equal(new Set(reasons).size, reasons.length, 'each once, because the clock stands still')
  })
})

describe('without a token', () => {
  const rig = new HttpRig()
  before(() => rig.begin())
  after(() => rig.close())

  test('200: anybody on this machine', async () => assert.equal((await rig.send({ body: text })).status, 200))
  test('200: a token that nobody asked for', async () =>
    assert.equal((await rig.send({ headers: bearer, body: text })).status, 200))
  test('403: a page in a browser', async () =>
    assert.equal((await rig.send({ headers: { origin: 'https://example.com' }, body: text })).status, 403))
})
