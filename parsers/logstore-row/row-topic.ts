// Hot path: what a row's `__topic__` says about its kind (facts/fc-metrics-billing §A.1).
import { type FlatObject, ValueType } from '../shared/flat-object.ts'
import { asciiBytes, matchesAt } from '../shared/match-bytes.ts'
import { Field } from '../shared/row-field.ts'

/** Topics by what they announce. `none`: no topic, an empty one, or no string; `service`: an FC 2.0 service, or anything else. */
export const Topic = { none: 0, service: 1, logs: 2, requestMetrics: 3, instanceMetrics: 4, instanceEvents: 5 } as const
export type TopicCode = (typeof Topic)[keyof typeof Topic]

const logs = asciiBytes('FCLogs:')
const requestMetrics = asciiBytes('FCRequestMetrics:')
const instanceMetrics = asciiBytes('FCInstanceMetrics:')
const instanceEvents = asciiBytes('FCInstanceEvents:')

export function topicOf(row: FlatObject): TopicCode {
  const type = row.types[Field.__topic__]
  if (type === ValueType.text) return topicAt(row.buffer, row.starts[Field.__topic__]!, row.ends[Field.__topic__]!)
  if (type !== ValueType.escaped) return Topic.none
  const bytes = Buffer.from(row.text(Field.__topic__) ?? '')
  return topicAt(bytes, 0, bytes.length)
}

function topicAt(buf: Uint8Array, start: number, end: number): TopicCode {
  if (start === end) return Topic.none
  // The third byte leaves one candidate, or the two that share it.
  switch (buf[start + 2]) {
    case 0x4c:
      return matchesAt(buf, start, end, logs) ? Topic.logs : Topic.service
    case 0x52:
      return matchesAt(buf, start, end, requestMetrics) ? Topic.requestMetrics : Topic.service
    case 0x49:
      if (matchesAt(buf, start, end, instanceMetrics)) return Topic.instanceMetrics
      return matchesAt(buf, start, end, instanceEvents) ? Topic.instanceEvents : Topic.service
    default:
      return Topic.service
  }
}
