// Spans as OpenTelemetry's SDK has them, for its own encoder.
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import type { SeenSpan } from '../sinks/otlp/official-spans.ts'

const time = (ns: string): [number, number] => [
  Number(BigInt(ns) / 1_000_000_000n),
  Number(BigInt(ns) % 1_000_000_000n),
]

/** Spans of one resource are of one object, as the encoder groups them. */
export function sdkSpans(seen: readonly SeenSpan[]): ReadableSpan[] {
  const resources = new Map<string, ReadableSpan['resource']>()
  const scope = { name: 'fcscope' }
  return seen.map(span => {
    const key = JSON.stringify(span.resource)
    let resource = resources.get(key)
    if (resource === undefined) {
      const attributes = span.resource
      const own: ReadableSpan['resource'] = {
        attributes,
        merge: () => own,
        getRawAttributes: () => Object.entries(attributes),
      }
      resource = own
      resources.set(key, own)
    }
    const context = { traceId: span.traceId, spanId: span.spanId, traceFlags: 1 }
    return {
      name: span.name,
      kind: span.kind === 'SPAN_KIND_SERVER' ? 1 : 0,
      spanContext: () => context,
      ...(span.parentSpanId !== '' && { parentSpanContext: { ...context, spanId: span.parentSpanId } }),
      startTime: time(span.startNs),
      endTime: time(span.endNs),
      status: { code: 1 },
      attributes: span.attributes,
      links: [],
      events: [],
      duration: [0, 0],
      ended: true,
      resource,
      instrumentationScope: scope,
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    }
  })
}
