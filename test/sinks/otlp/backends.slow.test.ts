// Spans of a worker in real backends: each once, with its parent, found by its request; also when the backend was away for a while.
// FCSCOPE_OUTAGE_SECONDS: how long it is away.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Random } from '../../../src/lib/random.ts'
import { RotatingLog } from '../../app/kill/rotating-log.ts'
import { MetricsPage } from '../../app/worker/metrics-page.ts'
import { WorkerStage } from '../../app/worker/stage.ts'
import { query } from '../../app/worker/stored.ts'
import { pause, until, type WorkerProcess } from '../../app/worker/worker-process.ts'
import { type BackendSpan, Collector, Jaeger, noBackends } from '../../services/trace-backends.ts'
import { withoutChdb } from '../../store/temporary-store.ts'

const requests = 10_000
/** Some more than that. */
const linesOfRequests = 80_000
const outageMs = Number(process.env['FCSCOPE_OUTAGE_SECONDS'] ?? 10) * 1000

const maxSpansOfAttempt = 6

const keyOf = ({ traceId, spanId, parentSpanId, name }: BackendSpan): string =>
  `${traceId} ${spanId} ${parentSpanId} ${name}`

/** The spans of the store. Two that are the same would be two attempts of one identity. */
const storedSpans = (stage: WorkerStage): Promise<readonly BackendSpan[]> =>
  query<BackendSpan>(
    stage.folder,
    'SELECT TraceId AS traceId, SpanId AS spanId, ParentSpanId AS parentSpanId, SpanName AS name FROM otel_traces',
  )

const configure = (stage: WorkerStage, traces: string, { waitMs = 5000, metrics = '' } = {}): void =>
  stage.configure(`sources: [{type: file, paths: ["logs/*.log*"], pollMs: 20, scanMs: 100, format: sls}]
traces: {type: otlp, waitMs: ${waitMs}, ${traces}}
reconstruct: {silenceMs: 2000}
${metrics === '' ? '' : `metrics: {listen: "127.0.0.1:0", otlp: {everyMs: 1000, ${metrics}}}\n`}`)

const traffic = { lines: linesOfRequests, seed: 7, format: 'sls' } as const

/** Until nothing is open and nothing waits, and every attempt is sent or cannot be. */
async function settled(worker: WorkerProcess): Promise<MetricsPage> {
  let page = await MetricsPage.read(await worker.ready())
  const count = (name: string, labels: Record<string, string>): number => page.sum(name, labels)
  await until(
    'everything is sent',
    async () => {
      page = await MetricsPage.read(await worker.ready())
      const traced =
        count('fcscope_traced_attempts_total', { result: 'sent' }) +
        count('fcscope_traced_attempts_total', { result: 'noTimes' })
      const attempts = page.sum('fc_attempts_total')
      const isRead = count('fcscope_source_lag_bytes', {}) + count('fc_open_attempts', {}) === 0
      return (
        isRead && attempts > requests && traced >= attempts && count('fcscope_spill_bytes', { sink: 'traces' }) === 0
      )
    },
    { timeoutMs: 75_000 + outageMs, everyMs: 200 },
  )
  return page
}

