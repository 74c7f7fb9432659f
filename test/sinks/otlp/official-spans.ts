// Requests as OpenTelemetry's own generated decoder reads them, flattened to spans.
import root from '@opentelemetry/otlp-transformer/build/src/generated/root.js'

export interface SeenEvent {
  readonly timeNs: string
  readonly name: string
  readonly attributes: Record<string, string>
}

/** A span with what stands around it. Times are unix nanoseconds, values of attributes as text. */
export interface SeenSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly kind: string
  readonly startNs: string
  readonly endNs: string
  readonly status: string
  readonly statusMessage: string
  readonly resource: Record<string, string>
  readonly scope: string
  readonly attributes: Record<string, string>
  readonly events: readonly SeenEvent[]
  readonly droppedEvents: number
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
}

/** What the decoder makes of a message once its longs are texts and its bytes base64. */
interface Attribute {
  key: string
  value: { stringValue?: string; boolValue?: boolean; intValue?: string }
}
interface Request {
  resourceSpans?: {
    resource: { attributes?: Attribute[] }
    scopeSpans: { scope: { name: string }; spans: Span[] }[]
  }[]
}
interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: string | number
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes?: Attribute[]
  events?: { timeUnixNano: string; name: string; attributes?: Attribute[] }[]
  droppedEventsCount?: number
  links?: { traceId: string; spanId: string }[]
  status?: { code?: string | number; message?: string }
}

/** What protobufjs generates for a message. */
interface Message {
  decode(bytes: Uint8Array): object
  verify(message: object): string | null
  toObject(message: object, options: { longs: typeof String; bytes: typeof String; enums: typeof String }): Request
  encode(message: object): { finish(): Uint8Array }
}

// The package has no types for its generated root.
const { ExportTraceServiceRequest, ExportTraceServiceResponse } = (
  root as unknown as {
    opentelemetry: {
      proto: { collector: { trace: { v1: Record<`ExportTraceService${'Request' | 'Response'}`, Message> } } }
    }
  }
).opentelemetry.proto.collector.trace.v1

/** Throws where the bytes are no request. */
export function decodeRequest(bytes: Uint8Array): readonly SeenSpan[] {
  const message = ExportTraceServiceRequest.decode(bytes)
  const problem = ExportTraceServiceRequest.verify(message)
  if (problem !== null) throw new Error(problem)
  const request = ExportTraceServiceRequest.toObject(message, { longs: String, bytes: String, enums: String })
  return seenSpans(request, base64 => Buffer.from(base64, 'base64').toString('hex'))
}

/** The same of OTLP's JSON, whose ids are hex and whose enums are numbers. */
export const decodeRequestJson = (text: string): readonly SeenSpan[] => seenSpans(JSON.parse(text), hex => hex)

type IdReader = (id: string) => string

function seenSpans(request: Request, readId: IdReader): readonly SeenSpan[] {
  return (request.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map(span => seenSpan(span, { resource: attributesOf(resource.attributes), scope: scope.name }, readId)),
    ),
  )
}

function seenSpan(span: Span, around: Pick<SeenSpan, 'resource' | 'scope'>, hex: IdReader): SeenSpan {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId ?? ''),
    name: span.name,
    kind: nameIn(kinds, span.kind),
    startNs: span.startTimeUnixNano,
    endNs: span.endTimeUnixNano,
    status: nameIn(codes, span.status?.code ?? 0),
    statusMessage: span.status?.message ?? '',
    ...around,
    attributes: attributesOf(span.attributes),
    events: (span.events ?? []).map(({ timeUnixNano, name, attributes }) => ({
      timeNs: timeUnixNano,
      name,
      attributes: attributesOf(attributes),
    })),
    droppedEvents: span.droppedEventsCount ?? 0,
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId: hex(traceId), spanId: hex(spanId) })),
  }
}

const kinds = ['SPAN_KIND_UNSPECIFIED', 'SPAN_KIND_INTERNAL', 'SPAN_KIND_SERVER']
const codes = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR']
const nameIn = (names: readonly string[], value: string | number): string =>
  typeof value === 'number' ? (names[value] ?? '') : value

const attributesOf = (list: readonly Attribute[] = []): Record<string, string> =>
  Object.fromEntries(
    list.map(({ key, value }) => [key, String(value.stringValue ?? value.boolValue ?? value.intValue)]),
  )

/** An answer of a collector, for servers of tests. */
export const encodeResponse = (partial?: { rejectedSpans: number; errorMessage: string }): Uint8Array =>
  ExportTraceServiceResponse.encode(partial === undefined ? {} : { partialSuccess: partial }).finish()
