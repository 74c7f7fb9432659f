import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { deflateSync, zstdCompressSync } from 'node:zlib'
import { type PulledLogs, SlsError } from '../../../../src/sources/sls/client/sls-api.ts'
import { writeGroups } from '../decode/write-log-groups.ts'
import { compressLz4 } from '../decode/write-lz4.ts'
import { type Answer, ScriptedService } from './scripted-service.ts'

const signal = new AbortController().signal
const raw = writeGroups(
  Array.from({ length: 3 }, (_, n) => ({
    topic: 't',
    tags: [],
    logs: [{ time: n, contents: [['a', 'b'.repeat(200)]] }],
  })),
)
const size = { 'x-log-bodyrawsize': String(raw.length) }
const told = { ...size, 'x-log-count': '3', 'x-log-cursor': 'OA==' }

async function pull(t: TestContext, answer: Answer, query: string | null = null): Promise<PulledLogs> {
  const service = await ScriptedService.start(t, answer)
  return await service.client(t, { query }).pullLogs({ shard: 0, cursor: 'NQ==', count: 10 }, signal)
}

const bodies: [codec: string | null, body: Buffer][] = [
  [null, raw],
  ['lz4', compressLz4(raw)],
  ['LZ4', compressLz4(raw)],
  ['zstd', zstdCompressSync(raw)],
  ['deflate', deflateSync(raw)],
]
for (const [codec, body] of bodies) {
  test(`a body in ${codec ?? 'plain'}`, async t => {
    const headers = { ...told, ...(codec === null ? {} : { 'x-log-compresstype': codec }) }
    const pulled = await pull(t, { headers, body })
    assert.deepEqual(pulled.body, raw)
    assert.equal(pulled.groups, 3)
    assert.equal(pulled.rawBytes, raw.length)
  })
}

type Told = Omit<PulledLogs, 'body'>
const nothing: Told = {
  nextCursor: 'NQ==',
  groups: 0,
  rawBytes: 0,
  lastCursor: null,
  isAtEnd: null,
  cursorTimeSeconds: null,
}
const headerCases: [what: string, headers: Record<string, string>, told: Partial<Told>][] = [
  ['no cursor', {}, {}],
  ['an empty cursor', { 'x-log-cursor': '' }, {}],
  ['a cursor', { 'x-log-cursor': 'OA==' }, { nextCursor: 'OA==' }],
  ['the end', { 'x-log-end-of-cursor': '1' }, { isAtEnd: true }],
  ['not the end', { 'x-log-end-of-cursor': '0' }, { isAtEnd: false }],
  ['the last cursor', { 'x-log-read-last-cursor': '1729070618428044655' }, { lastCursor: 1729070618428044655n }],
  ['a last cursor that is none', { 'x-log-read-last-cursor': 'MQ==' }, {}],
  ['its time', { 'x-log-cursor-time': '1736928747' }, { cursorTimeSeconds: 1736928747 }],
  [
    'what a query has read',
    { 'x-log-rawdatasize': '4096', 'x-log-rawdatacount': '9', 'x-log-cursor': 'OA==' },
    { nextCursor: 'OA==', rawBytes: 4096 },
  ],
  ['a codec for no bytes', { 'x-log-compresstype': 'lz4' }, {}],
]
for (const [what, headers, expected] of headerCases) {
  test(`headers: ${what}`, async t => {
    const { body, ...said } = await pull(t, { headers: { 'x-log-bodyrawsize': '0', 'x-log-count': '0', ...headers } })
    assert.equal(body.length, 0)
    assert.deepEqual(said, { ...nothing, ...expected })
  })
}

const lz4 = { ...told, 'x-log-compresstype': 'lz4' }
const damaged: [what: string, answer: Answer, message: RegExp][] = [
  ['no size', { headers: { 'x-log-count': '3' }, body: raw }, /x-log-bodyrawsize is no size/],
  ['a size beyond the bound', { headers: { ...lz4, 'x-log-bodyrawsize': '67108865' } }, /67108865 bytes, more than/],
  ['a size that is too small', { headers: { ...lz4, 'x-log-bodyrawsize': '9' }, body: compressLz4(raw) }, /damaged/],
  ['a size that is too large', { headers: { ...told, 'x-log-bodyrawsize': '999' }, body: raw }, /bytes instead of 999/],
  [
    'deflate that becomes more than it says',
    { headers: { ...told, 'x-log-bodyrawsize': '9', 'x-log-compresstype': 'deflate' }, body: deflateSync(raw) },
    /deflate that is damaged/,
  ],
  [
    'zstd that becomes less than it says',
    { headers: { ...told, 'x-log-bodyrawsize': '9999', 'x-log-compresstype': 'zstd' }, body: zstdCompressSync(raw) },
    /bytes instead of 9999/,
  ],
  ['a body that was cut short', { headers: lz4, body: compressLz4(raw).subarray(0, 20) }, /lz4 that is damaged/],
  ['an unknown codec', { headers: { ...told, 'x-log-compresstype': 'snappy' }, body: raw }, /snappy/],
  ['another number of groups', { headers: { ...told, 'x-log-count': '4' }, body: raw }, /3 LogGroups instead of 4/],
  [
    'no list of groups',
    { headers: { 'x-log-bodyrawsize': '5', 'x-log-count': '0' }, body: Buffer.from('<html') },
    /no list of LogGroups/,
  ],
]
for (const [what, answer, message] of damaged) {
  test(`refused: ${what}`, async t => {
    await assert.rejects(pull(t, answer), (error: unknown) => {
      assert.ok(error instanceof SlsError)
      assert.deepEqual([error.code, error.kind, error.requestId, error.status], ['BadReply', 'retry', 'R1', 200])
      assert.match(error.message, message)
      return true
    })
  })
}
