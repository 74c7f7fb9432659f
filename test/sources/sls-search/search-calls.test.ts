// What is sent and how answers are read: one request each.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchCredentials } from '../../../src/sources/sls-search/search-api.ts'
import { failureKind, SearchError, type SearchFailureKind } from '../../../src/sources/sls-search/search-error.ts'
import { fakeKeys } from './fake-search.ts'
import { rowsOf, SearchRig, startSeconds } from './search-rig.ts'

const { signal } = new AbortController()
const window = { from: startSeconds, to: startSeconds + 60 }

test('a page: what is asked, and what is answered', async t => {
  const rig = await SearchRig.start(t, rowsOf(250))
  rig.query = 'functionName: "a b" and 商品* & c=d+e%'
  const calls = await rig.connect()
  t.after(() => calls.close())
  const page = await calls.page(window, 200, signal)
  assert.deepEqual([page.rows, page.isComplete], [50, true])
  assert.deepEqual(
    page.bytes
      .toString()
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line)),
    rig.fake.rows.slice(200),
  )
  const [asked] = rig.fake.asked
  assert.deepEqual([asked?.api, asked?.offset, asked?.query], ['page', 200, rig.query])
  assert.equal(asked?.headers['user-agent'], 'fcscope')
})

test('a count is that of all buckets', async t => {
  const rig = await SearchRig.start(t, rowsOf(777))
  const calls = await rig.connect()
  t.after(() => calls.close())
  assert.deepEqual(await calls.count(window, signal), { rows: 600, isComplete: true })
  rig.fake.faults.push({ times: 1, isIncomplete: true })
  assert.deepEqual(await calls.count(window, signal), { rows: 300, isComplete: false })
})

test('temporary credentials: the token goes along, and is signed', async t => {
  const rig = await SearchRig.start(t, rowsOf(1))
  rig.fake.keys = { ...fakeKeys, securityToken: 'token/with+signs=' }
  rig.credentials = { get: async () => ({ ...fakeKeys, securityToken: 'token/with+signs=' }), invalidate: () => {} }
  const calls = await rig.connect()
  t.after(() => calls.close())
  assert.equal((await calls.page(window, 0, signal)).rows, 1)
})

test('no secret in what an error says', async t => {
  const rig = await SearchRig.start(t)
  rig.fake.faults.push({ times: 1, status: 400, code: 'ParameterInvalid' })
  const calls = await rig.connect()
  t.after(() => calls.close())
  await assert.rejects(calls.page(window, 0, signal), (error: unknown) => {
    assert.ok(error instanceof SearchError)
    assert.deepEqual([error.kind, error.code, error.status], ['fatal', 'ParameterInvalid', 400])
    assert.match(error.message, /^ParameterInvalid: no: \*\*\* \*\*\*/)
    return true
  })
})

test('a clock that is wrong is set by the service, once', async t => {
  const rig = await SearchRig.start(t, rowsOf(10))
  rig.fake.clockOffsetMs = 3 * 3_600_000
  const search = await rig.patience(t)
  assert.equal(await search.count(window), 10)
  assert.equal(rig.fake.asked.length, 2)
  assert.equal((await search.page(window, 0)).rows, 10)
  assert.equal(rig.fake.asked.length, 3)
  assert.deepEqual(rig.waits, [])
})

test('refused credentials are got anew, once', async t => {
  const rig = await SearchRig.start(t, rowsOf(10))
  let known: SearchCredentials = { accessKeyId: 'old', accessKeySecret: 'old', securityToken: null }
  let invalidated = 0
  rig.credentials = {
    get: async () => known,
    invalidate: () => {
      invalidated += 1
      known = { ...fakeKeys, securityToken: null }
    },
  }
  const search = await rig.patience(t)
  assert.equal(await search.count(window), 10)
  rig.fake.keys = { accessKeyId: 'third', accessKeySecret: 'third' }
  await assert.rejects(search.count(window), /SignatureNotMatch/)
  assert.equal(invalidated, 2)
})

test('credentials that cannot be got', async t => {
  const rig = await SearchRig.start(t)
  rig.credentials = { get: () => Promise.reject(new Error('no credentials: nowhere')), invalidate: () => {} }
  const search = await rig.patience(t)
  await assert.rejects(search.count(window), {
    kind: 'denied',
    code: 'Credentials',
    message: 'no credentials: nowhere',
  })
  assert.equal(rig.fake.asked.length, 0)
})

test('waits: doubled, any part of it, longer where the service limits', async t => {
  const rig = await SearchRig.start(t)
  rig.random = 0.999
  const search = await rig.patience(t)
  rig.fake.faults.push({ times: 7, status: 500, code: 'InternalServerError' })
  assert.equal(await search.count(window), 0)
  const doubled = [200, 400, 800, 1600, 3200, 6400, 10_000]
  assert.deepEqual(
    rig.waits,
    doubled.map(ms => ms * 0.999),
  )
  rig.waits.length = 0
  rig.random = 0.001
  rig.fake.faults.push({ times: 5, status: 403, code: 'ReadQuotaExceed' })
  await search.count(window)
  assert.deepEqual(rig.waits, [1, 2, 4, 8, 10])
})

test('how long is borne: failures as long as was said, limits for five minutes', async t => {
  const rig = await SearchRig.start(t)
  rig.random = 0.9
  const search = await rig.patience(t, 10_000)
  rig.fake.faults.push({ times: 999, status: 500, code: 'InternalServerError' })
  await assert.rejects(search.count(window), { code: 'InternalServerError' })
  assert.ok(rig.elapsedMs <= 10_000 && rig.elapsedMs > 4000, `${rig.elapsedMs} ms`)
  rig.fake.faults.length = 0
  rig.elapsedMs = 0
  rig.fake.faults.push({ times: 999, status: 403, code: 'ReadQuotaExceed' })
  await assert.rejects(search.count(window), { code: 'ReadQuotaExceed' })
  assert.ok(rig.elapsedMs <= 300_000 && rig.elapsedMs > 280_000, `${rig.elapsedMs} ms`)
  assert.equal(rig.world.events('searchThrottled').length, 5, 'once a minute')
})

const kinds: [code: string, status: number, kind: SearchFailureKind][] = [
  ['InternalServerError', 500, 'retry'],
  ['RequestTimeout', 500, 'retry'],
  ['ServerBusy', 503, 'retry'],
  ['Whatever', 504, 'retry'],
  ['ReadQuotaExceed', 403, 'quota'],
  ['ExceedQuota', 403, 'quota'],
  ['MetaOperationQpsLimitExceeded', 403, 'quota'],
  ['RequestTimeTooSkewed', 400, 'clock'],
  ['SignatureNotMatch', 401, 'denied'],
  ['SignatureNotMatch', 403, 'denied'],
  ['InvalidAccessKeyId.NotFound', 400, 'denied'],
  ['Unauthorized', 403, 'denied'],
  ['ProjectNotExist', 404, 'missing'],
  ['IndexConfigNotExist', 400, 'noIndex'],
  ['ParameterInvalid', 400, 'fatal'],
  ['__proto__', 400, 'fatal'],
]
for (const [code, status, kind] of kinds) {
  test(`${status} ${code} is ${kind}`, () => assert.equal(failureKind(code, status), kind))
}
