// CloudMonitor's calls, as DescribeMetricList answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MonitorReader } from '../../../src/billing/bill-import/monitor-calls.ts'

const read = (...files: string[]) => {
  const reader = new MonitorReader()
  for (const [i, text] of files.entries()) reader.add(text, `usage-${i + 1}`)
  return reader.finish()
}
const point = (time: string, value: number, more: object = {}): object => ({
  timestamp: Date.parse(time),
  userId: '1234',
  region: 'cn-hangzhou',
  serviceName: '',
  functionName: 'f',
  Value: value,
  ...more,
})
const answer = (points: readonly object[] | string, more: object = {}): string =>
  JSON.stringify({
    RequestId: 'R1',
    Code: '200',
    Success: true,
    Period: '60',
    Datapoints: typeof points === 'string' ? points : JSON.stringify(points),
    ...more,
  })

const names = { functionName: 'f', serviceName: null, region: 'cn-hangzhou' }
const points = [point('2026-01-14T15:59:00Z', 1), point('2026-01-14T16:00:00Z', 2), point('2026-01-15T15:00:00Z', 3)]
const days = [
  { ...names, day: '2026-01-14', invocations: 1 },
  { ...names, day: '2026-01-15', invocations: 5 },
]

test('points are calls of the days of Beijing', () => assert.deepEqual(read(answer(points)), days))

test('points as a list, and as JSON lines', () => {
  assert.deepEqual(read(JSON.stringify({ Code: '200', Datapoints: points })), days)
  assert.deepEqual(read(points.map(each => JSON.stringify(each)).join('\n')), days)
})

test('no points are no calls', () => assert.deepEqual(read(answer('')), []))

test('Sum is taken before Value, and services are told apart', () => {
  const service = point('2026-01-15T00:00:00Z', 9, { Sum: 4, serviceName: 'shop' })
  assert.deepEqual(read(answer([service])), [{ ...names, serviceName: 'shop', day: '2026-01-15', invocations: 4 }])
})

const wrong: readonly [what: string, text: string, says: RegExp][] = [
  [
    'another metric',
    answer(points, { MetricName: 'FunctionAvgDuration' }),
    /the metric is 'FunctionAvgDuration'; allowed: FunctionTotalInvocations/,
  ],
  ['days as periods', answer(points, { Period: '86400' }), /Period is '86400'; allowed: up to 3600 seconds/],
  ['negative calls', answer([point('2026-01-15T00:00:00Z', -1)]), /no point of a function/],
  ['a point without a function', answer([{ timestamp: 1, Value: 1 }]), /no point of a function/],
  ['a page that is missing', answer(points, { NextToken: 'more' }), /a page is missing/],
  [
    'an answer that failed',
    '{"Code":"Throttling.User","Message":"m","Success":false}',
    /the answer says that it failed/,
  ],
  ['no JSON', 'calls: 3', /usage-1#1: (found no JSON|the JSON breaks off)/],
]
for (const [what, text, says] of wrong)
  test(`${what} is refused`, () => assert.throws(() => read(text), { message: says }))
