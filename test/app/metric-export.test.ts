// Metrics that are sent to a backend: where to, how often, and what happens when it does not take them.
import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { Counter, Registry } from 'prom-client'
import { MetricExport } from '../../src/app/metric-export.ts'
import { otlpMetricsOptions, otlpProtocols } from '../../src/sinks/otlp/otlp-options.ts'
import { type OtlpBackend, openGrpcBackend, openHttpBackend } from '../services/otlp-backend.ts'

const paths = {
  'http/protobuf': '/v1/metrics',
  'http/json': '/v1/metrics',
  grpc: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
}

for (const protocol of otlpProtocols) {
  describe(`metrics over ${protocol}`, () => {
    let backend: OtlpBackend
    let events: string[]
    let results: string[]
    let observed: number
    let exporting: MetricExport | null
    beforeEach(async () => {
      backend = await (protocol === 'grpc' ? openGrpcBackend() : openHttpBackend())
      events = []
      results = []
      observed = 0
      exporting = null
    })
    afterEach(async () => {
      await exporting?.stop()
      await backend.close()
    })

    const start = async (everyMs: number): Promise<MetricExport> => {
      const registry = new Registry()
      new Counter({ name: 'calls_total', help: 'Calls.', registers: [registry] }).inc(7)
      const url = backend.url
      const checked = otlpMetricsOptions.parse({ url, protocol, headers: { 'x-token': 'hunter2' }, timeoutMs: 2000 })
      exporting = await MetricExport.start({
        // Shorter than a configuration may have it.
        options: { ...checked, everyMs },
        registry,
        observe: () => {
          observed += 1
        },
        resource: { 'service.name': 'fcscope' },
        onSent: result => results.push(result),
        log: {
          write: (_severity, event, _text, fields = {}) => {
            events.push(event)
            assert.doesNotMatch(JSON.stringify(fields), /hunter2/)
          },
        },
        nowMs: Date.now,
      })
      return exporting
    }
    const until = async (holds: () => boolean): Promise<void> => {
      const untilMs = performance.now() + 10_000
      while (!holds()) {
        assert.ok(performance.now() < untilMs)
        await new Promise(resolve => setTimeout(resolve, 10))
      }
    }

    test('go now and then, with the headers, and once more at the end', async () => {
      const started = await start(20)
      await until(() => backend.requests.length >= 3)
      await started.stop()
      const { length } = backend.requests
      await started.stop()
      assert.equal(backend.requests.length, length)
      for (const { path, headers, body } of backend.requests) {
        assert.deepEqual([path, headers['x-token']], [paths[protocol], 'hunter2'])
        assert.match(body.toString('latin1'), /calls_total/)
      }
      assert.deepEqual([observed, new Set(results), events], [length, new Set(['ok']), []])
    })

    test('a backend that was away is told of once, and once that it is back', async () => {
      const away =
        protocol === 'grpc'
          ? ({ kind: 'grpc', code: 14, message: 'away' } as const)
          : ({ kind: 'http', status: 503, body: 'away' } as const)
      backend.replies.push(away, away)
      await start(20)
      await until(() => results.length >= 3)
      assert.deepEqual(results.slice(0, 3), ['failed', 'failed', 'ok'])
      assert.deepEqual(events, ['metricsNotSent', 'metricsSentAgain'])
    })

    test('a worker that stops does not wait for a backend that says nothing', async () => {
      const started = await start(3_600_000)
      backend.replies.push({ kind: 'silence' })
      const beganMs = performance.now()
      await started.stop()
      assert.ok(performance.now() - beganMs < 5000)
    })
  })
}
