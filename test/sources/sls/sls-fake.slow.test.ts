// The source against the larger fake: signatures, compression, and every fault of its list, with every record exactly once.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type OpenOptions, openLogstore, startWorker, waitFor } from './logstore-rig.ts'
import { type FaultRule, missingFake, SlsFake } from './sls-fake.ts'
import { TinyStore, type TinyWorker } from './tiny-worker.ts'

const rowsPerShard = 2000
const idsOf = (shard: number, from = 0, count = rowsPerShard): string[] =>
  Array.from({ length: count }, (_, i) => `s${shard}-${String(from + i).padStart(6, '0')}`)

/** One Logstore with its worker. */
class Stage {
  readonly fake: SlsFake
  readonly logstore: string
  readonly store = new TinyStore()
  readonly expected = new Set<string>()
  readonly #t: TestContext

  constructor(t: TestContext, fake: SlsFake, logstore: string) {
    this.#t = t
    this.fake = fake
    this.logstore = logstore
  }

  async load(shard: number, from = 0, count = rowsPerShard): Promise<void> {
    const ids = idsOf(shard, from, count)
    for (const id of ids) this.expected.add(id)
    await this.fake.load(this.logstore, shard, ids)
  }

  work(options: OpenOptions = {}): Promise<{ worker: TinyWorker; said: (event: string) => readonly object[] }> {
    const { endpoint } = this.fake
    const common = { endpoint, logstore: this.logstore, heartbeatMs: 200, groupTimeoutSeconds: 3 }
    const opened = openLogstore(this.#t, { ...common, ...options })
    return startWorker(this.#t, opened, { store: this.store }).then(({ worker, world }) => ({
      worker,
      said: event => world.events(event),
    }))
  }

  fault(...rules: FaultRule[]): Promise<unknown> {
    const own = rules.map(rule => ({ logstore: this.logstore, ...rule }))
    return this.fake.admin('POST', 'faults?seed=7', own)
  }

  /** How often each rule of the faults was met with. */
  async applied(): Promise<readonly number[]> {
    // What the admin interface answers.
    const rules = (await this.fake.admin('GET', 'faults')) as { readonly applied: number }[]
    return rules.map(({ applied }) => applied)
  }

  async assertAll(): Promise<void> {
    await waitFor(() => this.store.lines.size >= this.expected.size, `${this.expected.size} rows`)
    assert.deepEqual(this.store.ids, [...this.expected].toSorted())
    assert.deepEqual(this.store.clashes, [])
  }
}

const pull = (action: string, options: Record<string, number | string> = {}): FaultRule => ({
  api: 'PullLogs',
  action,
  every: 3,
  times: 8,
  ...options,
})

