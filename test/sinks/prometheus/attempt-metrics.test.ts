// Every series of the contract (§6), each attempt counted once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Attempt, type Status, statuses } from '../../../src/model/attempt.ts'
import { isFailure } from '../../../src/model/failure.ts'
import type { GivenMetrics } from '../../../src/sinks/prometheus/attempt-metrics.ts'
import { type Family, readExposition, sumOf } from '../../telemetry/exposition.ts'
import { Rig, usual } from './metrics-rig.ts'

const counted = [
  'faas_invocations_total',
  'faas_errors_total',
  'faas_timeouts_total',
  'faas_coldstarts_total',
  'fc_retries_total',
  'fc_late_revisions_total',
]

const cases: [name: string, says: Partial<Attempt>, given: Partial<GivenMetrics>, sums: number[]][] = [
  ['an invocation that went well', {}, {}, [1, 0, 0, 0, 0, 0]],
  ['one that failed', { status: 'unhandledError' }, {}, [1, 1, 0, 0, 0, 0]],
  ['one that ran out of time', { status: 'timeout' }, {}, [1, 1, 1, 0, 0, 0]],
  ['one that was canceled is no failure', { status: 'canceled' }, {}, [1, 0, 0, 0, 0, 0]],
  ['one of which the end is not known is none', { status: 'incomplete' }, {}, [1, 0, 0, 0, 0, 0]],
  ['a cold start', { coldStart: true }, {}, [1, 0, 0, 1, 0, 0]],
  ['a retry', { attempt: 2 }, {}, [1, 0, 0, 0, 1, 0]],
  [
    'a hook is no invocation, whatever becomes of it',
    { phase: 'initialize', status: 'timeout', coldStart: true, attempt: 1 },
    {},
    [0, 0, 0, 0, 0, 0],
  ],
  ['a correction', {}, { isFirst: false }, [0, 0, 0, 0, 0, 1]],
  ['a correction that makes a failure of it', { status: 'timeout' }, { isFirst: false }, [0, 1, 1, 0, 0, 1]],
  ['a correction of a failure', { status: 'timeout' }, { isFirst: false, wasFailure: true }, [0, 0, 0, 0, 0, 1]],
]
for (const [name, says, given, sums] of cases) {
  test(name, async () => {
    const rig = new Rig()
    rig.take(says, given)
    assert.deepEqual(await rig.sums(...counted), sums)
  })
}

test('failures are all statuses but four', () => {
  const fine: Status[] = ['ok', 'canceled', 'incomplete']
  assert.deepEqual(
    statuses.filter(status => !isFailure(status)),
    fine,
  )
})

const figures = [
  'faas_invoke_duration_seconds_sum',
  'faas_mem_usage_bytes_sum',
  'fc_billed_milliseconds_total',
  'fc_memory_gb_seconds_total',
]

test('figures: seconds, bytes, billed milliseconds, GB-seconds', async () => {
  const rig = new Rig()
  assert.equal(rig.take({ durationMs: 1500, billedMs: 2000, memoryMB: 512, maxMemoryUsedMB: 100 }), true)
  assert.deepEqual(await rig.sums(...figures), [1.5, 104_857_600, 2000, 1])
})

test('a hook is billed, and does not count as an invocation’s time', async () => {
  const rig = new Rig()
  rig.take({ phase: 'preStop', durationMs: 1500, billedMs: 2000, memoryMB: 1024 })
  assert.deepEqual(await rig.sums(...figures), [0, 0, 2000, 2])
})

test('what is not known is not counted', async () => {
  const rig = new Rig()
  rig.take({ durationMs: null, billedMs: 10, memoryMB: null, maxMemoryUsedMB: null, sources: {} })
  rig.take({ durationMs: null, billedMs: null, sources: {} })
  assert.deepEqual(
    await rig.sums('faas_invoke_duration_seconds_count', 'faas_mem_usage_bytes_count', ...figures.slice(2)),
    [0, 1, 10, 0],
  )
})

