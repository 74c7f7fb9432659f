// What /metrics shows, as an `ExportMetricsServiceRequest`, written by the official serialisers: a few hundred points every few seconds.
import type { HrTime } from '@opentelemetry/api'
import type { MetricData } from '@opentelemetry/sdk-metrics'
import type { MetricObjectWithValues, MetricValue, MetricValueWithName } from 'prom-client'
import { scopeName } from '../../model/span-names.ts'
import type { OtlpSignal } from './otlp-transport.ts'

export const metricSignal: OtlpSignal = {
  path: '/v1/metrics',
  grpcMethod: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  // It is JSON already where it is sent as such.
  jsonOf: request => request,
}

/** A family as `Registry.getMetricsAsJSON` gives it. */
export type MetricFamily = MetricObjectWithValues<MetricValue<string>>

/** Writes requests. */
export type MetricWriter = (families: readonly MetricFamily[], nowMs: number) => Buffer

/** Counters go on over restarts, and nobody notes when they began. */
const unknownStart: HrTime = [0, 0]

/** `resource`: attributes of the worker. Loaded when it is needed: it takes longer than everything else of a start. */
export async function openMetricWriter(
  resource: Readonly<Record<string, string>>,
  isJson: boolean,
): Promise<MetricWriter> {
  const { JsonMetricsSerializer, ProtobufMetricsSerializer } = await import('@opentelemetry/otlp-transformer')
  const { resourceFromAttributes } = await import('@opentelemetry/resources')
  const { AggregationTemporality, DataPointType } = await import('@opentelemetry/sdk-metrics')
  const { ValueType } = await import('@opentelemetry/api')
  const serializer = isJson ? JsonMetricsSerializer : ProtobufMetricsSerializer
  const of = resourceFromAttributes({ ...resource })

  const dataOf = (family: MetricFamily, endTime: HrTime): readonly MetricData[] => {
    const { name, help, values } = family
    // What prom-client knows as an enumeration is a text by the time it is read.
    const type = String(family.type)
    const descriptor = { name, description: help, unit: '', valueType: ValueType.DOUBLE }
    const common = { descriptor, aggregationTemporality: AggregationTemporality.CUMULATIVE }
    const times = { startTime: unknownStart, endTime }
    if (type === 'histogram') {
      const dataPoints = histogramsOf(values).map(({ labels, ...value }) => ({ attributes: labels, value, ...times }))
      return dataPoints.length === 0 ? [] : [{ ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints }]
    }
    const known = values.filter(({ value }) => !Number.isNaN(value))
    const dataPoints = known.map(({ labels, value }) => ({ attributes: textLabels(labels), value, ...times }))
    if (dataPoints.length === 0) return []
    if (type === 'counter') return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }]
    return type === 'gauge' ? [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints }] : []
  }

  return (families, nowMs) => {
    const endTime: HrTime = [Math.floor(nowMs / 1000), (nowMs % 1000) * 1_000_000]
    const metrics = families.flatMap(family => dataOf(family, endTime))
    const request = serializer.serializeRequest({
      resource: of,
      scopeMetrics: [{ scope: { name: scopeName }, metrics }],
    })
    return Buffer.from(request ?? [])
  }
}

interface Histogram {
  readonly labels: Record<string, string>
  readonly buckets: { boundaries: number[]; counts: number[] }
  count: number
  sum: number
}

/** Series with a value per bucket, each with those before it in it, put together by their other labels. */
function histogramsOf(
  values: readonly (MetricValue<string> & Partial<MetricValueWithName<string>>)[],
): readonly Histogram[] {
  const all = new Map<string, Histogram>()
  for (const { labels, value, metricName = '' } of values) {
    const { le, ...others } = textLabels(labels)
    const key = JSON.stringify(others)
    let histogram = all.get(key)
    if (histogram === undefined) {
      histogram = { labels: others, buckets: { boundaries: [], counts: [] }, count: 0, sum: 0 }
      all.set(key, histogram)
    }
    if (metricName.endsWith('_sum')) histogram.sum = value
    else if (metricName.endsWith('_count')) histogram.count = value
    else if (le !== undefined) {
      histogram.buckets.counts.push(value)
      if (le !== '+Inf') histogram.buckets.boundaries.push(Number(le))
    }
  }
  for (const { buckets } of all.values())
    buckets.counts = buckets.counts.map((count, at) => count - (buckets.counts[at - 1] ?? 0))
  return [...all.values()]
}

const textLabels = (labels: Readonly<Partial<Record<string, string | number>>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]))
