// Requests of a batch: bounded, whole, the same as JSON.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deriveSpanId, deriveSpanWords, deriveTraceId, deriveTraceWordsOfText } from '../../../src/lib/trace-id.ts'
import type { Attempt } from '../../../src/model/attempt.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'
import { requestJson } from '../../../src/sinks/otlp/request-json.ts'
import { SpanBatch } from '../../../src/sinks/otlp/span-batch.ts'
import { attemptsWithSpans } from './arbitrary-attempt.ts'
import { decodeRequest, decodeRequestJson, type SeenSpan } from './official-spans.ts'

const sent = (attempts: readonly Attempt[], limit = 1024 ** 2): readonly SeenSpan[] => {
  const batch = new SpanBatch({ withErrorLines: true })
  for (const one of attempts) batch.add(one, null)
  return batch.requests(limit).flatMap(({ bytes }) => decodeRequest(bytes))
}

const requestId = '1-6612a1c0-15b2f1c3a9d2'
const traceId = deriveTraceId(requestId)
const idOf = (phase: number, attempt: number): string => deriveSpanId(requestId, { phase, attempt })
/** 2024-04-07T12:00:00Z. */
const noonMs = 1_712_491_200_000
const cold: Attempt = {
  ...emptyAttempt(),
  requestId,
  traceId,
  spanId: idOf(0, 0),
  functionName: 'resize',
  instanceID: 'c-1',
  memoryMB: 512,
  triggerType: 'oss',
  startTimeMs: noonMs,
  durationMs: 250.5,
  coldStart: true,
  scheduleMs: 600,
  coldStartMs: 500,
  prepareCodeMs: 100,
  runtimeInitMs: 380,
  initializeMs: 40,
  flags: ['metricsOnly'],
}

// Worked out by hand: initialize ends where the attempt begins, the cold start where initialize begins, the runtime's start with it, and
// the code is prepared before that.
const places: [name: string, beginMs: number, endMs: number, parent: string][] = [
  ['invoke', 0, 250.5, ''],
  ['schedule', -600, 0, 'invoke'],
  ['cold start', -540, -40, 'invoke'],
  ['prepare code', -520, -420, 'cold start'],
  ['runtime init', -420, -40, 'cold start'],
  ['initialize', -40, 0, 'invoke'],
]
test('the steps of a cold start', () => {
  const spans = sent([cold])
  const nameOf = new Map(spans.map(({ spanId, name }) => [spanId, name]))
  const ms = (ns: string): number => Number(BigInt(ns) - BigInt(noonMs) * 1_000_000n) / 1e6
  assert.deepEqual(
    spans.map(({ name, startNs, endNs, parentSpanId }) => [
      name,
      ms(startNs),
      ms(endNs),
      parentSpanId === '' ? '' : nameOf.get(parentSpanId),
    ]),
    places,
  )
  assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, places.length)
  assert.deepEqual(
    spans.map(({ attributes }) => attributes['fc.placed']),
    [undefined, ...places.slice(1).map(() => 'true')],
  )
  assert.deepEqual(spans[0]?.resource, {
    'cloud.provider': 'alibaba_cloud',
    'cloud.platform': 'alibaba_cloud_fc',
    'service.name': 'resize',
    'faas.name': 'resize',
    'faas.instance': 'c-1',
    'faas.max_memory': '536870912',
  })
  assert.deepEqual(spans[0]?.attributes, {
    'faas.invocation_id': requestId,
    'faas.coldstart': 'true',
    'faas.trigger': 'datasource',
    'fc.attempt': '0',
    'fc.status': cold.status,
  })
})

const withoutSpans: [what: string, put: Partial<Attempt>][] = [
  ['when it began is not known', { startTimeMs: null }],
  ['how long it ran is not known', { durationMs: null }],
  ['it began before there were such times', { startTimeMs: -1 }],
]
for (const [what, put] of withoutSpans) {
  test(`no span where ${what}`, () => assert.deepEqual(sent([{ ...cold, ...put }]), []))
}

test('a retry is linked to the attempt before it', () => {
  const [retry] = sent([{ ...cold, attempt: 2, spanId: idOf(0, 2) }])
  assert.deepEqual(retry?.links, [{ traceId, spanId: idOf(0, 1) }])
})

test('the attempt before one with the platform’s own ids is not known', () => {
  const [retry] = sent([
    { ...cold, attempt: 1, traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), parentSpanId: 'ef'.repeat(8) },
  ])
  assert.deepEqual(
    [retry?.traceId, retry?.spanId, retry?.parentSpanId, retry?.links],
    ['ab'.repeat(16), 'cd'.repeat(8), 'ef'.repeat(8), []],
  )
})

