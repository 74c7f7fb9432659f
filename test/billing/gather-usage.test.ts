import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bill, call, functionOf } from './case.ts'

test('what is left out is counted, with its reason', () => {
  const functions = [functionOf({ functionName: 'f' }), functionOf({ functionName: 'no-size', vCPU: null })]
  const { leftOut, total } = bill({
    functions,
    attempts: [
      call('10:00:00', 1000, { functionName: 'stranger' }),
      call('10:00:00', 1000, { functionName: 'no-size' }),
      call('10:00:00', 1000, { functionName: 'no-size' }),
      call('10:00:00', 1000, { startTimeMs: null }),
      call('10:00:00', 1000, { durationMs: null, billedMs: null }),
      call('2024-08-26T10:00:00', 1000),
      call('10:00:00', 1000, { status: 'throttled' }),
    ],
  })
  const counts = leftOut.map(({ functionName, reason, count }) => `${functionName} ${reason} ${count}`)
  assert.deepEqual(counts.toSorted(), [
    'f noDuration 1',
    'f noPrice 1',
    'f noTime 1',
    'f notBilled 1',
    'no-size unknownConfig 2',
    'stranger unknownConfig 1',
  ])
  // The call of which nobody knows the duration.
  assert.deepEqual([total.invocations, total.cuExact.toFixed()], [1, '0.0075'])
})