const faults: [name: string, rules: FaultRule[], said?: string][] = [
  ['throttled', [pull('ShardReadQuotaExceed', { times: 3 })], 'slsThrottled'],
  ['projectquota', [pull('ReadQuotaExceed', { times: 3 })], 'slsThrottled'],
  ['status500', [pull('InternalServerError')]],
  ['busy', [pull('ServerBusy'), pull('RequestTimeout', { every: 4 })]],
  ['truncated', [pull('truncate')]],
  ['corruptlz4', [pull('corruptLz4')]],
  ['corrupt', [pull('corrupt')]],
  ['rawsize', [pull('wrongRawSize'), pull('wrongRawSize', { bytes: -3, every: 4 })]],
  ['dropped', [pull('drop'), pull('reset', { every: 4 })]],
  ['proxy', [pull('html'), pull('html', { status: 200, every: 4 })]],
  ['nameless', [pull('noRequestId')]],
  ['emptycursor', [pull('emptyCursor')]],
  ['samecursor', [pull('sameCursor')]],
  ['onecursor', [pull('InvalidCursor', { times: 3 })]],
  ['slow', [pull('delay', { delayMs: 50, times: 20 })]],
  ['badcount', [pull('setHeader', { header: 'x-log-count', value: '3' })]],
  [
    'bareheaders',
    ['x-log-read-last-cursor', 'x-log-end-of-cursor', 'x-log-cursor-time'].map((header, i) =>
      pull('omitHeader', { header, every: 4 - i, times: 1000 }),
    ),
  ],
  ['expiredtoken', [pull('Unauthorized', { times: 2 }), pull('SignatureNotMatch', { times: 2, every: 4 })]],
  ['expiredtime', [pull('RequestTimeExpired', { times: 4 })]],
  [
    'checkpoints',
    [
      { api: 'UpdateCheckPoint', action: 'InternalServerError', every: 2 },
      { api: 'UpdateCheckPoint', action: 'applyThenReset', every: 3 },
    ],
  ],
  [
    'heartbeats',
    [
      { api: 'HeartBeat', action: 'applyThenError', every: 3 },
      { api: 'HeartBeat', action: 'ServerBusy', every: 4 },
    ],
  ],
  [
    'failingstart',
    ['ListShards', 'GetCursor', 'GetCheckPoint', 'ListConsumerGroup'].map(api => ({
      api,
      action: 'ServerBusy',
      times: 1,
    })),
  ],
  [
    'lookups',
    [
      { api: 'GetCursor', action: 'ServerBusy', after: 1, times: 2 },
      { api: 'GetCheckPoint', action: 'drop', after: 1, times: 2 },
    ],
  ],
]

