// Hot path: which origin a row has: its identity fields, else what its topic says (facts/fc-log-formats §5b).
import type { RecordOrigin } from '../../src/model/record-origin.ts'
import { type FlatObject, ValueType } from '../shared/flat-object.ts'
import { Field, type FieldName } from '../shared/row-field.ts'
import { OriginCache, OriginField, OriginValues, originFields } from './origin-cache.ts'
import { Topic, type TopicCode } from './row-topic.ts'

const COLON = 0x3a
const SLASH = 0x2f
const names: readonly FieldName[] = originFields
const rowFields = Int32Array.from(names, name => Field[name])

export class OriginReader {
  readonly #cache = new OriginCache()
  readonly #values = new OriginValues()

  /** The origin of a row; `inner` is the object inside its message, when the fields of a metric row stand there. */
  read(row: FlatObject, inner: FlatObject | null, topic: TopicCode): RecordOrigin {
    const values = this.#values
    values.clear()
    for (let index = 0; index < rowFields.length; index += 1) {
      putText(values, index, row, rowFields[index]!)
      if (inner !== null && values.isEmpty(index)) putText(values, index, inner, rowFields[index]!)
    }
    const complete = !values.isEmpty(OriginField.functionName) && !values.isEmpty(OriginField.serviceName)
    if (!complete && topic !== Topic.none) fillFromTopic(values, row, topic)
    return this.#cache.find(values)
  }
}

/** Sets one identity value from a string, or from a number or truth value as written. */
function putText(values: OriginValues, index: number, row: FlatObject, field: number): void {
  const type = row.types[field]!
  if (type === ValueType.none || type >= ValueType.null) return
  if (type !== ValueType.escaped) {
    values.set(index, row.view, row.starts[field]!, row.ends[field]!)
    return
  }
  const bytes = new TextEncoder().encode(row.text(field) ?? '')
  values.set(index, new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length)
}

/**
 * `FCLogs:<fn>`, `FCRequestMetrics:<svc>/<fn>` and its like name the function and the service; any other topic is an
 * FC 2.0 service. Fields win over the topic.
 */
function fillFromTopic(values: OriginValues, row: FlatObject, topic: TopicCode): void {
  let view = row.view
  let start = row.starts[Field.__topic__]!
  let end = row.ends[Field.__topic__]!
  if (row.types[Field.__topic__] === ValueType.escaped) {
    const bytes = new TextEncoder().encode(row.text(Field.__topic__) ?? '')
    view = new DataView(bytes.buffer, bytes.byteOffset)
    start = 0
    end = bytes.length
  }
  if (topic === Topic.service) {
    if (values.isEmpty(OriginField.serviceName)) values.set(OriginField.serviceName, view, start, end)
    return
  }
  while (view.getUint8(start) !== COLON) start += 1
  start += 1
  let slash = start
  while (slash < end && view.getUint8(slash) !== SLASH) slash += 1
  const hasSlash = slash < end
  if (values.isEmpty(OriginField.functionName))
    values.set(OriginField.functionName, view, hasSlash ? slash + 1 : start, end)
  if (hasSlash && values.isEmpty(OriginField.serviceName)) values.set(OriginField.serviceName, view, start, slash)
}
