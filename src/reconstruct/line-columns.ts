// Hot path: collects the application lines of a batch as columns, byte by byte where a store will want them. Ordinary lines are
// written by the kernel (ordinary-lines.wat), all others here; both write behind each other in the same shared memory.

import type { LinearMemory } from '../lib/linear-memory.ts'
import { traceIdWords } from '../lib/trace-id.ts'
import type { LineBlock } from '../model/line-block.ts'
import { TimeSourceCode } from '../model/line-block.ts'
import type { LinePlace } from '../model/line-owner.ts'
import type { LineTimeReader } from '../model/line-time.ts'
import type { ParsedLine } from '../model/parsed-line.ts'
import type { RecordOrigin } from '../model/record-origin.ts'
import type { SourceStream } from '../model/source.ts'
import { Cell, idWords, none } from './attempt-layout.ts'
import type { Attempts } from './attempts.ts'
import { Frame, windowPositionDouble } from './engine-frame.ts'
import { idSlackBytes, type LineColumnsRoom, maxSeverityBytes } from './line-columns-room.ts'
import { deriveIdentity } from './line-identity.ts'
import type { StreamState } from './stream-state.ts'

/** Origins and streams are told by two bytes. */
const maxIndices = 65_000

/** Two words of 32 bits hold whole numbers up to 2 ** 53. */
const high = 0x1_0000_0000

/** The years 1900 to 2261: what a column of nanoseconds in 64 bits holds. A program may print any other; then it told no time. */
const firstTimeMs = -2_208_988_800_000
const behindLastTimeMs = 9_214_646_400_000

/** The columns of the batch at hand. */
export class LineColumns {
  readonly #room: LineColumnsRoom
  readonly #words: Int32Array
  readonly #doubles: Float64Array
  readonly #attempts: Attempts
  readonly #time: LineTimeReader
  /** The whole memory, by bytes and by words. */
  readonly #bytes: Buffer
  readonly #memory: Uint32Array
  readonly #origins: RecordOrigin[] = []
  readonly #originIndex = new Map<RecordOrigin, number>()
  readonly #streams: SourceStream[] = []
  readonly #streamIndex = new Map<string, number>()
  #lastOrigin: RecordOrigin | null = null
  #lastOriginIndex = 0
  /** Where the record at hand stands in its stream. */
  position = 0
  /** True while lines are stored already: none becomes a row. */
  isMuted = false

  constructor(parts: { memory: LinearMemory; room: LineColumnsRoom; attempts: Attempts; time: LineTimeReader }) {
    const { memory, room, attempts } = parts
    const { buffer } = memory.memory
    this.#room = room
    this.#attempts = attempts
    this.#time = parts.time
    this.#words = attempts.frame.words
    this.#doubles = attempts.frame.doubles
    this.#bytes = Buffer.from(buffer)
    this.#memory = new Uint32Array(buffer)
    const words = this.#words
    words[Frame.rowsOn] = 1
    words[Frame.rowLimit] = room.rows
    words[Frame.rowTimes] = room.times
    words[Frame.rowPositions] = room.positions
    words[Frame.rowTraceIds] = room.traceIds
    words[Frame.rowSpanIds] = room.spanIds
    words[Frame.rowKinds] = room.kinds
    words[Frame.rowLevels] = room.levels
    words[Frame.rowTimeSources] = room.timeSources
    words[Frame.rowWaiting] = room.waiting
    words[Frame.rowOrigins] = room.originIndices
    words[Frame.rowStreams] = room.streamIndices
    words[Frame.bodyLimit] = room.bodies + room.fullBodyBytes
    words[Frame.idLimit] = room.requestIds + room.idBytes - idSlackBytes
    this.clear()
  }

  get rows(): number {
    return this.#words[Frame.rowCount]!
  }

  /** True when the batch must be closed before the next line. */
  get isFull(): boolean {
    const words = this.#words
    return (
      words[Frame.rowCount]! >= words[Frame.rowLimit]! ||
      words[Frame.bodyEnd]! >= words[Frame.bodyLimit]! ||
      words[Frame.idEnd]! >= words[Frame.idLimit]! ||
      this.#origins.length >= maxIndices ||
      this.#streams.length >= maxIndices
    )
  }

