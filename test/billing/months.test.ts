// Bills of many calls: the worked example, regions and months (facts §G: T1, D1, D6).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FunctionConfig } from '../../src/model/function-config.ts'
import { type Billed, bill, call, functionOf } from './case.ts'

test('T1 and D1: the worked example of the platform, in one hour', () => {
  // 3,000,000 calls of 200 ms with 0.25 vCPU and 0.5 GB: 22,500 + 45,000 + 150,000 CU. On instances of their own.
  const one = functionOf({ vCPU: 0.25, memoryMB: 512 })
  const calls = 3000
  const attempts = Array.from({ length: calls }, (_, i) => call('2024-09-01T10:00:00', 200, { instanceID: `i-${i}` }))
  const of = { attempts, functions: [one], book: 'intl' }
  const { total } = bill(of)
  assert.equal(total.cuExact.times(1000).toFixed(), '217500')
  assert.equal(total.vCPUSeconds.times(1000).toFixed(), '150000')
  assert.equal(total.memoryGBSeconds.times(1000).toFixed(), '300000')
  assert.equal(total.diskGBSeconds.toFixed(), '0')
  // 0.5 GB of disk for 600,000 s: 15,000 more.
  assert.equal(
    bill({ ...of, billsAllDisk: true })
      .total.cuExact.times(1000)
      .toFixed(),
    '232500',
  )
})

test('D6: tiers fill up for each region', () => {
  // 150 M CU in each of two regions: a function of 15,000 vCPU is not there, so many instances of 16 vCPU and 32 GB stand for it.
  // Each hour of one is 3600 x (16 + 4.8) = 74,880 CU; 2003 of them and a rest of 15,360 CU make 150,000,000.
  const large = (region: string, functionName: string): FunctionConfig =>
    functionOf({ functionName, region, vCPU: 16, memoryMB: 32_768 })
  const functions = [large('cn-hangzhou', 'a'), large('cn-shanghai', 'b')]
  const lots = ['a', 'b'].flatMap(functionName =>
    Array.from({ length: 2003 }, (_, i) =>
      call('10:00:00', 3_600_000, { functionName, instanceID: `i-${i}`, phase: 'preStop' }),
    ),
  )
  const { functions: charges, total } = bill({ attempts: lots, functions, hasDiscount: false })
  // 2003 x 74,880 = 149,984,640, all in the first tier: x 0.00011 = 16,498.3104.
  for (const { cu, amount } of charges) assert.deepEqual([cu.toFixed(), amount.toFixed()], ['149984640', '16498.3104'])
  assert.equal(total.amount.toFixed(), '32996.6208')
  const together = functions.map(each => ({ ...each, region: 'cn-hangzhou' }))
  // 200,000,000 x 0.00011 + 99,969,280 x 0.0001
  assert.equal(bill({ attempts: lots, functions: together, hasDiscount: false }).total.amount.toFixed(), '31996.928')
})

test('each month begins in the first tier, by the clock of Beijing', () => {
  const functions = [functionOf({ vCPU: 16, memoryMB: 32_768 })]
  const lots = (start: string): Billed['attempts'] =>
    Array.from({ length: 3000 }, (_, i) => call(start, 3_600_000, { instanceID: `i-${i}-${start}`, phase: 'preStop' }))
  // 3000 x 74,880 = 224,640,000: 22,000 + 24,640,000 x 0.0001.
  const attempts = [...(lots('2026-01-31T23:00:00') ?? []), ...(lots('2026-02-01T00:00:00') ?? [])]
  const { hours } = bill({ attempts, functions, hasDiscount: false })
  assert.deepEqual(
    hours.map(({ amount }) => amount.toFixed()),
    ['24464', '24464'],
  )
})