describe('spans in real backends', { skip: noBackends || withoutChdb }, () => {
  let collector: Collector
  let jaeger: Jaeger
  before(async () => {
    collector = await Collector.start()
    jaeger = await Jaeger.start()
  })
  after(async () => {
    await collector?.end()
    await jaeger?.end()
  })

  /** What came is what the store shows, each once; but for attempts that a late row has changed when they had been sent. */
  async function mustHaveAll(stage: WorkerStage, came: readonly BackendSpan[], corrected: number): Promise<void> {
    const keys = came.map(keyOf)
    assert.equal(new Set(keys).size, keys.length, `${keys.length - new Set(keys).size} spans came twice`)
    const stored = await storedSpans(stage)
    const there = new Set(keys)
    const missing = stored.filter(span => !there.has(keyOf(span)))
    const shown = new Set(stored.map(keyOf))
    const strange = came.filter(span => !shown.has(keyOf(span)))
    const most = maxSpansOfAttempt * corrected
    assert.ok(missing.length <= most, `${missing.length} are missing, ${corrected} were corrected: ${missing[0]?.name}`)
    assert.ok(strange.length <= most, `${strange.length} are not in the store, ${corrected} were corrected`)
  }

  const ways: [name: string, both: string, traces: string, url: () => string][] = [
    ['HTTP', '', '', () => collector.httpUrl],
    ['HTTP with JSON', 'protocol: http/json, compression: none', '', () => collector.httpUrl],
    ['gRPC', 'protocol: grpc', 'maxRequestBytes: 65536', () => collector.grpcUrl],
  ]
  for (const [name, both, traces, urlOf] of ways) {
    test(`${requests} requests over ${name}, and the worker's metrics`, async t => {
      const stage = new WorkerStage()
      t.after(() => stage.end())
      const common = [`url: "${urlOf()}"`, both].filter(text => text !== '').join(', ')
      configure(stage, [common, traces].filter(text => text !== '').join(', '), { metrics: common })
      await stage.generate('logs/app.log', traffic)
      const from = collector.spans().length
      const worker = stage.start()
      const page = await settled(worker)
      await worker.stop()
      await until(
        'the collector has written',
        async () => collector.spans().length >= from + page.sum('fcscope_spans_total', { result: 'taken' }),
      )
      const corrected = page.sum('fcscope_traced_attempts_total', { result: 'corrected' })
      const came = collector.spans().slice(from)
      t.diagnostic(`${came.length} spans, ${corrected} corrections, ${stage.folder}`)
      await mustHaveAll(stage, came, corrected)
      const startedAt = page.sum('process_start_time_seconds')
      await until(
        'the collector has the metrics',
        async () => collector.metrics().get('process_start_time_seconds') === startedAt,
      )
      const metrics = collector.metrics()
      assert.deepEqual([metrics.get('fcscope_unaccounted_records'), metrics.get('fc_open_attempts')], [0, 0])
      await stage.clear()
    })
  }

  test(`the collector is away for ${outageMs / 1000} s`, async t => {
    const stage = new WorkerStage()
    t.after(() => stage.end())
    configure(stage, `url: "${collector.httpUrl}", timeoutMs: 1000`, { waitMs: outageMs + 15_000 })
    const bytes = await stage.generate('all.log', traffic)
    const random = new Random(3)
    const log = new RotatingLog({ path: stage.path('logs/app.log'), bytes, rotation: 'rename', rotations: 1, random })
    const from = collector.spans().length
    const worker = stage.start()
    await log.allow(0.3)
    const first = await worker.ready()
    // An answer that is lost on the way would make spans come twice, as they may.
    await until('nothing is on its way', async () => {
      await pause(1500)
      const page = await MetricsPage.read(first)
      return page.sum('fcscope_spill_bytes', { sink: 'traces' }) === 0
    })
    await collector.halt()
    const away = pause(outageMs)
    await log.allow(0.7)
    await worker.event('deliveryFailed')
    await away
    const stored = await query<{ n: number }>(stage.folder, 'SELECT count() AS n FROM invocations')
    assert.ok((stored[0]?.n ?? 0) > requests / 2, 'the store goes on')
    await collector.comeBack()
    await log.allow(1)
    const page = await settled(worker)
    await worker.stop()
    assert.ok(worker.saw('deliveryRecovered').length > 0)
    const corrected = page.sum('fcscope_traced_attempts_total', { result: 'corrected' })
    await pause(500)
    const came = collector.spans().slice(from)
    t.diagnostic(`${came.length} spans, ${corrected} corrections, ${stage.folder}`)
    await mustHaveAll(stage, came, corrected)
    await stage.clear()
  })

  for (const protocol of ['grpc', 'http/protobuf']) {
    test(`Jaeger finds them, sent over ${protocol}`, async t => {
      const stage = new WorkerStage()
      t.after(() => stage.end())
      const url = protocol === 'grpc' ? jaeger.grpcUrl : jaeger.httpUrl
      // Its queue has room for 2000 spans; what is too much for it is lost without a word.
      configure(stage, `protocol: ${protocol}, url: "${url}", maxRequestBytes: 32768`)
      await stage.generate('logs/app.log', traffic)
      const worker = stage.start()
      await settled(worker)
      await worker.stop()
      const some = await query<{ requestId: string; functionName: string; traceId: string }>(
        stage.folder,
        `SELECT requestId, any(functionName) AS functionName, any(traceId) AS traceId FROM invocations
         WHERE phase = 'invoke' AND requestId IS NOT NULL GROUP BY requestId
         ORDER BY countIf(attempt > 0) DESC, max(coldStart) DESC, requestId LIMIT 60`,
      )
      const stored = Map.groupBy(await storedSpans(stage), ({ traceId }) => traceId)
      for (const { requestId, functionName, traceId } of some) {
        const [byTag, more] = await jaeger.search(functionName, { 'faas.invocation_id': requestId })
        assert.equal(more, undefined)
        assert.equal(byTag?.traceID.padStart(32, '0'), traceId)
        const trace = (await jaeger.trace(traceId)) ?? assert.fail(`no trace ${traceId}`)
        // Both protocols send to the same Jaeger, which keeps a span once per time it came.
        const spans = new Set(
          trace.spans.map(({ spanID, operationName, references }) => {
            const parent = references.find(({ refType }) => refType === 'CHILD_OF')
            return keyOf({ traceId, spanId: spanID, parentSpanId: parent?.spanID ?? '', name: operationName })
          }),
        )
        for (const key of spans)
          assert.ok(
            stored.get(traceId)?.some(span => keyOf(span) === key),
            key,
          )
        assert.ok(spans.size > 0)
      }
      await stage.clear()
    })
  }
})