  /** Lines that follow come from this stream; for text, `origin` is theirs. */
  enter(stream: SourceStream, origin: RecordOrigin): void {
    this.#words[Frame.rowStream] = this.#indexOfStream(stream)
    this.#words[Frame.rowOrigin] = this.#indexOfOrigin(origin)
  }

  /** Lines of text that follow stand in a window whose first byte is at `position` of the stream. */
  set windowPosition(position: number) {
    this.#doubles[windowPositionDouble] = position
  }

  /** The kernel reads times without a zone as UTC; it leaves them alone when that is not right. */
  set isZonelessUtc(value: boolean) {
    this.#words[Frame.zonelessUtc] = value ? 1 : 0
  }

  /**
   * Adds the row of a record that is told by `line` and whose text is `[bodyStart, bodyEnd)`. `slot` is its attempt, or
   * {@link none}; `recordMs` the record's own time, NaN where there is none. `isWaiting`: an owner may be told later. Must not be
   * full.
   */
  add(
    buf: Buffer,
    line: ParsedLine,
    bodyStart: number,
    bodyEnd: number,
    slot: number,
    stream: StreamState,
    origin: RecordOrigin,
    recordMs: number,
    isWaiting: boolean,
  ): void {
    const words = this.#words
    const at = words[Frame.rowCount]!
    const bytes = this.#bytes
    const room = this.#room
    this.#putTime(at, buf, line, recordMs, stream)
    if (this.isMuted) return
    this.#putWhole(room.positions + at * 8, this.position)
    bytes[room.kinds + at] = line.kind
    bytes[room.levels + at] = line.level
    bytes[room.waiting + at] = isWaiting ? 1 : 0
    const originIndex = origin === this.#lastOrigin ? this.#lastOriginIndex : this.#indexOfOrigin(origin)
    bytes.writeUInt16LE(originIndex, room.originIndices + at * 2)
    bytes.writeUInt16LE(words[Frame.rowStream]!, room.streamIndices + at * 2)
    words[Frame.severityEnd] = this.#putText(words[Frame.severityEnd]!, buf, line.levelStart, severityEnd(buf, line))
    words[Frame.bodyEnd] = this.#putText(words[Frame.bodyEnd]!, buf, bodyStart, bodyEnd)
    this.#putIdentity(at, slot)
    words[Frame.rowCount] = at + 1
  }