const bucketCases: [durationMs: number, firstBucket: string][] = [
  [0, '0.005'],
  [5, '0.005'],
  [5.001, '0.01'],
  [1000, '1'],
  [3_600_000, '3600'],
  [3_600_001, '+Inf'],
]
for (const [durationMs, firstBucket] of bucketCases) {
  test(`${durationMs} ms fall into the bucket up to ${firstBucket} s and all above`, async () => {
    const rig = new Rig()
    rig.take({ durationMs })
    const samples = (await rig.read()).get('faas_invoke_duration_seconds')?.samples ?? []
    const hit = samples.filter(({ name, value }) => name.endsWith('_bucket') && value === 1)
    assert.equal(hit[0]?.labels['le'], firstBucket)
    assert.equal(hit.at(-1)?.labels['le'], '+Inf')
  })
}

test('the time of a cold start, else that of its initializer', async () => {
  const rig = new Rig()
  rig.take({ coldStart: true, coldStartMs: 400, initializeMs: 100 })
  rig.take({ coldStart: true, initializeMs: 100 })
  rig.take({ coldStart: false, coldStartMs: 7, initializeMs: 7 })
  rig.take({ coldStart: true })
  assert.deepEqual(await rig.sums('faas_init_duration_seconds_sum', 'faas_init_duration_seconds_count'), [0.5, 2])
})

test('rough figures wait for a metrics row where a function has them, and are counted at the end', async () => {
  const rig = new Rig()
  const rough = { sources: { durationMs: 'recordTime' } } as const
  assert.equal(rig.take(rough), true, 'no row of this function was ever seen')
  assert.equal(rig.take(), true)
  assert.equal(rig.take(rough), false)
  assert.equal(rig.take({ durationMs: null, sources: {} }), false)
  assert.equal(rig.take({ ...rough, functionName: 'g' }), true, 'another function')
  assert.equal(rig.take(rough, { isFinal: true }), true, 'nothing better will come')
  assert.equal(rig.take({}, { wasMeasured: true, isFirst: false }), true)
  assert.deepEqual(await rig.sums('faas_invoke_duration_seconds_count'), [4])
  rig.metrics.measure({ ...usual, ...rough })
  assert.deepEqual(await rig.sums('faas_invoke_duration_seconds_count', 'faas_invocations_total'), [5, 6])
})

test('counts go on after a restart, and a function keeps its place in the budget', async () => {
  const before = new Rig(2)
  for (const functionName of ['a', 'b', 'c']) before.take({ functionName, status: 'timeout' })
  const saved = before.metrics.takeChanges()
  before.metrics.expose()
  assert.deepEqual(before.metrics.takeChanges(), [], 'only what changed')
  const after = new Rig(2)
  after.metrics.load(saved)
  after.metrics.load([{ family: 'gone_total', labels: '{}', values: [1] }])
  const counts = (families: ReadonlyMap<string, Family>): string[] =>
    [...families.values()].flatMap(({ samples }) =>
      samples.filter(({ value }) => value > 0).map(one => JSON.stringify(one)),
    )
  assert.deepEqual(counts(await after.read()), counts(await before.read()), 'nothing is lost or made')
  for (const functionName of ['d', 'b']) after.take({ functionName, durationMs: 100 })
  const families = await after.read()
  assert.deepEqual(
    families.get('faas_invocations_total')?.samples.map(({ labels, value }) => [labels['function_name'], value]),
    [
      ['a', 1],
      ['b', 2],
      ['__other__', 2],
    ],
  )
  assert.equal(sumOf(families, 'faas_invoke_duration_seconds_count'), 5)
})

test('a scrape sees what is committed', async () => {
  const rig = new Rig()
  rig.take()
  const seen = async (): Promise<number> =>
    sumOf(readExposition(await rig.registry.metrics()), 'faas_invocations_total')
  assert.equal(await seen(), 0)
  rig.metrics.takeChanges()
  rig.take()
  assert.equal(await seen(), 0, 'taken for a commit that is under way')
  rig.metrics.expose()
  assert.equal(await seen(), 1)
})
