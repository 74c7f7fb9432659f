// CU and costs as counters; amounts by hand, at list prices of fc3-cn: 0.00011 up to 200,000,000 CU a month and region, then 0.0001.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openPriceBook } from '../../../src/app/bill/price-books.ts'
import { createAttemptCosts } from '../../../src/billing/attempt-costs.ts'
import { createFunctionLookup } from '../../../src/config/function-lookup.ts'
import { beijing, functionOf } from '../../billing/case.ts'
import { Rig } from './metrics-rig.ts'

const configOf = createFunctionLookup([
  functionOf({ functionName: 'f' }),
  functionOf({ functionName: 'g', region: 'cn-shanghai' }),
])
const rig = (hasDiscount = false): Rig =>
  new Rig(10, createAttemptCosts({ book: openPriceBook('fc3-cn'), configOf, hasDiscount }))
const january = { startTimeMs: beijing('2026-01-31T23:59:59') }
const february = { startTimeMs: beijing('2026-02-01T00:00:00') }

/** Counters are binary: to a billionth. */
async function costs(of: Rig): Promise<[cu: number, cost: number]> {
  const [cu = 0, cost = 0] = await of.sums('fc_cu_total', 'fc_cost_estimate_total')
  return [cu, Math.round(cost * 1e9) / 1e9]
}

test('CU and their price', async () => {
  const of = rig()
  of.take({ ...january, cu: '1000' })
  assert.deepEqual(await costs(of), [1000, 0.11])
  const family = (await of.read()).get('fc_cost_estimate_total')
  assert.equal(family?.samples[0]?.labels['currency'], 'CNY')
})

test('the discount of the platform', async () => {
  const of = rig(true)
  of.take({ ...january, cu: '1000' })
  assert.deepEqual(await costs(of), [1000, 0.088])
})

test('an attempt that crosses a tier', async () => {
  const of = rig()
  of.take({ ...january, cu: '199999000' })
  of.take({ ...january, cu: '3000' })
  // 199,999,000 x 0.00011 + 1000 x 0.00011 + 2000 x 0.0001
  assert.deepEqual(await costs(of), [200_002_000, 22_000.2])
})

test('each month and each region begins in the first tier', async () => {
  const of = rig()
  of.take({ ...january, cu: '200000000' })
  of.take({ ...february, cu: '1000' })
  of.take({ ...january, functionName: 'g', cu: '1000' })
  of.take({ ...january, cu: '1000' })
  // 22,000 + 0.11 + 0.11 + 0.1
  assert.deepEqual(await costs(of), [200_003_000, 22_000.32])
})

test('CU that nobody knows, and no price before the book', async () => {
  const of = rig()
  of.take({ ...january, cu: null })
  of.take({ startTimeMs: beijing('2024-01-15T10:00:00'), cu: '5' })
  of.take({ startTimeMs: null, endTimeMs: null, cu: '5' })
  assert.deepEqual(await costs(of), [10, 0])
})

test('a worker that goes on knows what its month has used', async () => {
  const [before, after] = [rig(), rig()]
  before.take({ ...january, cu: '200000000' })
  after.metrics.load(before.metrics.takeChanges())
  after.take({ ...january, cu: '1000' })
  assert.deepEqual(await costs(after), [200_001_000, 22_000.1])
})
