// The source against a small search: every row once and in order, whatever the service does.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import type { SearchFault } from './fake-search.ts'
import { rowsOf, SearchRig, startSeconds, takeAll } from './search-rig.ts'

const one = '0000000000000001'
const two = '0000000000000002'

for (const [windowBytes, maxRows] of [
  [65_536, 5000],
  [200, 100],
  [40, 7],
  [4096, 1],
] as const) {
  test(`windows of ${maxRows} rows, chunks of ${windowBytes} bytes`, async t => {
    const rig = await SearchRig.start(t, rowsOf(1234))
    const source = rig.source(t, [[0, 1000]], { maxRows })
    await source.start()
    const { rows } = await takeAll(source, rig.world, windowBytes)
    assert.deepEqual(rows.get(one), rig.fake.rows)
    assert.deepEqual(source.rows, [1234])
    assert.deepEqual(source.lag(), { bytes: 0, records: 0, seconds: 0 })
  })
}

test('spans are streams of their own; a span ends before its end', async t => {
  const rig = await SearchRig.start(t, rowsOf(300))
  const source = rig.source(t, [
    [0, 10],
    [10, 10],
    [10, 20],
  ])
  await source.start()
  const { rows } = await takeAll(source, rig.world)
  assert.deepEqual(rows.get(one), rig.fake.rows.slice(0, 100))
  assert.deepEqual(rows.get('0000000000000003'), rig.fake.rows.slice(100, 200))
  assert.deepEqual(source.rows, [100, 0, 100])
  assert.equal(rows.has(two), false)
  const [started] = rig.world.events('searchStarted')
  assert.equal(started?.['rows'], 200)
  assert.ok(rig.fake.asked.every(({ from, to }) => from < to))
})

test('nothing there', async t => {
  const rig = await SearchRig.start(t)
  const source = rig.source(t, [[0, 10]])
  await source.start()
  assert.equal((await takeAll(source, rig.world)).chunks, 0)
})

test('values of every kind stay what they are', async t => {
  const message = 'FC Invoke Start RequestId: 1\n  "quoted" \\ \u2028 商品 \u0000 \ud83d\ude00'
  const row = { __time__: String(startSeconds), ['__tag__:__path__']: '/a', ['__proto__']: 'key', message }
  const rig = await SearchRig.start(t, [row])
  const source = rig.source(t, [[0, 1]])
  await source.start()
  const { rows } = await takeAll(source, rig.world)
  const [got] = rows.get(one) ?? []
  assert.equal(JSON.stringify(got), JSON.stringify(row))
})

test('many rows of one second are paged; pages stay within their second', async t => {
  const rig = await SearchRig.start(t, rowsOf(2500, 2500))
  const source = rig.source(t, [[0, 100]], { maxRows: 200 })
  await source.start()
  assert.deepEqual((await takeAll(source, rig.world)).rows.get(one), rig.fake.rows)
  const pages = rig.fake.asked.filter(({ api }) => api === 'page')
  assert.ok(pages.every(({ from, to }) => from === startSeconds && to === startSeconds + 1))
  assert.equal(Math.max(...pages.map(({ offset }) => offset)), 2500)
})

test('requests under way are bounded, and offsets stay small', async t => {
  const rig = await SearchRig.start(t, rowsOf(20_000, 40))
  rig.inFlight = 3
  const source = rig.source(t, [[0, 1000]], { maxRows: 2000 })
  await source.start()
  assert.equal((await takeAll(source, rig.world)).rows.get(one)?.length, 20_000)
  assert.ok(rig.fake.mostUnderWay > 1 && rig.fake.mostUnderWay <= 3, `${rig.fake.mostUnderWay} under way`)
  assert.ok(rig.fake.asked.every(({ offset }) => offset <= 2000))
  const counted = rig.fake.asked.filter(({ api }) => api === 'count').length
  assert.ok(counted <= 20, `${counted} counts`)
})