test('an error is an event at the end, and the status', () => {
  const [failed] = sent([
    {
      ...cold,
      status: 'unhandledError',
      errorType: 'TypeError',
      errorMessage: 'x is undefined',
      errorStack: 'at handler (/code/index.js:3:7)\nat run (/code/run.js:1:1)',
      errorCode: 'UnhandledInvocationError',
    },
  ])
  assert.deepEqual([failed?.status, failed?.statusMessage], ['STATUS_CODE_ERROR', 'x is undefined'])
  assert.deepEqual(failed?.events, [
    {
      timeNs: '1712491200250500000',
      name: 'exception',
      attributes: {
        'exception.type': 'TypeError',
        'exception.message': 'x is undefined',
        'exception.stacktrace': 'at handler (/code/index.js:3:7)\nat run (/code/run.js:1:1)',
        'fc.placed': 'true',
      },
    },
  ])
  assert.equal(failed?.attributes['error.type'], 'TypeError')
})

const errorLines = [
  { timeMs: 1_712_491_200_010, level: 'error', text: 'no stock: {"sku":"a"}' },
  { timeMs: null, level: 'fatal', text: '' },
] as const

test('error lines are events at their times, before the exception; those that are not told are counted', () => {
  const levels = { ...cold.levels, fatal: 1, error: 200 }
  const [failed] = sent([{ ...cold, errorMessage: 'gone', errorLines, levels }])
  assert.deepEqual(failed?.events, [
    {
      timeNs: '1712491200010000000',
      name: 'error line',
      attributes: { 'fc.level': 'error', 'fc.line': 'no stock: {"sku":"a"}' },
    },
    { timeNs: '1712491200250500000', name: 'error line', attributes: { 'fc.level': 'fatal', 'fc.placed': 'true' } },
    {
      timeNs: '1712491200250500000',
      name: 'exception',
      attributes: { 'exception.message': 'gone', 'fc.placed': 'true' },
    },
  ])
  assert.equal(failed?.droppedEvents, 199)
})

test('error lines are not sent where nobody wants them', () => {
  const batch = new SpanBatch({ withErrorLines: false })
  batch.add({ ...cold, errorLines, levels: { ...cold.levels, error: 1, fatal: 1 } }, null)
  const [span] = batch.requests(1024 ** 2).flatMap(({ bytes }) => decodeRequest(bytes))
  assert.deepEqual([span?.events, span?.droppedEvents], [[], 0])
})

test('a query of a path, which may be a secret, is not sent', () => {
  const [one] = sent([{ ...cold, httpPath: '/pay?token=hunter2' }])
  assert.equal(one?.attributes['url.path'], '/pay')
  assert.doesNotMatch(JSON.stringify(one), /hunter2/)
})

test('ids as words are those of the text', () => {
  const words = new Int32Array(6)
  deriveTraceWordsOfText(requestId, words, 0)
  deriveSpanWords(words, 0, { phase: 0, attempt: 0 }, words, 4)
  const batch = new SpanBatch({ withErrorLines: true })
  batch.add(cold, words)
  assert.deepEqual(
    batch.requests(1e6).flatMap(({ bytes }) => decodeRequest(bytes)),
    sent([cold]),
  )
})

const attempts = attemptsWithSpans({ minLength: 1, maxLength: 60 })
const key = ({ traceId: trace, spanId }: SeenSpan): string => `${trace} ${spanId}`
const sorted = (spans: readonly SeenSpan[]): readonly SeenSpan[] => spans.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))

test('cut into requests, spans are the same, and no request is larger than it may be', () => {
  const property = fc.property(attempts, fc.integer({ min: 500, max: 20_000 }), (list, limit) => {
    const batch = new SpanBatch({ withErrorLines: true })
    for (const one of list) batch.add(one, null)
    const requests = batch.requests(limit)
    assert.deepEqual(sorted(requests.flatMap(({ bytes }) => decodeRequest(bytes))), sorted(sent(list)))
    for (const { bytes } of requests) {
      const isOneAttempt = new Set(decodeRequest(bytes).map(span => span.traceId)).size === 1
      assert.ok(bytes.length <= limit || isOneAttempt, `${bytes.length} bytes`)
    }
  })
  fc.assert(property, { numRuns: 100, endOnFailure: true })
})

test('as JSON a request says the same', () => {
  const property = fc.property(attempts, list => {
    const batch = new SpanBatch({ withErrorLines: true })
    for (const one of list) batch.add(one, null)
    for (const { bytes } of batch.requests(1024 ** 2))
      assert.deepEqual(decodeRequestJson(requestJson(bytes)), decodeRequest(bytes))
  })
  fc.assert(property, { numRuns: 100, endOnFailure: true })
})

test('what was cleared is not sent', () => {
  const batch = new SpanBatch({ withErrorLines: true })
  batch.add(cold, null)
  batch.clear()
  assert.deepEqual(batch.requests(1e6), [])
})
