// Hot path: turns LogGroups into the lines of JSON that Logstore rows are, from bytes to bytes: no object, no string.
import { GroupRows } from './group-rows/group-rows.ts'
import { ReusedBytes } from './reused-bytes.ts'
import { fixedText, memberBytes, RowOutput } from './row-output.ts'
import { WireReader } from './wire-reader.ts'

/** Rows of whole LogGroups as JSON lines. Reused: valid until the next call. */
export interface EncodedGroups {
  readonly bytes: Buffer
  readonly length: number
  readonly groups: number
  /** Where each group's rows end in {@link bytes}. A group without logs has none, and ends where the one before it does. */
  readonly ends: Uint32Array
  readonly rows: number
}

// Beginnings of the fields (facts §1.4), number times 8 plus wire type:
//   LogGroupList     0x0a LogGroup
//   LogGroup         0x0a Log   0x1a Topic    0x22 Source  0x32 LogTag
//   Log              0x08 Time  0x12 Content  0x25 Time_ns
//   Content, LogTag  0x0a Key   0x12 Value
const GROUP = 0x0a
const LOG = 0x0a
const TOPIC = 0x1a
const SOURCE = 0x22
const TAG = 0x32
const TIME = 0x08
const CONTENT = 0x12
const TIME_NS = 0x25
const KEY = 0x0a
const VALUE = 0x12

const timeOpen = fixedText('{"__time__":')
const nsOpen = fixedText(',"__time_ns_part__":')
const sourceOpen = fixedText(',"__source__":"')
const topicOpen = fixedText(',"__topic__":"')
const tagOpen = fixedText(',"__tag__:')
const quote = fixedText('"')
const valueOpen = fixedText('":"')

/** More than a reply of 64 MiB becomes, unless it was made to become more: a group's tags come again with each of its logs. */
const defaultMaxBytes = 1024 * 1024 * 1024

/** A byte range of the body. */
class Range {
  at = 0
  end = 0

  set(at: number, end: number): void {
    this.at = at
    this.end = end
  }

  clear(): void {
    this.at = this.end = 0
  }
}

class Rows implements EncodedGroups {
  bytes = Buffer.alloc(0)
  length = 0
  groups = 0
  ends = new Uint32Array(1024)
  rows = 0
}

/**
 * Writes rows: `{"__time__":1736928747,"__time_ns_part__":123,"__source__":"…","__tag__:key":"value",…,"__topic__":"…","field":"value",…}`,
 * tags and fields in their order, also when a name comes twice. Bytes that are not UTF-8 stay what they are. Tags change with
 * every group (`__receive_time__`); with the topic behind them, a reader that remembers whence rows come by their bytes from
 * the topic to the last field of that kind knows the next group's again.
 */
export class RowEncoder {
  /** Memory for copies of what was encoded. */
  readonly pages = new ReusedBytes()
  readonly #output: RowOutput
  readonly #wire = new WireReader()
  readonly #ordinary = new GroupRows()
  readonly #rows = new Rows()
  /** Of the group that is being written. Tags come behind the logs: `#tags` spans from the first of them to the last. */
  readonly #topic = new Range()
  readonly #source = new Range()
  readonly #tags = new Range()
  readonly #key = new Range()
  readonly #value = new Range()
  /** Where the group's members stand in the output, once its first row is written; they are the same in all of them. */
  readonly #written = new Range()

  constructor(maxBytes: number = defaultMaxBytes) {
    this.#output = new RowOutput(maxBytes)
  }

  /** The rows of a LogGroupList; throws a {@link DecodeError} when it is none. The same bytes always give the same rows. */
  encode(body: Buffer): EncodedGroups {
    const wire = this.#wire
    const rows = this.#rows
    const output = this.#output
    wire.reset(body)
    output.reset()
    rows.groups = rows.rows = 0
    const { length } = body
    while (wire.at < length) {
      const tag = wire.varint(length)
      if (tag !== GROUP) wire.skip(tag, length)
      else {
        const end = wire.rangeEnd(length)
        this.#group(end)
        this.#endGroup()
      }
    }
    rows.bytes = output.bytes
    rows.length = output.at
    return rows
  }

