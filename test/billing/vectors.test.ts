// Bills against arithmetic that was done by hand (facts §G: T1 to T4, D1 to D11; the others have theirs beside them).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statuses } from '../../src/model/attempt.ts'
import { type Billed, beijing, bill, call, functionOf, hoursOf } from './case.ts'

const gpu = { vCPU: 8, memoryMB: 65_536, gpu: { type: 'ada', memoryMB: 49_152 } } as const
const life = (mode: 'onDemand' | 'provisioned', from: string, to: string) => ({
  functionName: 'f',
  instanceID: 'i-1',
  mode,
  fromMs: beijing(from),
  toMs: beijing(to),
})

interface Vector extends Billed {
  readonly what: string
  /** As {@link hoursOf} gives them. */
  readonly hours: readonly string[]
}

const vectors: readonly Vector[] = [
  {
    // 0.1 + 0.015 + 0.0025 + 0.0075; rounded up to 1 CU, less than an hour costs.
    what: 'D2: one short call with disk that is billed',
    attempts: [call('10:00:00', 100)],
    billsAllDisk: true,
    hours: ['f 10h 0.125 1 0.01'],
  },
  {
    // 0.1 + 0.015 + 0.0075
    what: 'the same with disk that is free',
    attempts: [call('10:00:00', 100)],
    hours: ['f 10h 0.1225 1 0.01'],
  },
  {
    // 1 x 0.000088: there was no least price.
    what: 'the same the day before the least price',
    attempts: [call('2025-12-08T23:00:00', 100)],
    hours: ['f 23h 0.1225 1 0.000088'],
  },
  {
    what: 'the same on its first day',
    attempts: [call('2025-12-09T00:00:00', 100)],
    hours: ['f 00h 0.1225 1 0.01'],
  },
  {
    // 60 x 1 x 0.15 = 9; disk 60 x 0.5 x 0.05 = 1.5.
    what: 'D7: a minute of shallow sleep',
    lives: [life('onDemand', '10:00:00', '10:01:00')],
    billsAllDisk: true,
    hours: ['f 10h 10.5 11 0.01'],
  },
  {
    // 17 x 1.15 + 3 x 0.0075
    what: 'D8: requests that overlap on one instance',
    attempts: [call('10:00:00', 10_000), call('10:00:05', 10_000), call('10:00:20', 2000)],
    hours: ['f 10h 19.5725 20 0.01'],
  },
  {
    // (1 x 1.15 + 0.0075) / 2
    what: 'D9: at night, 2.0',
    book: 'fc2-cn',
    attempts: [call('2025-01-15T01:00:00', 1000)],
    hours: ['f 01h 0.57875 1 0.000096'],
  },
  {
    what: 'D9: at six in the morning',
    book: 'fc2-cn',
    attempts: [call('2025-01-15T06:00:00', 1000)],
    hours: ['f 06h 1.1575 2 0.000192'],
  },
  {
    what: 'no night in 3.0',
    attempts: [call('01:00:00', 1000)],
    hours: ['f 01h 1.1575 2 0.01'],
  },
  {
    // 0.34 x 1.15 + 0.0075 = 0.3985 each.
    what: 'D10: rounded up for each function',
    attempts: [call('10:00:00', 340, { functionName: 'a' }), call('10:00:00', 340, { functionName: 'b' })],
    hours: ['a 10h 0.3985 1 0.01', 'b 10h 0.3985 1 0.01'],
  },
  {
    // 11 x 48 x 1.7 = 897.6; 8 x 11 = 88; 64 x 11 x 0.15 = 105.6; 0.0075. 1092 x 0.000088.
    what: 'D11: a GPU of 3.0',
    attempts: [call('10:00:00', 10_500)],
    functions: [functionOf(gpu)],
    hours: ['f 10h 1091.2075 1092 0.096096'],
  },
  {
    // 11 x 48 x 1.5 = 792; the rest as above. 986 x 0.000096.
    what: 'D11: the same in 2.0',
    book: 'fc2-cn',
    attempts: [call('2025-01-15T10:00:00', 10_500)],
    functions: [functionOf(gpu)],
    hours: ['f 10h 985.6075 986 0.094656'],
  },
  {
    // 51 ms are 1 s: 48 x 1.7 + 8 + 64 x 0.15 + 0.0075 = 81.6 + 8 + 9.6 + 0.0075. 100 x 0.000088.
    what: 'T2: 51 ms of a GPU',
    attempts: [call('10:00:00', 51)],
    functions: [functionOf(gpu)],
    hours: ['f 10h 99.2075 100 0.0088'],
  },
  {
    // Two runs of 1 s each, though both lie in one second.
    what: 'two short runs of a GPU',
    attempts: [call('10:00:00', 51), call('10:00:00.500', 51)],
    functions: [functionOf(gpu)],
    hours: ['f 10h 198.415 199 0.017512'],
  },
  {
    // One run from 0 to 150 ms.
    what: 'two runs of a GPU that overlap',
    attempts: [call('10:00:00', 100), call('10:00:00.050', 100)],
    functions: [functionOf(gpu)],
    hours: ['f 10h 99.215 100 0.0088'],
  },
  {
    // 60 x 0.15
    what: 'T3: 51 s of a provisioned instance',
    lives: [life('provisioned', '10:00:00', '10:00:51')],
    hours: ['f 10h 9 9 0.01'],
  },
  {
    // 70 x 0.15
    what: 'T3: 61 s of a provisioned instance',
    lives: [life('provisioned', '10:00:00', '10:01:01')],
    hours: ['f 10h 10.5 11 0.01'],
  },
  {
    // 30 x 1.15 + 3 x 0.0075
    what: 'T4: three requests on three instances',
    attempts: ['a', 'b', 'c'].map(instanceID => call('10:00:00', 10_000, { instanceID })),
    hours: ['f 10h 34.5225 35 0.01'],
  },
  {
    // 10 x 1.15 + 3 x 0.0075
    what: 'T4: three requests on one instance',
    attempts: [call('10:00:00', 10_000), call('10:00:00', 10_000), call('10:00:00', 10_000)],
    hours: ['f 10h 11.5225 12 0.01'],
  },
  {
    // Nobody knows whether they share an instance: 20 x 1.15 + 2 x 0.0075.
    what: 'requests of instances that nobody knows',
    attempts: [call('10:00:00', 10_000, { instanceID: null }), call('10:00:05', 10_000, { instanceID: null })],
    hours: ['f 10h 23.015 24 0.01'],
  },
  {
    // 1 s before and 2 s behind: 1.15 + 0.0075, and 2.3. The call counts where it began.
    what: 'a request across an hour',
    attempts: [call('10:59:59', 3000)],
    hours: ['f 10h 1.1575 2 0.01', 'f 11h 2.3 3 0.01'],
  },
  {
    what: 'a request that ends with the hour',
    attempts: [call('10:59:57', 3000)],
    hours: ['f 10h 3.4575 4 0.01'],
  },
  {
    // 2.5 h: 3600 x 1.15 twice, 1800 x 1.15, and the call. 4141 and 4140 x 0.000088; 2070 x 0.000088.
    what: 'a request of hours',
    attempts: [call('10:00:00', 9_000_000)],
    hours: ['f 10h 4140.0075 4141 0.364408', 'f 11h 4140 4140 0.36432', 'f 12h 2070 2070 0.18216'],
  },
  {
    // 0.7 s are 1 s, of which 0.5 s lie before the hour: 99.2 / 2 + 0.0075, 99.2 / 2.
    what: 'a run of a GPU across an hour',
    attempts: [call('10:59:59.500', 700)],
    functions: [functionOf(gpu)],
    hours: ['f 10h 49.6075 50 0.0044', 'f 11h 49.6 50 0.0044'],
  },
  {
    // Both tries: 2 x (1.15 + 0.0075).
    what: 'a request that was tried again',
    attempts: [call('10:00:00', 1000, { status: 'unhandledError' }), call('10:01:00', 1000, { instanceID: 'i-2' })],
    hours: ['f 10h 2.315 3 0.01'],
  },
  {
    what: 'what the platform did not run',
    attempts: [
      call('10:00:00', 1000, { status: 'throttled' }),
      call('10:00:00', 1000, { status: 'platformError' }),
      call('10:00:00', 1000),
    ],
    hours: ['f 10h 1.1575 2 0.01'],
  },
  {
    // 9 x 1.1575
    what: 'every other outcome',
    attempts: statuses
      .filter(status => status !== 'throttled' && status !== 'platformError')
      .map((status, i) => call(`10:00:0${i}`, 1000, { status })),
    hours: ['f 10h 10.4175 11 0.01'],
  },
  {
    // 1 s of each hook and of the call, one call: 4 x 1.15 + 0.0075.
    what: 'hooks: their time, and no calls',
    attempts: (['initialize', 'invoke', 'preFreeze', 'preStop'] as const).map((phase, i) =>
      call(`10:00:0${i}`, 1000, { phase }),
    ),
    hours: ['f 10h 4.6075 5 0.01'],
  },
  {
    // 10 s of life, 4 s of them active: 4 x 1.15 + 0.0075 + 6 x 0.15.
    what: 'an instance that sleeps between requests',
    attempts: [call('10:00:01', 2000), call('10:00:05', 2000)],
    lives: [life('onDemand', '10:00:00', '10:00:10')],
    hours: ['f 10h 5.515 6 0.01'],
  },
  {
    // Memory of 48 GB x 0.2 + 64 GB x 0.10, for 10 s.
    what: 'a GPU that sleeps',
    lives: [life('onDemand', '10:00:00', '10:00:10')],
    functions: [functionOf(gpu)],
    hours: ['f 10h 160 160 0.01408'],
  },
  {
    // 48 x 0.25 + 64 x 0.15, for 10 s.
    what: 'a GPU of 2.0 that sleeps',
    book: 'fc2-cn',
    lives: [{ ...life('onDemand', '2025-01-15T10:00:00', '2025-01-15T10:00:10') }],
    functions: [functionOf(gpu)],
    hours: ['f 10h 216 216 0.020736'],
  },
  {
    // 12 GB x 2.1 + 2 + 8 x 0.15 + 0.0075
    what: 'a GPU of the other series',
    attempts: [call('10:00:00', 1000)],
    functions: [functionOf({ vCPU: 2, memoryMB: 8192, gpu: { type: 'tesla', memoryMB: 12_288 } })],
    hours: ['f 10h 28.4075 29 0.002552'],
  },
  {
    // 0.05 vCPU, 128 MB, 1 ms: 0.00005 + 0.001 x 0.125 x 0.15 + 0.0075.
    what: 'the smallest call',
    attempts: [call('10:00:00', 1)],
    functions: [functionOf({ vCPU: 0.05, memoryMB: 128 })],
    hours: ['f 10h 0.00756875 1 0.01'],
  },
  {
    // 12.2 ms are 13 ms: 0.013 x 1.15 + 0.0075.
    what: 'a part of a millisecond',
    attempts: [call('10:00:00', 12.2, { billedMs: null })],
    hours: ['f 10h 0.02245 1 0.01'],
  },
  {
    // Memory as it was seen: 2 GB. 1 + 0.3 + 0.0075.
    what: 'memory that was seen counts before functions.yaml',
    attempts: [call('10:00:00', 1000, { memoryMB: 2048 })],
    hours: ['f 10h 1.3075 2 0.01'],
  },
  {
    // Disk of 10 GB without 0.5 GB: 9.5 x 0.05 x 100; 115; 0.0075.
    what: 'more disk than is free',
    attempts: [call('10:00:00', 100_000)],
    functions: [functionOf({ diskMB: 10_240 })],
    hours: ['f 10h 162.5075 163 0.014344'],
  },
  {
    // 0.5 + 0.15 + 0.0075; 2 + 0.15 + 0.0075.
    what: 'a function that was made larger',
    attempts: [call('11:00:00', 1000), call('12:00:00', 1000, { instanceID: 'i-2' })],
    functions: [functionOf({ vCPU: 2, effectiveFromMs: beijing('12:00:00') }), functionOf({ vCPU: 0.5 })],
    hours: ['f 11h 0.6575 1 0.01', 'f 12h 2.1575 3 0.01'],
  },
  {
    // Its start is a second before its end.
    what: 'an attempt of which only the end is known',
    attempts: [call('10:00:00', 1000, { startTimeMs: null, endTimeMs: beijing('11:00:00.500') })],
    hours: ['f 10h 0.5825 1 0.01', 'f 11h 0.575 1 0.01'],
  },
  {
    what: 'abroad there is no least price',
    book: 'intl',
    attempts: [call('10:00:00', 100)],
    hours: ['f 10h 0.1225 1 0.00002'],
  },
  {
    what: 'list prices: 41 x 0.00011',
    attempts: [call('2025-11-15T10:00:00', 35_000)],
    hasDiscount: false,
    hours: ['f 10h 40.2575 41 0.00451'],
  },
]

for (const { what, hours, ...of } of vectors) {
  test(what, () => {
    assert.deepEqual(hoursOf(bill(of)), hours)
  })
}
