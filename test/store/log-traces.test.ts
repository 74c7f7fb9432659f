// Every line in `otel_logs` has the trace and the span of its attempt, also one that waited for an owner when it was stored.
import assert from 'node:assert/strict'
import { appendFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { deriveSpanId, deriveTraceId } from '../../src/lib/trace-id.ts'
import { phases } from '../../src/model/record-kind.ts'
import { WorkerStage } from '../app/worker/stage.ts'
import { query } from '../app/worker/stored.ts'
import { withoutChdb } from './temporary-store.ts'

const instance = { __topic__: 'FCLogs:resize', functionName: 'resize', instanceID: 'c-1' }
const atSecond = (second: number): string => String(1_712_491_200 + second)
const row = (second: number, message: string): string =>
  JSON.stringify({ ...instance, __time__: atSecond(second), message })
const metrics = (requestId: string, second: number, durationMs: number): string =>
  JSON.stringify({
    __topic__: 'FCRequestMetrics:/resize',
    __time__: atSecond(second),
    functionName: 'resize',
    instanceID: 'c-1',
    requestId,
    durationMs: String(durationMs),
    invocationStartTimestamp: String((1_712_491_200 + second) * 1000),
  })

const [first, second] = ['1-6612a1c0-000000000001', '1-6612a1c0-000000000002']

test('lines before, within and beyond what is known of their attempt', { skip: withoutChdb }, async t => {
  const stage = new WorkerStage('sources: [{type: file, paths: ["logs/*.log"], format: sls}]\n')
  t.after(() => stage.end())
  const rows = [
    row(0, `FC Invoke Start RequestId: ${first}`),
    row(1, `2024-04-07T12:00:01.000Z ${first} [INFO] one`),
    row(2, `FC Invoke Start RequestId: ${second}`),
    // Two are open, and nobody knows whose it is until the row of the first says that it was over by then.
    row(20, 'whose is it'),
    row(21, `2024-04-07T12:00:21.000Z ${second} [INFO] two`),
    metrics(first, 0, 5000),
    row(22, `FC Invoke End RequestId: ${second}`),
    metrics(second, 2, 20_000),
  ]
  writeFileSync(stage.path('logs/a.log'), `${rows.join('\n')}\n`)
  await stage.finish()
  const lines = await query<{ Body: string; TraceId: string; SpanId: string; requestId: string }>(
    stage.folder,
    'SELECT Body, TraceId, SpanId, requestId FROM otel_logs ORDER BY position',
  )
  const attempts = await query<{ requestId: string; traceId: string; spanId: string }>(
    stage.folder,
    'SELECT requestId, traceId, spanId FROM invocations',
  )
  const waiting = await query<{ n: number }>(stage.folder, 'SELECT count() AS n FROM log_lines WHERE isWaiting')
  assert.equal(Number(waiting[0]?.n), 1, 'one line had no owner when it was stored')
  const idsOf = (requestId: string): readonly unknown[] => {
    const found = attempts.find(one => one.requestId === requestId)
    return [found?.traceId, found?.spanId, requestId]
  }
  assert.deepEqual(
    lines.map(({ Body, TraceId, SpanId, requestId }) => [Body, TraceId, SpanId, requestId]),
    [
      ['one', ...idsOf(first)],
      ['whose is it', ...idsOf(second)],
      ['two', ...idsOf(second)],
    ],
  )
  await stage.clear()
})

test('lines of a hook, of a retry, and of an attempt with the platform’s own ids', { skip: withoutChdb }, async t => {
  const stage = new WorkerStage('sources: [{type: file, paths: ["logs/*.log"], format: sls}]\n')
  t.after(() => stage.end())
  const traced = (requestId: string, begin: number, more: object): string =>
    JSON.stringify({ ...JSON.parse(metrics(requestId, begin, 1000)), ...more })
  const line = (second: number, requestId: string, text: string): string =>
    row(second, `2024-04-07T12:00:${String(second).padStart(2, '0')}.000Z ${requestId} [INFO] ${text}`)
  const rows = [
    row(0, `FC Invoke Start RequestId: ${first}`),
    line(0, first, 'first try'),
    row(1, `FC Invoke End RequestId: ${first}`),
    traced(first, 0, { traceContext: '371d3ff242fcee9:2a:1b:1', retryCount: '0' }),
    row(2, `FC Invoke Start RequestId: ${first}`),
    line(2, first, 'second try'),
    row(3, `FC Invoke End RequestId: ${first}`),
    traced(first, 2, { traceContext: '371d3ff242fcee9:2c:1b:1', retryCount: '1' }),
    row(4, `FC PreFreeze Start RequestId: ${first}`),
    line(4, first, 'going to sleep'),
    row(5, `FC PreFreeze End RequestId: ${first}`),
    row(6, `FC Invoke Start RequestId: ${second}`),
    line(6, second, 'only here'),
    row(7, `FC Invoke End RequestId: ${second}`),
  ]
  writeFileSync(stage.path('logs/a.log'), `${rows.join('\n')}\n`)
  await stage.finish()
  const trace = '00000000000000000371d3ff242fcee9'
  const sql = 'SELECT Body, TraceId, SpanId FROM otel_logs ORDER BY position'
  const found = await query<{ Body: string; TraceId: string; SpanId: string }>(stage.folder, sql)
  assert.deepEqual(
    found.map(({ TraceId, SpanId }) => [TraceId, SpanId]),
    [
      [trace, '000000000000002a'],
      [trace, '000000000000002c'],
      [deriveTraceId(first), deriveSpanId(first, { phase: phases.indexOf('preFreeze'), attempt: 0 })],
      [deriveTraceId(second), deriveSpanId(second, { phase: 0, attempt: 0 })],
    ],
  )
  await stage.clear()
})

test('lines before and behind the one that names the caller', { skip: withoutChdb }, async t => {
  const stage = new WorkerStage('sources: [{type: file, paths: ["logs/*.log"]}]\n')
  t.after(() => stage.end())
  const trace = '0af7651916cd43dd8448eb211c80319c'
  const line = (text: string): string => `2024-04-07T12:00:01.000Z ${first} [INFO] ${text}\n`
  writeFileSync(stage.path('logs/a.log'), `FC Invoke Start RequestId: ${first}\n${line('before')}`)
  await stage.finish()
  appendFileSync(
    stage.path('logs/a.log'),
    `${line(`traceparent: 00-${trace}-b7ad6b7169203331-01`)}${line('behind')}FC Invoke End RequestId: ${first}\n`,
  )
  await stage.finish()
  const lines = await query<{ Body: string; TraceId: string; SpanId: string }>(
    stage.folder,
    'SELECT Body, TraceId, SpanId FROM otel_logs ORDER BY position',
  )
  const attempts = await query<{ traceId: string; spanId: string; parentSpanId: string }>(
    stage.folder,
    'SELECT traceId, spanId, parentSpanId FROM invocations',
  )
  assert.deepEqual(
    attempts.map(({ traceId, parentSpanId }) => [traceId, parentSpanId]),
    [[trace, 'b7ad6b7169203331']],
  )
  assert.deepEqual(
    lines.map(({ TraceId, SpanId }) => [TraceId, SpanId]),
    Array(3).fill([trace, attempts[0]?.spanId]),
  )
  await stage.clear()
})
