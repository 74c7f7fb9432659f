import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Fate, fates, Ledger } from '../../src/model/ledger.ts'
import { WorkerMetrics } from '../../src/telemetry/worker-metrics.ts'
import { type Family, readExposition, sumOf } from './exposition.ts'

/** What a scrape reads after a commit. */
async function read(metrics: WorkerMetrics): Promise<Map<string, Family>> {
  metrics.takeChanges()
  metrics.expose()
  return readExposition(await metrics.registry.metrics())
}

/** A chunk in which so many records get each fate; negative where earlier records leave it. */
function chunk(metrics: WorkerMetrics, ledger: Ledger, source: string, changes: Partial<Record<Fate, number>>): void {
  for (const fate of fates) {
    ledger[fate] += changes[fate] ?? 0
    ledger.received += changes[fate] ?? 0
  }
  metrics.count(source, ledger)
}

test('a new worker passes the rules of the format', async () => {
  const families = await read(new WorkerMetrics())
  for (const name of ['fcscope_records_total', 'fcscope_delivery_total', 'fcscope_dead_letters_total'])
    assert.equal(families.get(name)?.type, 'counter')
  assert.equal(sumOf(families, 'fcscope_unaccounted_records'), 0)
})

test('records add up to the ledger, by source and fate', async () => {
  const metrics = new WorkerMetrics()
  const ledger = new Ledger()
  chunk(metrics, ledger, 'logs', { attached: 5, ignored: 1 })
  chunk(metrics, ledger, 'http', { attached: 2, deadLettered: 3 })
  chunk(metrics, ledger, 'logs', { unattached: 1, duplicate: 2 })
  const families = await read(metrics)
  assert.equal(sumOf(families, 'fcscope_records_total'), ledger.received)
  for (const fate of fates) assert.equal(sumOf(families, 'fcscope_records_total', { fate }), ledger[fate], fate)
  assert.equal(sumOf(families, 'fcscope_records_total', { source: 'http' }), 5)
  assert.equal(sumOf(families, 'fcscope_records_total', { source: 'http', fate: 'deadLettered' }), 3)
})

test('a record that finds another fate later is not counted again, and the sum is that of all records', async () => {
  const metrics = new WorkerMetrics()
  const ledger = new Ledger()
  const counted = async (): Promise<number[]> => {
    const families = await read(metrics)
    return (['attached', 'unattached'] as const).map(fate => sumOf(families, 'fcscope_records_total', { fate }))
  }
  chunk(metrics, ledger, 'logs', { unattached: 3 })
  assert.deepEqual(await counted(), [0, 3])
  // One record came and was attached; with it two of the others were.
  chunk(metrics, ledger, 'logs', { unattached: -2, attached: 3 })
  assert.deepEqual(await counted(), [1, 3])
  ledger.unattached -= 1
  ledger.attached += 1
  metrics.count(null, ledger)
  assert.deepEqual(await counted(), [1, 3])
  chunk(metrics, ledger, 'logs', { unattached: 2, attached: 1 })
  assert.deepEqual(await counted(), [2, 5])
  metrics.observeEngine({ ledger, openAttempts: 0, beyondHorizon: 0 })
  const families = await read(metrics)
  assert.equal(sumOf(families, 'fcscope_ledger_records', { fate: 'attached' }), 5)
  assert.equal(sumOf(families, 'fcscope_ledger_records', { fate: 'unattached' }), 2)
})

test('whatever moves: no counter goes back, and all together are all records', () => {
  const amounts = (min: number, max: number) =>
    fc.record(Object.fromEntries(fates.map(fate => [fate, fc.integer({ min, max })])))
  const step = fc.record({
    came: amounts(0, 5),
    from: fc.constantFrom(...fates),
    to: fc.constantFrom(...fates),
    moved: fc.nat(3),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), steps => {
      const metrics = new WorkerMetrics()
      const ledger = new Ledger()
      const values = new Map<string, number>()
      for (const { came, from, to, moved } of steps) {
        const share = Math.min(moved, ledger[from])
        ledger[from] -= share
        ledger[to] += share
        chunk(metrics, ledger, 'logs', came)
        for (const {
          labels,
          values: [value = 0],
        } of metrics.takeChanges()) {
          assert.ok(value >= (values.get(labels) ?? 0))
          values.set(labels, value)
        }
        assert.equal(
          [...values.values()].reduce((sum, value) => sum + value, 0),
          ledger.received,
        )
      }
    }),
  )
})

