import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deriveSpanId, deriveTraceId } from '../../src/lib/trace-id.ts'
import { nearlyOrdinaryLine, ownMarker } from '../property/nearly-ordinary-lines.ts'
import { assertAlways, fewRuns } from '../property/property-runs.ts'
import { type KeptLine, keepLines } from './kept-lines.ts'

const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
const start = `FC Invoke Start RequestId: ${id}\n`
const noon = Date.UTC(2025, 0, 15, 12)

const only = (text: string, options: Parameters<typeof keepLines>[1] = {}): KeptLine => {
  const { rows } = keepLines(start + text, options)
  assert.equal(rows.length, 1, JSON.stringify(rows))
  return rows[0]!
}

const cases: readonly (readonly [name: string, line: string, expected: Partial<KeptLine>])[] = [
  [
    'an application line',
    `2025-01-15T12:00:00.123Z ${id} [INFO] hello`,
    { time: noon + 123, timeSource: 'text', kind: 'appLine', level: 'info', severityText: 'INFO', body: 'hello' },
  ],
  ['blanks in front of the message', `2025-01-15T12:00:00Z ${id} [warning] \t x`, { level: 'warn', body: 'x' }],
  ['CRLF', `2025-01-15T12:00:00Z ${id} [INFO] hello\r`, { body: 'hello' }],
  ['no message', `2025-01-15T12:00:00Z ${id} [INFO]`, { body: '' }],
  ['no zone', `2025-01-15 12:00:00.5 ${id} [INFO] x`, { time: noon + 500, timeSource: 'text' }],
  ['an offset', `2025-01-15T12:00:00+08:00 ${id} [INFO] x`, { time: noon - 8 * 3_600_000, timeSource: 'text' }],
  [
    'a console time in front',
    `2025-01-15 20:00:00plain`,
    {
      time: noon,
      timeSource: 'prefix',
      kind: 'text',
      level: 'other',
      severityText: '',
      body: '2025-01-15 20:00:00plain',
    },
  ],
  [
    'no time at all',
    'plain output',
    { time: 0, timeSource: 'none', kind: 'text', requestId: id, body: 'plain output' },
  ],
  ['letters beyond ASCII', `2025-01-15T12:00:00Z ${id} [INFO] 订单 é`, { body: '订单 é' }],
  [
    'a level of its own',
    `2025-01-15T12:00:00Z ${id} [[object Object]] x`,
    { level: 'other', severityText: '[object Object]' },
  ],
  [
    'a body',
    '{"errorMessage":"boom","errorType":"Error"}',
    { kind: 'errorJson', body: '{"errorMessage":"boom","errorType":"Error"}' },
  ],
  ['a year that no store can hold', `9999-01-15T12:00:00Z ${id} [INFO] x`, { time: 0, timeSource: 'none' }],
  ['a long line', `2025-01-15T12:00:00Z ${id} [INFO] ${'x'.repeat(100_000)}`, { body: 'x'.repeat(100_000) }],
]
for (const [name, line, expected] of cases) {
  for (const usesKernel of [true, false]) {
    test(`${name}${usesKernel ? '' : ', the full way'}`, () => {
      const row = only(line, { usesKernel })
      const told = Object.fromEntries(Object.keys(expected).map(key => [key, row[key as keyof KeptLine]]))
      assert.deepEqual(told, expected)
    })
  }
}

test('a line carries the ids of its attempt, and its place in the stream', () => {
  const row = only(`2025-01-15T12:00:00Z ${id} [INFO] x`, { position: 5_000_000_000 })
  assert.equal(row.requestId, id)
  assert.equal(row.traceId, deriveTraceId(id))
  assert.equal(row.spanId, deriveSpanId(id, { phase: 0, attempt: 0 }))
  assert.equal(row.position, 5_000_000_000 + start.length)
  assert.equal(row.stream, 'file')
})

test('a line of no attempt has no ids', () => {
  const { rows } = keepLines('before anything\n')
  assert.deepEqual(
    rows.map(({ requestId, traceId, spanId }) => [requestId, traceId, spanId]),
    [['', '0'.repeat(32), '0'.repeat(16)]],
  )
})

test('a line without a time stands beside the one before it', () => {
  const { rows } = keepLines(`${start}2025-01-15T12:00:00Z ${id} [INFO] a\n  at frame\n`)
  assert.deepEqual(
    rows.map(({ time, timeSource }) => [time, timeSource]),
    [
      [noon, 'text'],
      [noon, 'none'],
    ],
  )
})

test('a second attempt has a span of its own', () => {
  const end = `FC Invoke End RequestId: ${id}\n`
  const { rows } = keepLines(`${start}a\n${end}${start}b\n${end}`)
  assert.deepEqual(
    rows.map(({ spanId }) => spanId),
    [0, 1].map(attempt => deriveSpanId(id, { phase: 0, attempt })),
  )
})

test('times without a zone are read in the zone of the logs', () => {
  const row = only(`2025-01-15 12:00:00 ${id} [INFO] x`, { logTimeZone: 'Asia/Shanghai' })
  assert.equal(row.time, noon - 8 * 3_600_000)
})

test('a full block takes no more lines, and says where the next one begins', () => {
  const line = `2025-01-15T12:00:00Z ${id} [INFO] x\n`
  for (const usesKernel of [true, false]) {
    const { rows, taken } = keepLines(start + line.repeat(5), { maxRows: 3, usesKernel })
    assert.equal(rows.length, 3)
    assert.equal(taken, start.length + 3 * line.length)
  }
})

test('bytes behind a piece of a window stay as they are', () => {
  // Lines that end right behind the boundary of a piece lost their line ends when the scan cleared what lies behind it.
  const line = `2025-01-15T12:00:00Z ${id} [INFO] ${'x'.repeat(20)}\n`
  const count = Math.ceil((3 * 256 * 1024) / line.length)
  const { rows } = keepLines(start + line.repeat(count), { maxRows: 20_000 })
  assert.equal(rows.length, count)
  assert.ok(rows.every(({ body }) => body === 'x'.repeat(20)))
})

test('the kernel keeps the same rows as the full way', async () => {
  const line = fc.oneof(
    { weight: 6, arbitrary: nearlyOrdinaryLine },
    { weight: 3, arbitrary: ownMarker },
    { weight: 1, arbitrary: fc.constantFrom('', '  at frame', 'plain', '\r') },
  )
  const property = fc.asyncProperty(fc.array(line, { maxLength: 60 }), async lines => {
    const text = lines.join('\n')
    assert.deepEqual(keepLines(text), keepLines(text, { usesKernel: false }))
  })
  await assertAlways(property, { ...fewRuns, runs: 200 })
})
