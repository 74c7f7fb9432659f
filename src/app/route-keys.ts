// Hot path: finds what a row is routed by. Rows of one instance have the same identity bytes, and so the key of the row before.
import { createHash } from 'node:crypto'
import { OriginReader } from '../../parsers/logstore-row/row-origin.ts'
import { Topic, type TopicCode, topicOf } from '../../parsers/logstore-row/row-topic.ts'
import { FlatObject, Scanned, ValueType } from '../../parsers/shared/flat-object.ts'
import { type FlatScan, placeCount } from '../../parsers/shared/flat-scan/flat-scan.ts'
import { Field } from '../../parsers/shared/row-field.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { RouteKey, RouteKind } from '../model/route.ts'

/** Keys that are kept; with more all are made anew. */
const maxKeys = 65_536
/** In UTF-16 units; what is longer is somebody's mistake, and goes by its hash. */
const maxKeyLength = 256

/** Of a key in UTF-8. */
export const maxKeyBytes = 3 * maxKeyLength

export interface RouteKeysOptions {
  readonly kind: RouteKind
  /** Scans ordinary rows; of nobody else, since it says where it saw the same bytes before. */
  readonly kernel: FlatScan
  readonly keyOf: (text: string) => RouteKey
}

export class RouteKeys {
  readonly #options: RouteKeysOptions
  readonly #fields: FlatObject
  /** The object inside `message`, for metric rows that keep their values there. */
  readonly #inner = new FlatObject()
  readonly #origins = new OriginReader()
  /** By the kernel's places for identity bytes. */
  readonly #byPlace = new Array<RouteKey | null>(placeCount).fill(null)
  readonly #byText = new Map<string, RouteKey>()

  constructor(options: RouteKeysOptions) {
    this.#options = options
    this.#fields = new FlatObject(options.kernel)
  }

  /**
   * The key of the row `buf[start .. end)`, without its line end. Null for text, and for a row that says neither where it is from
   * nor which request it is about. `isRowForSure`: every object is a row (`--format sls`).
   */
  find(buf: Buffer, start: number, end: number, isRowForSure: boolean): RouteKey | null {
    const fields = this.#fields
    if (fields.scan(buf, start, end) !== Scanned.object) return null
    const { scanned } = fields
    // What is remembered there belongs to bytes that are no longer in the place.
    if (scanned < 0) this.#byPlace[-2 - scanned] = null
    if (!isRowForSure && !isRow(fields)) return null
    const known = scanned >= 2 ? this.#byPlace[scanned - 2]! : null
    return known ?? this.#read()
  }

  /** The key of this text; at most {@link maxKeyBytes} long. */
  of(wanted: string): RouteKey {
    const text = wanted.length <= maxKeyLength ? wanted : createHash('sha256').update(wanted).digest('hex')
    let key = this.#byText.get(text)
    if (key === undefined) {
      if (this.#byText.size === maxKeys) this.#byText.clear()
      key = this.#options.keyOf(text)
      this.#byText.set(text, key)
    }
    return key
  }

  #read(): RouteKey | null {
    const fields = this.#fields
    const topic = topicOf(fields)
    const origin = this.#origins.read(fields, null, topic)
    const text = this.#textOf(origin)
    if (text !== null && this.#isWhole(origin, topic)) {
      const key = this.of(text)
      this.#keep(key)
      return key
    }
    const inner = hasInner(topic) ? this.#innerFields() : null
    const known = inner === null ? text : this.#textOf(this.#origins.read(fields, inner, topic))
    const requestId = known ?? fields.text(Field.requestId) ?? inner?.text(Field.requestId) ?? null
    return requestId === null ? null : this.of(requestId)
  }

  /** Nothing inside the message could say more. */
  #isWhole({ instanceID }: RecordOrigin, topic: TopicCode): boolean {
    return this.#options.kind === 'function' || instanceID !== null || !hasInner(topic)
  }

  #textOf({ serviceName, functionName, instanceID }: RecordOrigin): string | null {
    if (this.#options.kind === 'instance' && instanceID !== null) return instanceID
    return functionName === null ? null : `${serviceName ?? ''}/${functionName}`
  }

  #keep(key: RouteKey): void {
    const { scanned } = this.#fields
    if (scanned >= 2) this.#byPlace[scanned - 2] = key
    else if (scanned < 0) this.#byPlace[-2 - scanned] = key
  }

  #innerFields(): FlatObject | null {
    const fields = this.#fields
    if (!fields.isString(Field.message)) return null
    const bytes = Buffer.from(fields.text(Field.message) ?? '')
    return this.#inner.scan(bytes, 0, bytes.length) === Scanned.object ? this.#inner : null
  }
}

/** Contract §2: what of all objects is a row. */
function isRow(fields: FlatObject): boolean {
  if (fields.isString(Field.__topic__) || fields.isString(Field.message)) return true
  return fields.isString(Field.__time__) || fields.types[Field.__time__] === ValueType.number
}

/** Kinds of rows that may have their fields inside the message. */
const hasInner = (topic: TopicCode): boolean =>
  topic === Topic.requestMetrics || topic === Topic.instanceMetrics || topic === Topic.instanceEvents