test('the larger fake', { skip: missingFake, timeout: 600_000 }, async t => {
  const fake = await SlsFake.start(t, '--max-pull-bytes', '20000')
  let stages = 0
  t.afterEach(() => fake.admin('DELETE', 'faults'))
  const stage = async (context: TestContext, name: string, shards = 2): Promise<Stage> => {
    stages += 1
    const logstore = `${name}-${stages}`
    await fake.makeLogstore(logstore, shards)
    return new Stage(context, fake, logstore)
  }

  for (const [name, rules, said] of faults) {
    await t.test(`faults: ${name}`, { timeout: 30_000 }, async context => {
      const on = await stage(context, name)
      await on.fault(...rules)
      for (const shard of [0, 1]) await on.load(shard)
      const { worker, said: events } = await on.work()
      await on.assertAll()
      while (!(await on.applied()).every(times => times > 0)) await new Promise(resolve => setTimeout(resolve, 100))
      await worker.stop()
      if (said !== undefined) assert.ok(events(said).length > 0)
    })
  }

  await t.test('all faults at once', async context => {
    const on = await stage(context, 'storm', 4)
    const actions = [
      'InternalServerError',
      'truncate',
      'corruptLz4',
      'wrongRawSize',
      'drop',
      'reset',
      'html',
      'sameCursor',
    ]
    await on.fault(...actions.map(action => ({ api: '*', action, probability: 0.03 })))
    for (const shard of [0, 1, 2, 3]) await on.load(shard, 0, 3 * rowsPerShard)
    const { worker } = await on.work({ groupTimeoutSeconds: 10 })
    await on.assertAll()
    assert.ok((await on.applied()).reduce((sum, times) => sum + times, 0) > 10)
    await fake.admin('DELETE', 'faults')
    await worker.stop()
  })

  for (const isOrdered of [false, true]) {
    await t.test(
      `shards are split and merged while they are read ${isOrdered ? 'in order' : 'at once'}`,
      async context => {
        const on = await stage(context, 'reshard', 1)
        await on.load(0)
        const { worker } = await on.work({ isOrdered })
        await waitFor(() => on.store.lines.size > 0, 'the first rows')
        const [left = -1, right = -1] = await fake.reshard(on.logstore, 0, 'split')
        for (const shard of [left, right]) await on.load(shard)
        const [merged = -1] = await fake.reshard(on.logstore, left, 'merge')
        await on.load(merged)
        await on.assertAll()
        await waitFor(() => worker.partitions.join() === String(merged), 'only the last shard is left')
        await worker.stop()
      },
    )
  }

  await t.test('data expires before it is read', async context => {
    const on = await stage(context, 'expired', 1)
    await on.load(0)
    const first = await on.work()
    await on.assertAll()
    await first.worker.stop()
    await on.load(0, rowsPerShard)
    await fake.admin('POST', 'expire', { logstore: on.logstore, shard: 0, keep: 100 })
    for (const id of idsOf(0, rowsPerShard, rowsPerShard - 500)) on.expected.delete(id)
    const second = await on.work()
    await on.assertAll()
    await second.worker.stop()
    assert.deepEqual(second.said('slsRecordsExpired'), [{ source: 'logs', shard: 0, missing: rowsPerShard / 5 - 100 }])
  })

  await t.test('clocks are far apart', async context => {
    const on = await stage(context, 'skewed')
    for (const shard of [0, 1]) await on.load(shard)
    await fake.admin('POST', 'config', { clockSkewSeconds: 3600 })
    const { worker } = await on.work()
    await on.assertAll()
    await fake.admin('POST', 'config', { clockSkewSeconds: -3600 })
    for (const shard of [0, 1]) await on.load(shard, rowsPerShard)
    await on.assertAll()
    await worker.stop()
    await fake.admin('POST', 'config', { clockSkewSeconds: 0 })
  })

  for (const isReleased of [true, false]) {
    await t.test(
      `two workers, one stops, the other dies; an empty heartbeat ${isReleased ? 'releases' : 'keeps'} shards`,
      async context => {
        await fake.admin('POST', 'config', { releaseOnEmptyHeartbeat: isReleased })
        const on = await stage(context, 'handover', 4)
        const loadAll = async (from: number): Promise<void> => {
          for (const shard of [0, 1, 2, 3]) await on.load(shard, from)
        }
        await loadAll(0)
        const a = await on.work({ name: 'a' })
        const b = await on.work({ name: 'b' })
        await waitFor(() => a.worker.partitions.length === 2 && b.worker.partitions.length === 2, 'two shards for each')
        await loadAll(rowsPerShard)
        await on.assertAll()
        await a.worker.stop()
        await loadAll(2 * rowsPerShard)
        await on.assertAll()
        const c = await on.work({ name: 'c' })
        await waitFor(() => c.worker.partitions.length === 2, 'two shards for the third')
        await b.worker.die()
        await fake.admin('POST', 'faults', [{ api: 'HeartBeat', consumer: 'b', action: 'reset' }])
        await loadAll(3 * rowsPerShard)
        await on.assertAll()
        await c.worker.stop()
        await fake.admin('DELETE', 'faults')
      },
    )
  }

  await t.test('a consumer that the group throws out comes back', async context => {
    const on = await stage(context, 'evicted')
    for (const shard of [0, 1]) await on.load(shard)
    const { worker, said } = await on.work()
    await on.assertAll()
    await fake.admin('POST', 'evict', { logstore: on.logstore, group: 'fcscope', consumer: 'a' })
    for (const shard of [0, 1]) await on.load(shard, rowsPerShard)
    await on.assertAll()
    await waitFor(() => said('slsShardsLost').length > 0, 'the shards are lost')
    await worker.stop()
  })

  await t.test('a filter of the service', async context => {
    const on = await stage(context, 'filtered', 1)
    await on.load(0, 0, 500)
    const { worker } = await on.work({ query: "* | where message like '%7%'" })
    for (const id of on.expected) if (!id.includes('7')) on.expected.delete(id)
    await on.assertAll()
    await worker.stop()
  })

  const stats = await fake.admin('GET', 'stats')
  assert.ok(JSON.stringify(stats).includes('checkpointsForced'))
  for (const [key, value] of figuresOf(stats))
    if (key === 'checkpointsForced' || key === 'checkpointsBackwards') assert.equal(value, 0, key)
})

/** All numbers in a value, with their names. */
function figuresOf(value: unknown, name = ''): [string, number][] {
  if (typeof value === 'number') return [[name, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => figuresOf(inner, key))
}