  #endGroup(): void {
    const rows = this.#rows
    if (rows.groups === rows.ends.length) {
      const grown = new Uint32Array(rows.ends.length * 2)
      grown.set(rows.ends)
      rows.ends = grown
    }
    rows.ends[rows.groups] = this.#output.at
    rows.groups += 1
  }

  #group(end: number): void {
    const wire = this.#wire
    const from = wire.at
    const logs = this.#readGroup(end)
    if (logs === 0) return
    this.#rows.rows += logs
    this.#written.clear()
    if (this.#writeOrdinary(from, end)) return
    wire.at = from
    while (wire.at < end) {
      const tag = wire.varint(end)
      if (tag !== LOG) wire.skip(tag, end)
      else this.#log(wire.rangeEnd(end))
    }
  }

  /** Writes the group `[at, end)` by the kernel; false when it is left alone. */
  #writeOrdinary(at: number, end: number): boolean {
    const wire = this.#wire
    const output = this.#output
    const from = output.at
    this.#putShared()
    const rows = this.#ordinary.write(wire.bytes, { at, end }, output.bytes.subarray(from, output.at))
    output.at = from
    this.#written.clear()
    if (rows === null) return false
    output.reserve(rows.length)
    output.putBytes(rows)
    wire.at = end
    return true
  }

  /** Finds what all logs of the group share; returns their number. */
  #readGroup(end: number): number {
    const wire = this.#wire
    let logs = 0
    this.#topic.clear()
    this.#source.clear()
    this.#tags.clear()
    while (wire.at < end) {
      const from = wire.at
      const tag = wire.varint(end)
      if (tag === LOG) {
        wire.at = wire.rangeEnd(end)
        logs += 1
      } else if (tag === TOPIC || tag === SOURCE || tag === TAG) {
        const fieldEnd = wire.rangeEnd(end)
        if (tag === TOPIC) this.#topic.set(wire.at, fieldEnd)
        else if (tag === SOURCE) this.#source.set(wire.at, fieldEnd)
        else this.#tags.set(this.#tags.end === 0 ? from : this.#tags.at, fieldEnd)
        wire.at = fieldEnd
      } else wire.skip(tag, end)
    }
    return logs
  }

  #log(end: number): void {
    const wire = this.#wire
    const output = this.#output
    this.#putHead(end)
    while (wire.at < end) {
      const tag = wire.varint(end)
      if (tag !== CONTENT) wire.skip(tag, end)
      else this.#member(wire.rangeEnd(end))
    }
    output.reserve(2)
    output.putRowEnd()
  }

  /** Writes what comes before the fields. Time_ns comes behind them, so the log is looked through first. */
  #putHead(end: number): void {
    const wire = this.#wire
    const output = this.#output
    const from = wire.at
    let time = 0
    let ns = -1
    while (wire.at < end) {
      const tag = wire.varint(end)
      if (tag === CONTENT) wire.at = wire.rangeEnd(end)
      else if (tag === TIME) time = wire.varint(end)
      else if (tag === TIME_NS) ns = wire.fourBytes(end)
      else wire.skip(tag, end)
    }
    output.reserve(64)
    output.putFixed(timeOpen)
    output.putDecimal(time)
    if (ns >= 0) {
      output.putFixed(nsOpen)
      output.putDecimal(ns)
    }
    const written = this.#written
    if (written.end !== 0) {
      output.reserve(written.end - written.at)
      output.putAgain(written.at, written.end)
    } else this.#putShared()
    wire.at = from
  }

  #putShared(): void {
    const wire = this.#wire
    const output = this.#output
    const { view } = wire
    const topic = this.#topic
    const source = this.#source
    const from = output.at
    output.reserve(memberBytes(source.end - source.at))
    output.putFixed(sourceOpen)
    output.putText(view, source.at, source.end)
    output.putFixed(quote)
    const { end } = this.#tags
    wire.at = this.#tags.at
    while (wire.at < end) {
      const tag = wire.varint(end)
      if (tag !== TAG) wire.skip(tag, end)
      else this.#tag(wire.rangeEnd(end))
    }
    output.reserve(memberBytes(topic.end - topic.at))
    output.putFixed(topicOpen)
    output.putText(view, topic.at, topic.end)
    output.putFixed(quote)
    this.#written.set(from, output.at)
  }

  #tag(end: number): void {
    const output = this.#output
    const { view } = this.#wire
    const key = this.#key
    const value = this.#value
    this.#readPair(end)
    output.reserve(memberBytes(key.end - key.at + value.end - value.at))
    output.putFixed(tagOpen)
    output.putText(view, key.at, key.end)
    output.putFixed(valueOpen)
    output.putText(view, value.at, value.end)
    output.putFixed(quote)
  }

  #member(end: number): void {
    const key = this.#key
    const value = this.#value
    this.#readPair(end)
    this.#output.putMember(this.#wire.view, key.at, key.end, value.at, value.end)
  }

  /** Reads a Content or LogTag; what is not there is empty, of what comes twice the last counts, as protobuf has it. */
  #readPair(end: number): void {
    const wire = this.#wire
    const key = this.#key
    const value = this.#value
    key.clear()
    value.clear()
    while (wire.at < end) {
      const tag = wire.varint(end)
      if (tag === KEY || tag === VALUE) {
        const range = tag === KEY ? key : value
        const rangeEnd = wire.rangeEnd(end)
        range.set(wire.at, rangeEnd)
        wire.at = rangeEnd
      } else wire.skip(tag, end)
    }
  }
}
