// What `parse` prints, record by record (contract §3).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lineOf, newWriter, writeRow, writeTextLine } from './record-writing.ts'

const nothing = {
  line: 1,
  kind: 'text',
  requestId: null,
  level: null,
  levelText: null,
  time: null,
  timeSource: null,
  message: '',
  outcome: null,
  errorCode: null,
  functionName: null,
  instanceID: null,
  summary: null,
  error: null,
}
/** The whole object, keys in the contract's order. */
const object = (given: object): string => JSON.stringify({ ...nothing, ...given })

const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'

const texts: readonly (readonly [name: string, text: string, given: object])[] = [
  ['a plain line', 'plain "text"\t\u0001 中文 😀', { message: 'plain "text"\t\u0001 中文 😀' }],
  ['a blank line', '', {}],
  [
    'an application line',
    `2024-01-13T08:53:51.939Z ${id} [ERROR] out of \\ cheese`,
    {
      kind: 'appLine',
      requestId: id,
      level: 'error',
      levelText: 'ERROR',
      time: '2024-01-13T08:53:51.939Z',
      timeSource: 'text',
      message: 'out of \\ cheese',
    },
  ],
  [
    'a level nobody knows',
    `2024-03-04T07:01:16.927Z ${id} [[object Object]] hello,fc`,
    {
      kind: 'appLine',
      requestId: id,
      levelText: '[object Object]',
      time: '2024-03-04T07:01:16.927Z',
      timeSource: 'text',
      message: 'hello,fc',
    },
  ],
  [
    'a time without a zone is in the zone of logs',
    `2022-07-19 08:44:41.161 [INFO] [${id}] init`,
    {
      kind: 'appLine',
      requestId: id,
      level: 'info',
      levelText: 'INFO',
      time: '2022-07-19T07:44:41.161Z',
      timeSource: 'text',
      message: 'init',
    },
  ],
  [
    'a console prefix, and an instance in front',
    `c-62e79e0a-0190ce336a61499caec12022-08-01 17:34:03FC Invoke End RequestId: ${id}`,
    {
      kind: 'invokeEnd',
      requestId: id,
      time: '2022-08-01T09:34:03.000Z',
      timeSource: 'prefix',
      message: `c-62e79e0a-0190ce336a61499caec12022-08-01 17:34:03FC Invoke End RequestId: ${id}`,
      outcome: 'ok',
      instanceID: 'c-62e79e0a-0190ce336a61499caec1',
    },
  ],
  [
    'a Start',
    `FC Invoke Start RequestId: ${id}`,
    { kind: 'invokeStart', requestId: id, message: `FC Invoke Start RequestId: ${id}` },
  ],
  [
    'a failed End',
    `FC Invoke End RequestId: ${id}, Error: Unhandled function error`,
    {
      kind: 'invokeEnd',
      requestId: id,
      message: `FC Invoke End RequestId: ${id}, Error: Unhandled function error`,
      outcome: 'unhandledError',
    },
  ],
  [
    'a summary',
    'Duration: 158.25 ms, Billed Duration: 159 ms, Memory Size: 512 MB, Max Memory Used: 41.50 MB',
    {
      kind: 'summary',
      message: 'Duration: 158.25 ms, Billed Duration: 159 ms, Memory Size: 512 MB, Max Memory Used: 41.50 MB',
      summary: { durationMs: 158.25, billedMs: 159, memoryMB: 512, maxMemoryUsedMB: 41.5 },
    },
  ],
  [
    'a body with a code',
    '{"ErrorCode":"CAExited","ErrorMessage":"it went"}',
    {
      kind: 'errorJson',
      message: '{"ErrorCode":"CAExited","ErrorMessage":"it went"}',
      errorCode: 'CAExited',
      error: { message: 'it went', type: null, stack: null },
    },
  ],
  [
    'a body in an application line',
    `2024-01-13T08:53:51.939Z ${id} [ERROR] {'errorMessage': "no module", 'errorType': 'ImportModuleError'}`,
    {
      kind: 'appLine',
      requestId: id,
      level: 'error',
      levelText: 'ERROR',
      time: '2024-01-13T08:53:51.939Z',
      timeSource: 'text',
      message: `{'errorMessage': "no module", 'errorType': 'ImportModuleError'}`,
      error: { message: 'no module', type: 'ImportModuleError', stack: null },
    },
  ],
  [
    'JSON that is no error',
    `2024-01-13T08:53:51.939Z ${id} [INFO] {"order":1}`,
    {
      kind: 'appLine',
      requestId: id,
      level: 'info',
      levelText: 'INFO',
      time: '2024-01-13T08:53:51.939Z',
      timeSource: 'text',
      message: '{"order":1}',
    },
  ],
]
for (const [name, text, given] of texts) test(name, () => assert.equal(writeTextLine(text), object(given)))

test('a platform sentence carries its code and its text', () => {
  const message = 'Process exited unexpectedly before completing request (duration: 43ms, maxMemoryUsage: 65.00MB)'
  const printed = JSON.parse(writeTextLine(message))
  assert.equal(printed.kind, 'errorText')
  assert.equal(printed.message, message)
  assert.match(printed.error.message, /^Process exited unexpectedly/)
})

