// A request that was written as protobuf, as OTLP's JSON: ids in hex, whole numbers of 64 bits as text, enums as numbers.
import { type ProtoField, protoFields } from './proto-reader.ts'

/** What a field becomes. A list stands in its key once for all fields of its number. */
interface FieldForm {
  readonly key: string
  readonly isList?: boolean
  readonly read: (field: ProtoField) => unknown
}
type MessageForm = Readonly<Record<number, FieldForm>>

const bytesOf = (field: ProtoField): Buffer => {
  if (field.kind !== 'bytes') throw new RangeError(`field ${field.number} holds a number`)
  return field.value
}
const text = (field: ProtoField): string => bytesOf(field).toString('utf8')
const hex = (field: ProtoField): string => bytesOf(field).toString('hex')
const long = (field: ProtoField): string => String(field.value)
const small = (field: ProtoField): number => Number(field.value)
const flag = (field: ProtoField): boolean => field.value === 1n
const message = (form: MessageForm) => (field: ProtoField) => readMessage(bytesOf(field), form)

const keyValue: MessageForm = {
  1: { key: 'key', read: text },
  2: {
    key: 'value',
    read: message({
      1: { key: 'stringValue', read: text },
      2: { key: 'boolValue', read: flag },
      3: { key: 'intValue', read: long },
    }),
  },
}
const attributes: FieldForm = { key: 'attributes', isList: true, read: message(keyValue) }

const event: MessageForm = {
  1: { key: 'timeUnixNano', read: long },
  2: { key: 'name', read: text },
  3: attributes,
}
const link: MessageForm = { 1: { key: 'traceId', read: hex }, 2: { key: 'spanId', read: hex } }
const status: MessageForm = { 2: { key: 'message', read: text }, 3: { key: 'code', read: small } }
const span: MessageForm = {
  1: { key: 'traceId', read: hex },
  2: { key: 'spanId', read: hex },
  4: { key: 'parentSpanId', read: hex },
  5: { key: 'name', read: text },
  6: { key: 'kind', read: small },
  7: { key: 'startTimeUnixNano', read: long },
  8: { key: 'endTimeUnixNano', read: long },
  9: attributes,
  11: { key: 'events', isList: true, read: message(event) },
  12: { key: 'droppedEventsCount', read: small },
  13: { key: 'links', isList: true, read: message(link) },
  15: { key: 'status', read: message(status) },
}
const scopeSpans: MessageForm = {
  1: { key: 'scope', read: message({ 1: { key: 'name', read: text } }) },
  2: { key: 'spans', isList: true, read: message(span) },
}
const resourceSpans: MessageForm = {
  1: { key: 'resource', read: message({ 1: attributes }) },
  2: { key: 'scopeSpans', isList: true, read: message(scopeSpans) },
}
const request: MessageForm = { 1: { key: 'resourceSpans', isList: true, read: message(resourceSpans) } }

/** Throws a RangeError for what `SpanBatch` does not write. */
export const requestJson = (bytes: Buffer): string => JSON.stringify(readMessage(bytes, request))

function readMessage(bytes: Buffer, form: MessageForm): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  for (const field of protoFields(bytes)) {
    const known = form[field.number]
    if (known === undefined) throw new RangeError(`field ${field.number} is not one of ours`)
    const value = known.read(field)
    const before = object[known.key]
    if (known.isList !== true) object[known.key] = value
    else if (Array.isArray(before)) before.push(value)
    else object[known.key] = [value]
  }
  return object
}
