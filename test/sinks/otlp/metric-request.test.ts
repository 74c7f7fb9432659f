// What /metrics shows, as the official decoder reads our requests, and against the numbers by hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { openMetricWriter } from '../../../src/sinks/otlp/metric-request.ts'

const nowMs = Date.UTC(2024, 3, 7, 12, 0, 0, 250)
const nowNs = '1712491200250000000'

function registryWithAll(): Registry {
  const registry = new Registry()
  const registers = [registry]
  const calls = new Counter({ name: 'calls_total', help: 'Calls.', labelNames: ['of'], registers })
  calls.inc({ of: 'a' }, 3)
  calls.inc({ of: 'b"\n' }, 0.5)
  new Gauge({ name: 'open', help: 'Open ones.', registers }).set(-2)
  new Gauge({ name: 'unknown', help: 'Nobody knows.', registers }).set(Number.NaN)
  const took = new Histogram({ name: 'took_seconds', help: 'Time.', labelNames: ['of'], buckets: [0.1, 1], registers })
  for (const seconds of [0.05, 0.1, 0.5, 30]) took.observe({ of: 'a' }, seconds)
  return registry
}

/** What protobufjs generates for the message. */
interface Decoder {
  decode(bytes: Uint8Array): object
  toObject(message: object, options: { longs: typeof String }): Decoded
}
interface Decoded {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: unknown }
    readonly scopeMetrics: readonly { readonly scope: { readonly name: string }; readonly metrics: unknown }[]
  }[]
}
// The package has no types for what it generated.
const message = (
  root as unknown as {
    opentelemetry: { proto: { collector: { metrics: { v1: { ExportMetricsServiceRequest: Decoder } } } } }
  }
).opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest

const point = { startTimeUnixNano: '0', timeUnixNano: nowNs }
const of = (value: string): unknown => [{ key: 'of', value: { stringValue: value } }]
const metrics = [
  {
    name: 'calls_total',
    description: 'Calls.',
    sum: {
      aggregationTemporality: 2,
      isMonotonic: true,
      dataPoints: [
        { ...point, attributes: of('a'), asDouble: 3 },
        { ...point, attributes: of('b"\n'), asDouble: 0.5 },
      ],
    },
  },
  { name: 'open', description: 'Open ones.', gauge: { dataPoints: [{ ...point, attributes: [], asDouble: -2 }] } },
  {
    name: 'took_seconds',
    description: 'Time.',
    histogram: {
      aggregationTemporality: 2,
      dataPoints: [
        {
          ...point,
          attributes: of('a'),
          count: '4',
          sum: 30.65,
          explicitBounds: [0.1, 1],
          // 0.1 itself is within the first.
          bucketCounts: ['2', '1', '1'],
        },
      ],
    },
  },
]
const resource = [{ key: 'service.name', value: { stringValue: 'fcscope' } }]

/** Without what says nothing. */
const bare = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, inner) => {
      if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
      return Object.fromEntries(
        Object.entries(inner).filter(([key, held]) => held !== '' && !(key === 'attributes' && String(held) === '')),
      )
    }),
  )

test('counters, gauges and histograms, as protobuf and as JSON', async () => {
  const families = await registryWithAll().getMetricsAsJSON()
  const expected = bare(metrics)
  const written = (await openMetricWriter({ 'service.name': 'fcscope' }, false))(families, nowMs)
  const decoded = message.toObject(message.decode(written), { longs: String })
  const [first] = decoded.resourceMetrics
  assert.deepEqual(bare(first?.resource.attributes), resource)
  assert.deepEqual(first?.scopeMetrics[0]?.scope.name, 'fcscope')
  assert.deepEqual(bare(first?.scopeMetrics[0]?.metrics), expected)
  const json = JSON.parse((await openMetricWriter({ 'service.name': 'fcscope' }, true))(families, nowMs).toString())
  const texts = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (key, inner) =>
        key === 'count' || key === 'bucketCounts' ? [inner].flat().map(String).join() : inner,
      ),
    )
  assert.deepEqual(texts(bare(json.resourceMetrics[0].scopeMetrics[0].metrics)), texts(expected))
})
