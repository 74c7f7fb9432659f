// What `errors` prints, and what it does not take.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorGroup, ErrorReport } from '../../src/app/errors/error-report.ts'
import { errorsText, summaryOf } from '../../src/cli/errors/errors-text.ts'
import { runFcscope } from './run-fcscope.ts'

const group = (changes: Partial<ErrorGroup> = {}): ErrorGroup => ({
  fingerprint: '0123456789abcdef',
  count: 1234,
  share: 0.1234,
  isNew: false,
  firstSeen: '2025-01-15T08:00:00.000Z',
  lastSeen: '2025-01-15T09:00:00.000Z',
  functionName: 'orders',
  serviceName: null,
  status: 'unhandledError',
  errorType: 'OrderError',
  errorCode: 'FunctionUnhandledError',
  message: 'order * is gone',
  frame: 'f (/code/index.js)',
  cause: { code: 'uncaughtException', remedy: 'Fix the code at the first frame; catch. Then more.', docs: null },
  qualifiers: ['LATEST'],
  versions: ['3'],
  requests: [{ requestId: '1-a', startTime: null, errorMessage: 'order 17 is gone' }],
  ...changes,
})

const report = (errors: readonly ErrorGroup[], changes: Partial<ErrorReport> = {}): ErrorReport => ({
  from: '2025-01-15T00:00:00.000Z',
  to: '2025-01-16T00:00:00.000Z',
  newFrom: '2025-01-15T18:00:00.000Z',
  failures: 10_000,
  failuresLeftOut: 0,
  groups: errors.length,
  errors,
  ...changes,
})

test('a group for people', () => {
  const unknown = group({
    count: 5,
    isNew: true,
    firstSeen: null,
    lastSeen: null,
    functionName: null,
    serviceName: 'shop',
    errorType: null,
    errorCode: null,
    message: null,
    frame: null,
    cause: null,
    qualifiers: [],
    versions: [],
    requests: [],
    status: 'throttled',
  })
  assert.equal(
    errorsText(report([group(), unknown]), { lang: 'en', colour: false }),
    `count  share   first seen            last seen             function  status          error
1,234  12.3 %  2025-01-15 08:00:00Z  2025-01-15 09:00:00Z  orders    unhandledError  OrderError: order * is gone
      at        f (/code/index.js)
      said      order 17 is gone
      cause     uncaughtException: Fix the code at the first frame; catch
      e.g.      1-a
      versions  LATEST, 3
    5  12.3 %  –                     –                     shop/–    throttled       NEW
`
      .replace('throttled       NEW', 'throttled  NEW')
      .replace('count  share ', 'count   share'),
  )
})

test('what a log holds steers no terminal', () => {
  const text = errorsText(report([group({ message: 'a\x1b[31mb\nc', functionName: 'f\x07' })]), {
    lang: 'zh',
    colour: false,
  })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f]/)
})

test('what is not shown is said', () => {
  const { en, zh } = summaryOf(report([group()], { groups: 7, failuresLeftOut: 12 }))
  assert.equal(
    en,
    '10,000 failures in 7 groups, 2025-01-15 00:00:00Z → 2025-01-16 00:00:00Z; 1 groups are shown (--limit); 12 failures are in no group: there are too many kinds, ask for fewer functions or a shorter time',
  )
  assert.match(zh, /共 10,000 次失败，分为 7 组.*仅显示 1 组.*12 次未归组/)
})

const refused: readonly [words: readonly string[], message: RegExp][] = [
  [['a.log'], /errors takes no 'a\.log'.*--from/],
  [['--status', 'ok'], /--status/],
  [['--sort', 'name'], /--sort/],
  [['--limit', '0'], /--limit/],
  [['--since', 'yesterday'], /--since/],
  [['--since', '1h', '--until', '2h'], /--since is not before --until/],
  [['--from', 'nowhere.log'], /nowhere\.log/],
]
for (const [words, message] of refused) {
  test(`refused: ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await runFcscope(['errors', ...words])
    assert.deepEqual([status, stdout], [2, ''])
    assert.match(stderr, message)
  })
}

test('standard input, and failures without a time', async () => {
  const input = ['a', 'b']
    .map(
      id =>
        `FC Invoke Start RequestId: ${id}\n{"errorMessage":"order ${id.charCodeAt(0)} is gone","errorType":"OrderError"}\nFC Invoke End RequestId: ${id}, Error: Unhandled function error\n`,
    )
    .join('')
  const { status, stdout } = await runFcscope(['errors', '--json', '--from', '-'], { input })
  const found: ErrorReport = JSON.parse(stdout)
  assert.deepEqual(
    [status, found.from, found.to, found.newFrom, found.failures, found.groups],
    [0, null, null, null, 2, 1],
  )
  const [only] = found.errors
  assert.deepEqual(
    [only?.count, only?.share, only?.isNew, only?.firstSeen, only?.message, only?.functionName],
    [2, 1, false, null, 'order * is gone', null],
  )
  assert.deepEqual(only?.requests, [
    { requestId: 'a', startTime: null, errorMessage: 'order 97 is gone' },
    { requestId: 'b', startTime: null, errorMessage: 'order 98 is gone' },
  ])
})
