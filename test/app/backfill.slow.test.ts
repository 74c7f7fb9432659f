// `fcscope backfill` in more ways than are tried every time: other halves, faults, kills, a server, the larger fake.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fcscope } from '../cli/run-fcscope.ts'
import { ClickHouseServer } from '../services/clickhouse-server.ts'
import { missingFake, SlsFake } from '../sources/sls/sls-fake.ts'
import type { FakeRow } from '../sources/sls-search/fake-search.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import { BackfillStage, keys, timeText } from './backfill/backfill-stage.ts'

const lines = 4000
const stages: BackfillStage[] = []
after(() => Promise.all(stages.map(stage => stage.clear())))

async function open(options: Partial<Parameters<typeof BackfillStage.open>[0]> = {}): Promise<BackfillStage> {
  const stage = await BackfillStage.open({ lines, seed: 31, ...options })
  stages.push(stage)
  return stage
}

const holds = (stage: BackfillStage, about: string) => stage.worker.mustHold(['all.log'], { about, counters: false })

describe('backfill', { skip: withoutChdb, concurrency: 2 }, () => {
  const parts: [what: string, extra: readonly string[], has: (row: FakeRow, share: number) => boolean][] = [
    ['the first tenth', [], (_, share) => share < 0.1],
    ['the first half, attempts side by side', ['--concurrency', '40'], (_, share) => share < 0.5],
    ['the first half, no metrics rows', ['--no-metrics'], (_, share) => share < 0.5],
    ['every other instance', [], isOfEvenInstance],
    ['everything', [], () => true],
  ]
  for (const [what, extra, has] of parts) {
    test(`a worker has stored ${what}: the rest comes, nothing is doubled`, async () => {
      const stage = await open({ seed: 32, extra })
      const { rows } = stage
      stage.write(
        'logs/app.log',
        rows.filter((row, i) => has(row, i / rows.length)),
      )
      await stage.worker.finish()
      const said = await stage.backfill()
      await holds(stage, what)
      if (what === 'everything') assert.match(said, /new were 0 lines and 0 attempts\.$/)
      const before = await stage.everything()
      await stage.backfill()
      assert.deepEqual(await stage.everything(), before)
    })
  }

  test('a worker that goes on afterwards changes nothing', async () => {
    const stage = await open({ seed: 33 })
    stage.write('logs/app.log', stage.rows.slice(0, stage.rows.length / 2))
    await stage.worker.finish()
    await stage.backfill()
    const before = await stage.everything()
    await stage.worker.finish()
    assert.deepEqual(await stage.everything(), before)
  })

  test('range by range is the whole', async () => {
    const stage = await open({ seed: 34 })
    const { from, to } = stage.span
    const third = Math.floor((to - from) / 3)
    const cuts = [from, from + third, from + 2 * third, to]
    for (const at of [2, 0, 1]) await stage.backfill({ from: cuts[at]!, to: cuts[at + 1]! }, ['--margin', '10m'])
    await holds(stage, 'three ranges')
  })

  test('a range has its lines, and whole attempts; what is known better stays', async () => {
    const stage = await open({ seed: 35 })
    stage.write('logs/app.log', stage.rows)
    await stage.worker.finish()
    const { from, to } = stage.span
    const middle = Math.floor((from + to) / 2)
    for (const margin of ['0s', '3s', '1m']) {
      const said = await stage.backfill({ from: middle, to: middle + 10 }, ['--margin', margin])
      assert.match(said, /new were 0 lines and 0 attempts\.$/, margin)
    }
    // Attempts that are longer than 3 s may be cut with the smaller margins.
    const said = await stage.backfill({ from: middle - 30, to: middle + 40 }, ['--margin', '10m'])
    assert.match(said, /beside the range; new were 0 lines and 0 attempts\.$/)
    await holds(stage, 'a range again')
  })

  test('whatever the service does on the way', async () => {
    const stage = await open({ seed: 37 })
    stage.fake.faults.push(
      { api: 'page', after: 3, times: 2, isIncomplete: true },
      { api: 'count', after: 1, times: 2, isIncomplete: true },
      { api: 'page', after: 7, times: 3, status: 403, code: 'ReadQuotaExceed' },
      { api: 'page', after: 9, times: 2, how: 'html', status: 500 },
      { api: 'page', after: 12, times: 2, how: 'truncate' },
      { api: 'page', after: 15, times: 2, how: 'drop' },
    )
    await stage.backfill()
    await holds(stage, 'faults')
    assert.ok(stage.fake.faults.every(({ times }) => times === 0))
  })

  test('told to stop: exit status 130; another run brings the rest', async () => {
    const stage = await open({ seed: 40 })
    stage.fake.faults.push({ api: 'page', after: 12, times: 9999, how: 'hang' })
    const child = startBackfill(stage)
    await stage.fake.hung
    child.kill('SIGTERM')
    const [status] = await once(child, 'exit')
    assert.equal(status, 130)
    stage.fake.faults.length = 0
    await stage.backfill()
    await holds(stage, 'stopped')
  })

  test('killed again and again: nothing is lost, nothing is doubled', async () => {
    const stage = await open({ seed: 41 })
    for (const after of [5, 12, 20, 30, 38]) {
      stage.fake.faults.length = 0
      stage.fake.faults.push({ api: 'page', after, times: 9999, how: 'hang' })
      const child = startBackfill(stage)
      await stage.fake.hung
      // What was read is on its way to the store by then, or there.
      await new Promise(resolve => setTimeout(resolve, 300 * (after % 7)))
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    stage.fake.faults.length = 0
    await stage.backfill()
    await holds(stage, 'killed')
  })

  test('a server, and a worker that goes on meanwhile', async () => {
    const stage = await open({ seed: 42 })
    const server = new ClickHouseServer(join(stage.worker.folder, 'server'))
    await server.start()
    try {
      stage.worker.configure(`sources: [{type: file, paths: ["logs/*.log*"], pollMs: 20, scanMs: 100}]
store: {type: clickhouse, url: ${server.url}}
`)
      stage.write('logs/app.log', stage.rows.slice(0, stage.rows.length / 2))
      await stage.worker.finish()
      const worker = stage.worker.start()
      await worker.ready()
      await stage.backfill(stage.span, ['-c', 'fcscope.yaml'])
      await stage.backfill(stage.span, ['-c', 'fcscope.yaml'])
      await worker.stop()
      await holds(stage, 'a server')
    } finally {
      await server.end('SIGTERM')
    }
  })

  test('the larger fake: signatures, parts of answers, limits, broken answers', { skip: missingFake }, async t => {
    const stage = await open({ seed: 43 })
    stage.write('logs/app.log', stage.rows.filter(isOfEvenInstance))
    await stage.worker.finish()
    const sls = await SlsFake.start(t)
    await sls.makeLogstore('rows', 1)
    const loaded = stage.rows.map(({ __time__, __time_ns_part__, __topic__, __source__, ...fields }) => {
      const ns = __time_ns_part__ === undefined ? {} : { ns: Number(__time_ns_part__) }
      return JSON.stringify({ time: Number(__time__), ...ns, topic: __topic__, source: __source__, fields, shard: 0 })
    })
    await sls.admin('POST', 'load?logstore=rows', loaded.join('\n'))
    const fault = (action: string, api: string, more = {}) => ({ logstore: 'rows', api, action, ...more })
    await sls.admin('POST', 'faults?seed=1', [
      fault('incomplete', 'GetLogs', { after: 4, times: 3 }),
      fault('incomplete', 'GetHistograms', { times: 2 }),
      fault('ReadQuotaExceed', 'GetLogs', { every: 6, times: 3 }),
      fault('InternalServerError', 'GetLogs', { every: 7, times: 3 }),
      fault('html', 'GetLogs', { every: 8, times: 2 }),
      fault('truncate', 'GetLogs', { every: 9, times: 2 }),
      fault('drop', 'GetLogs', { every: 10, times: 2 }),
      fault('reset', 'GetLogs', { every: 11, times: 2 }),
      fault('noRequestId', 'GetLogs', { every: 13, times: 2 }),
    ])
    const { from, to } = stage.span
    const words = ['backfill', '--endpoint', sls.endpoint, '--project', 'fc-test', '--logstore', 'rows']
    const child = spawn(fcscope, [...words, '--from', timeText(from), '--to', timeText(to)], {
      cwd: stage.worker.folder,
      env: { ...process.env, LC_ALL: 'C', ...keys },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    assert.deepEqual(await once(child, 'exit'), [0, null])
    await holds(stage, 'the larger fake')
  })
})

/** Of one instance all rows or none. */
function isOfEvenInstance(row: FakeRow): boolean {
  return (row['instanceID'] ?? row['requestId'] ?? '').charCodeAt(12) % 2 === 0
}

const startBackfill = (stage: BackfillStage) =>
  spawn(fcscope, stage.words(stage.span), {
    cwd: stage.worker.folder,
    env: { ...process.env, LC_ALL: 'C', ...keys },
    stdio: 'ignore',
  })
