// Every series of the contract (§6), each attempt counted once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { type Attempt, type Status, statuses } from '../../../src/model/attempt.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { AttemptMetrics, type GivenMetrics, isFailure } from '../../../src/sinks/prometheus/attempt-metrics.ts'
import { type Family, readExposition, sumOf } from '../../telemetry/exposition.ts'

const usual: Attempt = {
  ...emptyAttempt(),
  requestId: 'r-1',
  functionName: 'f',
  serviceName: 's',
  qualifier: 'LATEST',
  status: 'ok',
  durationMs: 25,
  billedMs: 26,
  memoryMB: 512,
  maxMemoryUsedMB: 64,
  sources: { durationMs: 'metrics' },
}
const first: GivenMetrics = { isFirst: true, wasFailure: false, wasMeasured: false, isFinal: false }

/** Metrics, and what a scrape would read after a commit. */
class Rig {
  readonly registry = new Registry()
  readonly metrics: AttemptMetrics

  constructor(maxFunctions = 10) {
    this.metrics = new AttemptMetrics({ registry: this.registry, maxFunctions })
  }

  take(says: Partial<Attempt> = {}, given: Partial<GivenMetrics> = {}): boolean {
    return this.metrics.take({ ...usual, ...says }, { ...first, ...given })
  }

  async read(): Promise<Map<string, Family>> {
    this.metrics.takeChanges()
    this.metrics.expose()
    return readExposition(await this.registry.metrics())
  }

  /** Sums of these series. */
  async sums(...names: string[]): Promise<number[]> {
    const families = await this.read()
    return names.map(name => sumOf(families, name))
  }
}

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

test('labels: function, service and qualifier, the status as error type', async () => {
  const rig = new Rig()
  rig.take({ status: 'timeout', errorCode: 'FunctionTimeoutError' })
  rig.take({ functionName: 'g', serviceName: null, qualifier: null })
  const families = await rig.read()
  const own = { function_name: 'f', service_name: 's', qualifier: 'LATEST' }
  assert.deepEqual(families.get('faas_errors_total')?.samples, [
    { name: 'faas_errors_total', labels: { ...own, error_type: 'timeout' }, value: 1 },
  ])
  assert.deepEqual(families.get('fc_attempts_total')?.samples, [
    {
      name: 'fc_attempts_total',
      labels: { ...own, phase: 'invoke', status: 'timeout', error_code: 'FunctionTimeoutError' },
      value: 1,
    },
    {
      name: 'fc_attempts_total',
      labels: { function_name: 'g', service_name: '', qualifier: '', phase: 'invoke', status: 'ok', error_code: '' },
      value: 1,
    },
  ])
})

test('codes that functions make up share one value', async () => {
  const rig = new Rig()
  for (let i = 0; i < 5; i++) rig.take({ status: 'handledError', errorCode: `made up ${i}` })
  rig.take({ status: 'startFailed', errorCode: 'CAExited' })
  const codes = (await rig.read())
    .get('fc_attempts_total')
    ?.samples.map(({ labels, value }) => [labels['error_code'], value])
  assert.deepEqual(codes, [
    ['__other__', 5],
    ['CAExited', 1],
  ])
})

test('an attempt that went well and one of its code are told apart', async () => {
  const rig = new Rig()
  rig.take()
  rig.take({ errorCode: 'BadResponse' })
  rig.take()
  const codes = (await rig.read())
    .get('fc_attempts_total')
    ?.samples.map(({ labels, value }) => [labels['error_code'], value])
  assert.deepEqual(codes, [
    ['', 2],
    ['BadResponse', 1],
  ])
})

test('functions beyond the budget share one, and a counter says how many attempts', async () => {
  const rig = new Rig(2)
  for (const functionName of ['a', 'b', 'c', 'd', 'a', 'c']) rig.take({ functionName })
  rig.take({ functionName: 'c' }, { isFirst: false })
  const families = await rig.read()
  const invocations = families
    .get('faas_invocations_total')
    ?.samples.map(({ labels, value }) => [Object.values(labels), value])
  assert.deepEqual(invocations, [
    [['a', 's', 'LATEST'], 2],
    [['b', 's', 'LATEST'], 1],
    [['__other__', '__other__', '__other__'], 3],
  ])
  assert.equal(sumOf(families, 'fcscope_metric_labels_dropped_total'), 3)
})

test('a name that is too long for a label is one too many', async () => {
  const rig = new Rig()
  rig.take({ functionName: 'x'.repeat(129) })
  rig.take({ functionName: 'x'.repeat(128) })
  const names = (await rig.read()).get('faas_invocations_total')?.samples.map(({ labels }) => labels['function_name'])
  assert.deepEqual(names, ['__other__', 'x'.repeat(128)])
})

test('a function that calls itself __other__ takes no place', async () => {
  const rig = new Rig(2)
  for (const functionName of ['a', 'b', 'c', '__other__'])
    rig.take({ functionName, serviceName: '__other__', qualifier: '__other__' })
  await rig.read()
})

const hostile = [
  'a"b',
  'a\\',
  '\n# TYPE x counter',
  '{}',
  'a="b",c="d"} 5',
  '订单 😀',
  '',
  ' ',
  '__proto__',
  '\r\0\u2028',
  'a\\nb',
]
test('names of functions are values and nothing else', async () => {
  const property = fc.asyncProperty(
    fc.uniqueArray(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary', maxLength: 20 })), {
      minLength: 1,
      maxLength: 20,
    }),
    async names => {
      const rig = new Rig(1000)
      for (const functionName of names) rig.take({ functionName })
      const read = (await rig.read()).get('faas_invocations_total')?.samples ?? []
      assert.deepEqual(
        read.map(({ labels, value }) => [labels['function_name'], value]),
        names.map(name => [name, 1]),
      )
    },
  )
  await fc.assert(property, { numRuns: 50 })
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
