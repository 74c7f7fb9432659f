// What is said when a Logstore cannot be read at the start, and what is waited for.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import type { FakeFault } from './fake-sls.ts'
import { LogstoreRig, type OpenOptions } from './logstore-rig.ts'

async function failureOf(t: Parameters<typeof LogstoreRig.start>[0], given: { faults?: FakeFault[] } & OpenOptions) {
  const { faults = [], ...options } = given
  const rig = await LogstoreRig.start(t, 1)
  rig.service.faults.push(...faults)
  const { source } = rig.open(options)
  const error = await source.start().then(
    () => null,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof FcscopeError)
  assert.equal(error.code, 'FCS_SOURCE_UNAVAILABLE')
  assert.equal(error.exitStatus, 3)
  for (const text of Object.values(error.text)) assert.doesNotMatch(text, /\n|secret\b/)
  return error.text
}

const cases: [what: string, given: { faults?: FakeFault[] } & OpenOptions, en: RegExp][] = [
  [
    'a wrong secret',
    { faults: [{ api: 'ListShards', status: 401, code: 'SignatureNotMatch' }] },
    /signature is refused \(.*SignatureNotMatch.*; check accessKeySecret\.$/,
  ],
  [
    'a right that is missing',
    { faults: [{ api: 'HeartBeat', status: 401, code: 'Unauthorized' }] },
    /access is denied \(.*Unauthorized.*rights that docs\/sls-source\.md lists\.$/,
  ],
  [
    'a project that is not there',
    { faults: [{ api: 'ListShards', status: 404, code: 'ProjectNotExist' }] },
    /there is no project fc-test; check project, and that the endpoint/,
  ],
  ['a Logstore that is not there', { logstore: 'other' }, /there is no Logstore other; check logstore\.$/],
  [
    'a proxy that answers',
    { faults: [{ api: 'ListShards', how: 'html' }] },
    /something else than Simple Log Service answered \(HTTP 502\)/,
  ],
  ['nobody who listens', { endpoint: 'http://127.0.0.1:1' }, /cannot be reached \(ECONNREFUSED\)/],
  ['a name that is not known', { endpoint: 'http://fcscope.invalid' }, /name of the host is not known \(E/],
  ['a server without TLS', { endpoint: 'https://127.0.0.1:PORT' }, /TLS fails \(/],
  [
    'a query that is wrong',
    { query: '* | nonsense', faults: [{ api: 'PullLogs', code: 'ParameterInvalid' }] },
    /the service refuses \(PullLogs: ParameterInvalid.*request R\d+\)\)\.$/,
  ],
]
for (const [what, given, en] of cases) {
  test(`the start fails with one line: ${what}`, async t => {
    const endpoint = given.endpoint?.replace('PORT', new URL((await LogstoreRig.start(t, 1)).service.endpoint).port)
    const texts = await failureOf(t, { ...given, ...(endpoint === undefined ? {} : { endpoint }) })
    assert.match(texts.en, en)
    assert.match(texts.en, /^source logs: fc-test\/[a-z-]+ at http/)
    assert.match(texts.zh, /^数据源 logs：/)
  })
}

test('cursors that are no numbers are refused at once', async t => {
  const body = (): Buffer => Buffer.from(JSON.stringify({ cursor: 'b3BhcXVl' }))
  const texts = await failureOf(t, { faults: [{ api: 'GetCursor', body }] })
  assert.match(texts.en, /^source logs: a cursor of shard 0 of fc-test\/fc-logs holds no number .*type: kafka/)
})

test('cursors that become something else later end the reading with the same line', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 2)
  rig.service.faults.push({ api: 'PullLogs', headers: { 'x-log-cursor': 'b3BhcXVl' } })
  const { worker } = await rig.work()
  const error = await worker.done
  assert.ok(error instanceof FcscopeError && error.code === 'FCS_SOURCE_UNAVAILABLE')
})

test('what passes by itself is waited for', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 2)
  rig.service.faults.push(
    { api: 'ListShards', times: 1, status: 500, code: 'InternalServerError' },
    { api: 'GetCursor', times: 1, how: 'drop' },
  )
  const { worker } = await rig.work()
  await rig.allStored()
  await worker.stop()
  rig.assertStored()
})

test('stop is safe before start, and twice', async t => {
  const rig = await LogstoreRig.start(t, 1)
  const { source } = rig.open()
  await source.stop()
  await source.stop()
  assert.equal(source.read(new Uint8Array(10)), null)
  assert.deepEqual(source.takeMoves(), [])
})
