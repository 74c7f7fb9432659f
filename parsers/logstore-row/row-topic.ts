// Hot path: what a row's `__topic__` says about its kind (facts/fc-metrics-billing §A.1).
import { type FlatObject, ValueType } from '../shared/flat-object.ts'
import { Field } from '../shared/row-field.ts'

/** Topics by what they announce. `none`: no topic, an empty one, or no string; `service`: an FC 2.0 service, or anything else. */
export const Topic = { none: 0, service: 1, logs: 2, requestMetrics: 3, instanceMetrics: 4, instanceEvents: 5 } as const
export type TopicCode = (typeof Topic)[keyof typeof Topic]

const prefixes = [
  { topic: Topic.logs, bytes: Buffer.from('FCLogs:') },
  { topic: Topic.requestMetrics, bytes: Buffer.from('FCRequestMetrics:') },
  { topic: Topic.instanceMetrics, bytes: Buffer.from('FCInstanceMetrics:') },
  { topic: Topic.instanceEvents, bytes: Buffer.from('FCInstanceEvents:') },
] as const

export function topicOf(row: FlatObject): TopicCode {
  const type = row.types[Field.__topic__]
  if (type === ValueType.text) return topicAt(row.buffer, row.starts[Field.__topic__]!, row.ends[Field.__topic__]!)
  if (type !== ValueType.escaped) return Topic.none
  const bytes = Buffer.from(row.text(Field.__topic__) ?? '')
  return topicAt(bytes, 0, bytes.length)
}

function topicAt(buf: Uint8Array, start: number, end: number): TopicCode {
  if (start === end) return Topic.none
  if (buf[start] !== 0x46) return Topic.service
  for (let i = 0; i < prefixes.length; i += 1) {
    const prefix = prefixes[i]!
    if (end - start >= prefix.bytes.length && beginsWith(buf, start, prefix.bytes)) return prefix.topic
  }
  return Topic.service
}

function beginsWith(buf: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i += 1) if (buf[start + i] !== bytes[i]) return false
  return true
}