  #putTime(at: number, buf: Buffer, line: ParsedLine, recordMs: number, stream: StreamState): void {
    const time = this.#time
    time.read(buf, line, recordMs)
    const isTime = time.source !== TimeSourceCode.none && time.ms >= firstTimeMs && time.ms < behindLastTimeMs
    this.#bytes[this.#room.timeSources + at] = isTime ? time.source : TimeSourceCode.none
    // A line without a time carries that of the line before it on its stream, so that it is found beside it.
    if (isTime) stream.lastTimeMs = time.ms
    this.#putWhole(this.#room.times + at * 8, stream.lastTimeMs)
  }

  #putWhole(address: number, value: number): void {
    const word = address >> 2
    const upper = Math.floor(value / high)
    this.#memory[word] = value - upper * high
    this.#memory[word + 1] = upper
  }

  /** Writes length and bytes at `address`; returns the address behind them. */
  #putText(address: number, buf: Buffer, start: number, end: number): number {
    const bytes = this.#bytes
    let at = address
    let length = end - start
    while (length > 0x7f) {
      bytes[at++] = (length & 0x7f) | 0x80
      length >>>= 7
    }
    bytes[at++] = length
    return at + buf.copy(bytes, at, start, end)
  }

  #putIdentity(at: number, slot: number): void {
    const words = this.#words
    const trace = (this.#room.traceIds >> 2) + at * 4
    const span = (this.#room.spanIds >> 2) + at * 2
    const memory = this.#memory
    if (slot === none) {
      this.#bytes[words[Frame.idEnd]!++] = 0
      memory.fill(0, trace, trace + 4)
      memory.fill(0, span, span + 2)
      return
    }
    const { cells } = this.#attempts.table
    if (cells[slot + Cell.traceId + 3] === 0) deriveIdentity(this.#attempts, slot)
    for (let word = 0; word < traceIdWords; word++) memory[trace + word] = cells[slot + Cell.traceId + word]!
    memory[span] = cells[slot + Cell.spanId]!
    memory[span + 1] = cells[slot + Cell.spanId + 1]!
    words[Frame.idEnd] = this.#putId(words[Frame.idEnd]!, slot)
  }

  #putId(address: number, slot: number): number {
    const { table, ids } = this.#attempts
    const length = table.cells[slot + Cell.idLength]!
    const bytes = this.#bytes
    if (length <= idWords * 4) {
      bytes[address] = length
      const from = table.address + (slot + Cell.id) * 4
      bytes.copyWithin(address + 1, from, from + length)
      return address + 1 + length
    }
    const text = Buffer.from(ids.textOf(slot) ?? '', 'utf8')
    return this.#putText(address, text, 0, text.length)
  }

  /** Where the record at hand stands. */
  place(): LinePlace {
    return [this.#streams[this.#words[Frame.rowStream]!]!.id, this.position]
  }

  #indexOfOrigin(origin: RecordOrigin): number {
    let index = this.#originIndex.get(origin)
    if (index === undefined) {
      index = this.#origins.push(origin) - 1
      this.#originIndex.set(origin, index)
    }
    this.#lastOrigin = origin
    this.#lastOriginIndex = index
    return index
  }

  #indexOfStream(stream: SourceStream): number {
    let index = this.#streamIndex.get(stream.id)
    if (index === undefined) {
      index = this.#streams.push(stream) - 1
      this.#streamIndex.set(stream.id, index)
    }
    return index
  }

  /** The columns as they are now; valid until {@link clear}. */
  block(): LineBlock {
    const words = this.#words
    const room = this.#room
    const rows = this.rows
    const part = (from: number, to: number): Uint8Array => this.#bytes.subarray(from, to)
    return {
      rows,
      times: part(room.times, room.times + rows * 8),
      timeSources: part(room.timeSources, room.timeSources + rows),
      waiting: part(room.waiting, room.waiting + rows),
      kinds: part(room.kinds, room.kinds + rows),
      levels: part(room.levels, room.levels + rows),
      severityTexts: part(room.severityTexts, words[Frame.severityEnd]!),
      bodies: part(room.bodies, words[Frame.bodyEnd]!),
      requestIds: part(room.requestIds, words[Frame.idEnd]!),
      traceIds: part(room.traceIds, room.traceIds + rows * 16),
      spanIds: part(room.spanIds, room.spanIds + rows * 8),
      originIndices: part(room.originIndices, room.originIndices + rows * 2),
      streamIndices: part(room.streamIndices, room.streamIndices + rows * 2),
      positions: part(room.positions, room.positions + rows * 8),
      origins: this.#origins,
      streams: this.#streams,
    }
  }

  /** Forgets all rows. {@link enter} must be called before the next line. */
  clear(): void {
    const words = this.#words
    words[Frame.rowCount] = 0
    words[Frame.bodyEnd] = this.#room.bodies
    words[Frame.idEnd] = this.#room.requestIds
    words[Frame.severityEnd] = this.#room.severityTexts
    this.#origins.length = 0
    this.#originIndex.clear()
    this.#streams.length = 0
    this.#streamIndex.clear()
    this.#lastOrigin = null
  }
}

/** Where the level as written ends, cut at a character's end. */
function severityEnd(buf: Uint8Array, line: ParsedLine): number {
  const { levelStart, levelEnd } = line
  if (levelEnd - levelStart <= maxSeverityBytes) return levelEnd
  let end = levelStart + maxSeverityBytes
  while (end > levelStart && (buf[end]! & 0xc0) === 0x80) end--
  return end
}