const origin = { __topic__: 'FCLogs:fn', __time__: '1503051506', instanceID: 'c-1' }
const fromRow = { functionName: 'fn', instanceID: 'c-1', time: '2017-08-18T10:18:26.000Z', timeSource: 'record' }
const rows: readonly (readonly [name: string, fields: object, given: object])[] = [
  ['a row', { ...origin, message: 'hello' }, { ...fromRow, message: 'hello' }],
  ['a row of nothing but line ends', { ...origin, message: '\n \r\n' }, { ...fromRow, message: '\n \r\n' }],
  [
    'a zone in the text wins over the record',
    { ...origin, message: `2024-01-13T08:53:51.939Z ${id} [INFO] x\n` },
    {
      ...fromRow,
      kind: 'appLine',
      requestId: id,
      level: 'info',
      levelText: 'INFO',
      time: '2024-01-13T08:53:51.939Z',
      timeSource: 'text',
      message: 'x',
    },
  ],
  [
    'the record wins over a text time without a zone',
    { ...origin, __time_ns_part__: '250000000', message: `2022-07-19 08:44:41.161 [INFO] [${id}] init` },
    {
      ...fromRow,
      time: '2017-08-18T10:18:26.250Z',
      kind: 'appLine',
      requestId: id,
      level: 'info',
      levelText: 'INFO',
      message: 'init',
    },
  ],
  [
    'several lines have markers',
    { ...origin, message: `\nhello\nFC Invoke Start RequestId: ${id}\nFC Invoke End RequestId: ${id}\n` },
    {
      ...fromRow,
      kind: 'invokeStart',
      requestId: id,
      message: `hello\nFC Invoke Start RequestId: ${id}\nFC Invoke End RequestId: ${id}`,
      markers: [
        { kind: 'invokeStart', requestId: id, outcome: null },
        { kind: 'invokeEnd', requestId: id, outcome: 'ok' },
      ],
    },
  ],
  ['several lines without any', { ...origin, message: 'a\nb' }, { ...fromRow, message: 'a\nb', markers: [] }],
  [
    'a request metrics row',
    {
      ...origin,
      __topic__: 'FCRequestMetrics:/fn',
      requestId: id,
      durationMs: '1.5',
      hasFunctionError: 'true',
      errorType: 'FunctionOOMError',
    },
    { ...fromRow, kind: 'requestMetrics', requestId: id, message: null, errorCode: 'FunctionOOMError' },
  ],
  [
    'an instance metrics row',
    { ...origin, __topic__: 'FCInstanceMetrics:/fn', aggPeriodSeconds: '60', level: 'Normal' },
    { ...fromRow, kind: 'instanceMetrics', message: null },
  ],
  [
    'an instance event that warns',
    { ...origin, __topic__: 'FCInstanceEvents:/fn', type: 'fc:Instance:CreateFailed', level: 'Warning' },
    { ...fromRow, kind: 'instanceEvent', level: 'warn', levelText: 'Warning', message: null },
  ],
  [
    'an instance event that is normal',
    { ...origin, __topic__: 'FCInstanceEvents:/fn', type: 'fc:Instance:Creating', level: 'Normal' },
    { ...fromRow, kind: 'instanceEvent', levelText: 'Normal', message: null },
  ],
  [
    'a row without a message',
    origin,
    { ...fromRow, kind: 'deadLetter', message: JSON.stringify(origin), reason: 'noMessage' },
  ],
]
for (const [name, fields, given] of rows) test(name, () => assert.equal(writeRow(fields), object(given)))

test('a dead letter gives out the first 4 KiB of what came, cut between characters', () => {
  const writer = newWriter()
  const buf = Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from('中'.repeat(2000))])
  writer.writeDeadLetter({ lineNumber: 7, reason: 'invalidUtf8', buf, start: 0, end: buf.length, row: null })
  const message = `\ufffd\n${'中'.repeat(1364)}`
  assert.equal(lineOf(writer), object({ line: 7, kind: 'deadLetter', message, reason: 'invalidUtf8' }))
})

test('records follow each other in one buffer', () => {
  const writer = newWriter()
  for (let lineNumber = 1; lineNumber <= 3; lineNumber += 1)
    writer.writeDeadLetter({ lineNumber, reason: 'tooLong', buf: Buffer.from('x'), start: 0, end: 1, row: null })
  const lines = writer.json.bytes.toString('utf8', 0, writer.json.length).trimEnd().split('\n')
  assert.deepEqual(
    lines.map(line => JSON.parse(line).line),
    [1, 2, 3],
  )
})

test('any line and any message is one line of JSON that holds its text', () => {
  const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string({ unit: 'grapheme', maxLength: 40 }))
  fc.assert(
    fc.property(anyText, text => {
      // One \r before the line end is no part of the line.
      const line = text.replaceAll('\n', '').replace(/\r+$/, '').toWellFormed()
      const printed = JSON.parse(writeTextLine(line))
      assert.deepEqual(Object.keys(printed), Object.keys(nothing))
      assert.ok(line.endsWith(printed.message), `${JSON.stringify(line)} -> ${JSON.stringify(printed.message)}`)
      const row = JSON.parse(writeRow({ __topic__: `FCLogs:${text}`, message: text, instanceID: text }))
      assert.equal(row.instanceID, text === '' ? null : text.toWellFormed())
      assert.ok(text.toWellFormed().includes(row.message))
    }),
    { numRuns: 400 },
  )
})