test('who does not take rows is not run over', async t => {
  const rig = await SearchRig.start(t, rowsOf(60_000, 100))
  const source = rig.source(t, [[0, 1000]], { maxRows: 5000 })
  await source.start()
  const before = (): number => rig.fake.asked.length
  for (let seen = -1; seen !== before(); ) {
    seen = before()
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  const pages = rig.fake.asked.filter(({ api }) => api === 'page').length
  assert.ok(pages < 400, `${pages} pages of 600 were read ahead`)
  assert.equal((await takeAll(source, rig.world)).rows.get(one)?.length, 60_000)
})

const passing: [what: string, fault: SearchFault, said: string | null][] = [
  ['parts of pages', { api: 'page', times: 2, isIncomplete: true }, 'searchIncomplete'],
  ['parts of counts', { api: 'count', times: 2, isIncomplete: true }, 'searchIncomplete'],
  ['throttling', { times: 5, status: 403, code: 'ReadQuotaExceed' }, 'searchThrottled'],
  ['throttling by another name', { times: 3, status: 403, code: 'ShardReadQuotaExceed' }, 'searchThrottled'],
  ['too many requests', { times: 3, status: 429, code: 'Whatever' }, 'searchThrottled'],
  ['500', { times: 3, status: 500, code: 'InternalServerError' }, 'searchFailing'],
  ['503', { times: 3, status: 503, code: 'ServerBusy' }, 'searchFailing'],
  ['500 with a page of HTML', { times: 3, how: 'html', status: 500 }, 'searchFailing'],
  ['200 with a page of HTML', { times: 3, how: 'html', status: 200 }, 'searchFailing'],
  ['half an answer', { times: 3, how: 'truncate' }, 'searchFailing'],
  ['a connection that ends', { times: 3, how: 'drop' }, 'searchFailing'],
  ['no answer', { times: 2, how: 'hang' }, 'searchFailing'],
  ['an answer without a request id', { times: 3, omits: ['x-log-requestid'] }, 'searchFailing'],
  ['a page without its progress', { api: 'page', times: 3, omits: ['x-log-progress'] }, 'searchFailing'],
  ['a page with fewer rows than it says', { api: 'page', times: 3, headers: { 'x-log-count': '99' } }, 'searchFailing'],
  ['no rows', { api: 'page', times: 3, body: '[1,2]', omits: ['x-log-count'] }, 'searchFailing'],
  ['no array', { times: 3, body: '{"data":[]}' }, 'searchFailing'],
  ['counts that are none', { api: 'count', times: 3, body: '[{"count":"9","progress":"Complete"}]' }, 'searchFailing'],
]
for (const [what, fault, said] of passing) {
  test(`${what}: asked again, every row once`, async t => {
    const rig = await SearchRig.start(t, rowsOf(950))
    rig.limitMs = 300
    const { times } = fault
    rig.fake.faults.push({ ...fault, after: 2 }, { ...fault, api: 'count' })
    const source = rig.source(t, [[0, 200]], { maxRows: 300 })
    await source.start()
    assert.deepEqual((await takeAll(source, rig.world)).rows.get(one), rig.fake.rows)
    assert.ok(rig.waits.length >= times, `${rig.waits.length} waits`)
    if (said !== null) assert.ok(rig.world.events(said).length > 0, said)
    assert.doesNotMatch(JSON.stringify(rig.world.said), /test-sk/)
  })
}

test('a row that comes while a window is read: it is read again, every row once', async t => {
  const rig = await SearchRig.start(t, rowsOf(500))
  const late = { __time__: String(startSeconds + 1), message: 'late' }
  rig.fake.faults.push({ api: 'page', after: 2, times: 1, act: () => rig.fake.rows.push(late) })
  const source = rig.source(t, [[0, 200]])
  await source.start()
  const { rows } = await takeAll(source, rig.world)
  assert.deepEqual(rows.get(one)?.length, 501)
  assert.equal(new Set(rows.get(one)?.map(({ message }) => message)).size, 501)
  assert.equal(rig.world.events('searchChanged').length, 1)
})

const hopeless: [what: string, fault: SearchFault, says: RegExp][] = [
  ['never complete', { times: 999, api: 'page', isIncomplete: true }, /gave 20 times a part of an answer only/],
  ['throttled for ever', { times: 999, status: 403, code: 'ReadQuotaExceed' }, /limits searching for too long/],
  ['down for ever', { times: 999, status: 500, code: 'InternalServerError' }, /the service fails for too long/],
  ['no rights', { times: 999, status: 403, code: 'Unauthorized' }, /access is denied/],
  ['in arrears', { times: 999, status: 403, code: 'ProjectForbidden' }, /access is denied/],
  ['no index', { times: 999, status: 400, code: 'IndexConfigNotExist' }, /create an index/],
  ['a query that is none', { times: 999, status: 400, code: 'ParameterInvalid' }, /the service refuses/],
  ['a proxy', { times: 999, how: 'html' }, /something else than Simple Log Service answers/],
]
for (const [what, fault, says] of hopeless) {
  for (const after of fault.api === 'page' ? [5] : [0, 5]) {
    test(`${what}, ${after === 0 ? 'at the start' : 'later'}: said in one line, exit status 3`, async t => {
      const rig = await SearchRig.start(t, rowsOf(2000))
      rig.fake.faults.push({ ...fault, after })
      const source = rig.source(t, [[0, 500]], { maxRows: 300 })
      const work = async (): Promise<void> => {
        await source.start()
        await takeAll(source, rig.world)
      }
      await assert.rejects(work(), (error: unknown) => {
        assert.ok(error instanceof FcscopeError)
        assert.deepEqual([error.code, error.exitStatus], ['FCS_SOURCE_UNAVAILABLE', 3])
        assert.match(error.text.en, says)
        assert.match(error.text.en, /^fc-test\/fc-logs at http:\/\/127\.0\.0\.1:\d+: [^\n]+\.$/)
        assert.match(error.text.zh, /\p{Script=Han}/u)
        assert.doesNotMatch(JSON.stringify(error.text) + String(error.stack), /test-sk/)
        return true
      })
    })
  }
}

test('rows that never stop changing: said, not guessed', async t => {
  const rig = await SearchRig.start(t, rowsOf(250))
  let number = 0
  const act = (): void => void rig.fake.rows.push({ __time__: String(startSeconds), message: `late ${number++}` })
  rig.fake.faults.push({ api: 'page', times: 9999, act })
  const source = rig.source(t, [[0, 500]])
  await source.start()
  await assert.rejects(takeAll(source, rig.world), /rows still come in: choose an earlier end/)
})

test('a stop ends what is under way', async t => {
  const rig = await SearchRig.start(t, rowsOf(5000))
  rig.fake.faults.push({ api: 'page', after: 3, times: 999, how: 'hang' })
  const source = rig.source(t, [[0, 500]])
  await source.start()
  await source.stop()
  await source.stop()
  assert.equal(source.isDone(), false)
})

test('a stop before the start', async t => {
  const rig = await SearchRig.start(t)
  await rig.source(t, [[0, 1]]).stop()
})
