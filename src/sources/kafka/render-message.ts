// Hot path: what a message is in the window: its value, with a time where a row has none, and with a line end.

import type { Message } from './message-queue.ts'
import { findUntimedRow, isEmptyObject, type TimedRows, TimeMembers } from './row-time.ts'

const lineFeed = 0x0a
const brace = 0x7b
const space = 0x20
const nothing = Buffer.alloc(0)
const lineEnd = Buffer.from('\n')

export interface RenderOptions {
  readonly timed: TimedRows
  /** A message with a key is one field of a row, as Simple Log Service sends rows with a single field (facts/sls-protocol §6). */
  readonly keysAreFields: boolean
}

/** Renders messages. The same message always becomes the same bytes: positions count them. */
export class MessageRenderer {
  readonly #options: RenderOptions
  readonly #hasRows: boolean
  readonly #times = new TimeMembers()

  constructor(options: RenderOptions) {
    this.#options = options
    this.#hasRows = options.timed !== 'none' || options.keysAreFields
  }

  /**
   * Puts a message into the window at `at`; returns where it ends, or -1 when it does not fit. A message without a value has no
   * bytes.
   */
  put(message: Message, window: Uint8Array, at: number): number {
    const { value } = message
    if (value === null) return at
    const { length } = value
    if (this.#hasRows && (length === 0 || this.#mayBeRow(message, value))) return this.#putRow(message, window, at)
    const hasEnd = length > 0 && value[length - 1] === lineFeed
    const end = at + length + (hasEnd ? 0 : 1)
    if (end > window.length) return -1
    window.set(value, at)
    if (!hasEnd) window[end - 1] = lineFeed
    return end
  }

  /** The same as bytes of their own. */
  render(message: Message): Uint8Array {
    const { value, timestamp } = message
    if (value === null) return nothing
    const members = this.#times.of(timestamp)
    if (this.#isField(message)) return fieldRow(message.key ?? nothing, value, members)
    const pieces = timedLines(value, members, this.#options.timed)
    if (value.at(-1) !== lineFeed) pieces.push(lineEnd)
    return Buffer.concat(pieces)
  }

  #isField({ key }: Message): boolean {
    return this.#options.keysAreFields && key !== null && key.length > 0
  }

  #mayBeRow(message: Message, value: Buffer): boolean {
    const first = value[0]!
    return first === brace || first <= space || this.#isField(message)
  }

  /** One object in one line is put in place; everything else goes the long way. */
  #putRow(message: Message, window: Uint8Array, at: number): number {
    const { value } = message
    if (value !== null && !this.#isField(message)) {
      const end = value.indexOf(lineFeed)
      if (end < 0 || end === value.length - 1) return this.#putLine(message, value, { window, at })
    }
    const bytes = this.render(message)
    if (at + bytes.length > window.length) return -1
    window.set(bytes, at)
    return at + bytes.length
  }

  #putLine({ timestamp }: Message, value: Buffer, { window, at }: { window: Uint8Array; at: number }): number {
    const { length } = value
    const hasEnd = length > 0 && value[length - 1] === lineFeed
    const open = findUntimedRow(value, 0, length, this.#options.timed)
    const members = open < 0 ? nothing : this.#times.of(timestamp)
    const added = members.length === 0 ? 0 : members.length - (isEmptyObject(value, open) ? 1 : 0)
    const end = at + length + added + (hasEnd ? 0 : 1)
    if (end > window.length) return -1
    if (added === 0) window.set(value, at)
    else {
      const behind = open + 1
      window.set(value.subarray(0, behind), at)
      window.set(members.subarray(0, added), at + behind)
      window.set(value.subarray(behind), at + behind + added)
    }
    if (!hasEnd) window[end - 1] = lineFeed
    return end
  }
}

/** The value in pieces, with the members behind the brace of each line that is to get them. */
function timedLines(value: Buffer, members: Buffer, timed: TimedRows): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let start = 0; start < value.length; ) {
    const found = value.indexOf(lineFeed, start)
    const end = found < 0 ? value.length : found + 1
    const open = members.length === 0 ? -1 : findUntimedRow(value, start, end, timed)
    if (open < 0) pieces.push(value.subarray(start, end))
    else {
      const added = members.length - (isEmptyObject(value, open) ? 1 : 0)
      pieces.push(value.subarray(start, open + 1), members.subarray(0, added), value.subarray(open + 1, end))
    }
    start = end
  }
  return pieces
}

/** `{"__time__":…,"key":"value"}`. */
const fieldRow = (key: Uint8Array, value: Uint8Array, members: Buffer): Uint8Array =>
  Buffer.concat([Buffer.from('{'), members, jsonText(key), Buffer.from(':'), jsonText(value), Buffer.from('}\n')])

/** Bytes as a JSON text. What is not UTF-8 stays what it is: it is told later, with the line. */
function jsonText(bytes: Uint8Array): Buffer {
  const out: number[] = [0x22]
  for (const byte of bytes) {
    if (byte === 0x22 || byte === 0x5c) out.push(0x5c, byte)
    else if (byte >= space) out.push(byte)
    else for (const digit of `\\u00${byte.toString(16).padStart(2, '0')}`) out.push(digit.charCodeAt(0))
  }
  out.push(0x22)
  return Buffer.from(out)
}