test('gauges say what was seen last', async () => {
  const metrics = new WorkerMetrics()
  const ledger = new Ledger()
  ledger.received = 2
  metrics.observeEngine({ ledger, openAttempts: 7, beyondHorizon: 3 })
  metrics.observeLag('logs', { bytes: 1000, seconds: 2.5 }, 99.9)
  metrics.observeLag('empty', { bytes: 0, seconds: 0 }, Number.NaN)
  metrics.waiting('store', 12)
  metrics.waiting('store', 5)
  const families = await read(metrics)
  const value = (name: string, labels = {}): number => sumOf(families, name, labels)
  assert.deepEqual(
    [
      value('fcscope_unaccounted_records'),
      value('fc_open_attempts'),
      value('fcscope_attempts_beyond_horizon'),
      value('fcscope_source_lag_bytes', { source: 'logs' }),
      value('fcscope_source_lag_seconds', { source: 'logs' }),
      value('fcscope_source_lag_records', { source: 'logs' }),
      value('fcscope_spill_bytes', { sink: 'store' }),
    ],
    [2, 7, 3, 1000, 2.5, 10, 5],
  )
})

test('deliveries: each try by its result, and when something arrived last', async () => {
  const metrics = new WorkerMetrics()
  const at = (unixMs: number, result: 'ok' | 'failed', seconds: number): void =>
    metrics.delivered({ sink: 'store', result, seconds, unixMs })
  at(1_700_000_000_500, 'ok', 0.02)
  at(1_700_000_001_000, 'failed', 30)
  const families = await read(metrics)
  assert.equal(sumOf(families, 'fcscope_delivery_total', { sink: 'store', result: 'ok' }), 1)
  assert.equal(sumOf(families, 'fcscope_delivery_total', { result: 'failed' }), 1)
  assert.equal(sumOf(families, 'fcscope_last_delivered_timestamp_seconds'), 1_700_000_000.5)
  assert.equal(sumOf(families, 'fcscope_delivery_duration_seconds_sum'), 30.02)
  assert.equal(sumOf(families, 'fcscope_delivery_duration_seconds_bucket', { le: '0.025' }), 1)
})

test('what survives a restart goes on', async () => {
  const before = new WorkerMetrics()
  chunk(before, new Ledger(), 'logs', { attached: 5 })
  before.deadLettered('tooLong')
  const saved = before.takeChanges()
  const after = new WorkerMetrics()
  after.load([...saved, { family: 'gone', labels: '{}', values: [1] }])
  chunk(after, new Ledger(), 'logs', { attached: 2 })
  after.deadLettered('tooLong')
  after.deadLettered('invalidJson')
  const families = await read(after)
  assert.equal(sumOf(families, 'fcscope_records_total', { source: 'logs', fate: 'attached' }), 7)
  assert.equal(sumOf(families, 'fcscope_dead_letters_total', { reason: 'tooLong' }), 2)
  assert.equal(sumOf(families, 'fcscope_dead_letters_total'), 3)
})

test('names of sources from a configuration are values and nothing else', async () => {
  const metrics = new WorkerMetrics()
  const source = 'a"b\\c\nd{}'
  chunk(metrics, new Ledger(), source, { attached: 1 })
  metrics.observeLag(source, { bytes: 1, seconds: 1 }, 1)
  const families = await read(metrics)
  for (const name of ['fcscope_records_total', 'fcscope_source_lag_bytes'])
    assert.equal(sumOf(families, name, { source }), 1)
})

test('after a restart counting goes on from the ledger that was saved', async () => {
  const ledger = new Ledger()
  const before = new WorkerMetrics()
  chunk(before, ledger, 'logs', { attached: 5 })
  const saved = before.takeChanges()
  const after = new WorkerMetrics()
  after.load(saved)
  after.begin(ledger)
  chunk(after, ledger, 'logs', { attached: 1 })
  assert.equal(sumOf(await read(after), 'fcscope_records_total'), 6)
})
