// Hot path: reads one line as a Logstore row (contract §2). The scanner finds ranges, this file decides what they mean;
// nothing is made for an ordinary application row.
import { type LogstoreRow, RowKind, type RowKindCode } from '../../src/model/logstore-row.ts'
import type { RecordOrigin } from '../../src/model/record-origin.ts'
import type { RequestMetricsRow } from '../../src/model/request-metrics-row.ts'
import { FlatObject, Scanned, ValueType } from '../shared/flat-object.ts'
import type { FlatScan } from '../shared/flat-scan/flat-scan.ts'
import { JsonUnescaper } from '../shared/json-unescape.ts'
import { Field } from '../shared/row-field.ts'
import { IdentityCache } from './identity-cache.ts'
import { unknownOrigin } from './origin-cache.ts'
import { OriginReader } from './row-origin.ts'
import { readRowTime } from './row-time.ts'
import { Topic, type TopicCode, topicOf } from './row-topic.ts'

export interface RowReaderOptions {
  /** Reads a request metrics row's values: `parsers/fc-request-metrics`. */
  readonly readRequestMetrics: (fields: FlatObject, metrics: RequestMetricsRow) => void
  /** Reads an instance event from a row's JSON text: `parsers/fc-instance-events`. */
  readonly readInstanceEvent: (json: string) => { readonly name: string | null; readonly level: string | null }
  /**
   * True when every JSON object is a row (`--format sls`). Otherwise an object without a string `__topic__`, a
   * `__time__` or a string `message` is `notARow` (`--format auto`: it is text).
   */
  readonly everyObjectIsARow?: boolean
  /** Scans ordinary rows, where they lie in its memory. */
  readonly kernel?: FlatScan
}

/** Reads rows one at a time. Holds the interned origins and the buffer that unescaped messages live in. */
export class RowReader {
  readonly #options: RowReaderOptions
  readonly #everyObjectIsARow: boolean
  readonly #fields: FlatObject
  /** The object inside `message`, for metric rows that keep their values there. */
  readonly #inner = new FlatObject()
  readonly #message: JsonUnescaper
  readonly #origins = new OriginReader()
  readonly #identities = new IdentityCache()

  constructor(options: RowReaderOptions) {
    this.#options = options
    const kernel = options.kernel ?? null
    this.#fields = new FlatObject(kernel)
    this.#message = new JsonUnescaper(kernel)
    this.#everyObjectIsARow = options.everyObjectIsARow ?? false
  }

  /**
   * Reads the line `buf[start .. end)` (without its line end) into `row`. What `row` then holds lasts until the next
   * call or until `buf` changes. `invalidJson` begins like an object but is not one whole JSON value; whether it is text
   * or a dead letter is the caller's decision. UTF-8 is not checked here.
   */
  read(buf: Buffer, start: number, end: number, row: LogstoreRow): void {
    row.origin = unknownOrigin
    row.messageBuffer = buf
    row.messageStart = row.messageEnd = 0
    row.eventName = row.eventLevel = null
    const fields = this.#fields
    const scanned = fields.scan(buf, start, end)
    if (scanned !== Scanned.object) {
      row.kind = scanned === Scanned.broken ? RowKind.invalidJson : RowKind.notARow
      row.timeMs = Number.NaN
      return
    }
    readRowTime(fields, row)
    if (!this.#everyObjectIsARow && !isRow(fields)) {
      row.kind = RowKind.notARow
      return
    }
    const identities = this.#identities
    const known = identities.find(fields)
    const topic = known === null ? topicOf(fields) : identities.topic
    row.kind = this.#kindOf(topic, start, end)
    if (row.kind === RowKind.appLog) {
      this.#readMessage(row)
      row.origin = known ?? this.#newOrigin(topic)
    } else this.#readOther(row, topic, start, end)
  }

  #kindOf(topic: TopicCode, start: number, end: number): RowKindCode {
    const fields = this.#fields
    switch (topic) {
      case Topic.requestMetrics:
        return RowKind.requestMetrics
      case Topic.instanceMetrics:
        return RowKind.instanceMetrics
      case Topic.instanceEvents:
        return RowKind.instanceEvent
    }
    if (hasMessage(fields)) return RowKind.appLog
    if (topic !== Topic.none) return RowKind.noMessage
    if (isGiven(fields, Field.requestId) && isGiven(fields, Field.durationMs)) return RowKind.requestMetrics
    if (isGiven(fields, Field.aggPeriodSeconds)) return RowKind.instanceMetrics
    if (fields.maybeEvent && this.#options.readInstanceEvent(this.#json(start, end)).name !== null)
      return RowKind.instanceEvent
    return RowKind.noMessage
  }

  /** The origin of a row without an inner object. */
  #newOrigin(topic: TopicCode): RecordOrigin {
    const origin = this.#origins.read(this.#fields, null, topic)
    this.#identities.keep(this.#fields, origin, topic)
    return origin
  }

  #readMessage(row: LogstoreRow): void {
    const fields = this.#fields
    const start = fields.starts[Field.message]!
    const end = fields.ends[Field.message]!
    if (fields.types[Field.message] === ValueType.escaped) {
      this.#message.unescape(fields.buffer, start, end, fields.messageEscapeAt)
      row.messageBuffer = this.#message.bytes
      row.messageStart = 0
      row.messageEnd = this.#message.length
    } else {
      row.messageStart = start
      row.messageEnd = end
    }
  }

  #readOther(row: LogstoreRow, topic: TopicCode, start: number, end: number): void {
    const inner = row.kind === RowKind.noMessage ? null : this.#innerFields()
    const known = inner === null ? this.#identities.find(this.#fields) : this.#origins.read(this.#fields, inner, topic)
    row.origin = known ?? this.#newOrigin(topic)
    if (row.kind === RowKind.requestMetrics) {
      row.metrics.clear()
      this.#options.readRequestMetrics(this.#fields, row.metrics)
      if (inner !== null) this.#options.readRequestMetrics(inner, row.metrics)
    } else if (row.kind === RowKind.instanceEvent) {
      const event = this.#options.readInstanceEvent(this.#json(start, end))
      row.eventName = event.name
      row.eventLevel = event.level
    }
  }

  /** The object that the message of a metric row is, or null. */
  #innerFields(): FlatObject | null {
    const fields = this.#fields
    const start = fields.starts[Field.message]!
    const end = fields.ends[Field.message]!
    let scanned: Scanned = Scanned.notObject
    if (fields.types[Field.message] === ValueType.escaped) {
      this.#message.unescape(fields.buffer, start, end, fields.messageEscapeAt)
      scanned = this.#inner.scan(this.#message.bytes, 0, this.#message.length)
    } else if (fields.types[Field.message] === ValueType.text) scanned = this.#inner.scan(fields.buffer, start, end)
    return scanned === Scanned.object ? this.#inner : null
  }

  #json(start: number, end: number): string {
    return this.#fields.buffer.toString('utf8', start, end)
  }
}

function isRow(fields: FlatObject): boolean {
  if (fields.isString(Field.__topic__) || fields.isString(Field.message)) return true
  return fields.isString(Field.__time__) || fields.types[Field.__time__] === ValueType.number
}

/** A string, or a number or truth value, whose spelling then is the message. */
function hasMessage(fields: FlatObject): boolean {
  const type = fields.types[Field.message]!
  return type !== ValueType.none && type < ValueType.null
}

const isGiven = (fields: FlatObject, field: number): boolean =>
  fields.types[field] !== ValueType.none && fields.types[field] !== ValueType.null
