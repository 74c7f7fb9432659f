// Hot path: what a message is in the window: its value, with a time where a row has none, and with a line end.
import type { Message } from './message-queue.ts'
import { isEmptyObject, type TimedRows, TimeMembers, UntimedRows } from './row-time.ts'

const lineFeed = 0x0a
const space = 0x20
const quote = 0x22
const backslash = 0x5c
const brace = 0x7b
const nothing = Buffer.alloc(0)
const lineEnd = Buffer.from('\n')
const rowEnd = Buffer.from('}\n')

export interface RenderOptions {
  readonly timed: TimedRows
  /** A message with a key is one field of a row, as Simple Log Service sends rows with a single field (facts/sls-protocol §6). */
  readonly keysAreFields: boolean
}

/** Renders messages. The same message always becomes the same bytes: positions count them. */
export class MessageRenderer {
  readonly #keysAreFields: boolean
  readonly #hasRows: boolean
  readonly #rows: UntimedRows
  readonly #time = new TimeMembers()

  constructor({ timed, keysAreFields }: RenderOptions) {
    this.#keysAreFields = keysAreFields
    this.#hasRows = timed !== 'none' || keysAreFields
    this.#rows = new UntimedRows(timed)
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
    return putLine(value, window, at)
  }

  /** The same as bytes of their own. */
  render(message: Message): Uint8Array {
    const { value, timestamp } = message
    if (value === null) return nothing
    this.#time.set(timestamp)
    if (this.#isField(message)) return this.#fieldRow(message.key ?? nothing, value)
    const pieces = this.#timedLines(value)
    if (value.at(-1) !== lineFeed) pieces.push(lineEnd)
    return Buffer.concat(pieces)
  }

  #isField({ key }: Message): boolean {
    return this.#keysAreFields && key !== null && key.length > 0
  }

  #mayBeRow(message: Message, value: Buffer): boolean {
    const first = value[0]!
    return first === brace || first <= space || this.#isField(message)
  }

  /** One object in one line is put in place; everything else goes the long way. */
  #putRow(message: Message, window: Uint8Array, at: number): number {
    const { value, timestamp } = message
    if (value !== null && !this.#isField(message)) {
      const end = value.indexOf(lineFeed)
      if (end < 0 || end === value.length - 1) return this.#putObject(value, timestamp, { window, at })
    }
    const bytes = this.render(message)
    if (at + bytes.length > window.length) return -1
    window.set(bytes, at)
    return at + bytes.length
  }

  #putObject(value: Buffer, timestamp: string, { window, at }: { window: Uint8Array; at: number }): number {
    const open = this.#rows.find(value, 0, value.length)
    if (open < 0) return putLine(value, window, at)
    const time = this.#time
    time.set(timestamp)
    const added = this.#addedTo(value, open)
    if (at + added > window.length) return -1
    // All of it behind the place of the members first, then what stands before them again: no part of it has to be cut out.
    const end = putLine(value, window, at + added)
    if (end < 0) return -1
    let to = at
    for (let i = 0; i <= open; i += 1) window[to++] = value[i]!
    for (let i = 0; i < added; i += 1) window[to++] = time.bytes[i]!
    return end
  }

  /** Bytes of the members of the present time; their comma is left out where nothing follows. */
  #addedTo(bytes: Uint8Array, open: number): number {
    const { length } = this.#time
    return length > 0 && isEmptyObject(bytes, open) ? length - 1 : length
  }

  /** The value in pieces, with the members behind the brace of each line that is to get them. */
  #timedLines(value: Buffer): Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (let start = 0; start < value.length; ) {
      const found = value.indexOf(lineFeed, start)
      const end = found < 0 ? value.length : found + 1
      const open = this.#rows.find(value, start, end)
      if (open < 0) pieces.push(value.subarray(start, end))
      else {
        const members = this.#time.bytes.subarray(0, this.#addedTo(value, open))
        pieces.push(value.subarray(start, open + 1), members, value.subarray(open + 1, end))
      }
      start = end
    }
    return pieces
  }

  /** `{"__time__":…,"key":"value"}`. */
  #fieldRow(key: Uint8Array, value: Uint8Array): Uint8Array {
    const members = this.#time.bytes.subarray(0, this.#time.length)
    return Buffer.concat([Buffer.from('{'), members, jsonText(key), Buffer.from(':'), jsonText(value), rowEnd])
  }
}

/** A value, with a line end if it has none; -1 when it does not fit. */
function putLine(value: Uint8Array, window: Uint8Array, at: number): number {
  const { length } = value
  const hasEnd = length > 0 && value[length - 1] === lineFeed
  const end = at + length + (hasEnd ? 0 : 1)
  if (end > window.length) return -1
  window.set(value, at)
  if (!hasEnd) window[end - 1] = lineFeed
  return end
}

/** Bytes as a JSON text. What is not UTF-8 stays what it is: it is told later, with the line. */
function jsonText(bytes: Uint8Array): Buffer {
  const out: number[] = [quote]
  for (const byte of bytes) {
    if (byte === quote || byte === backslash) out.push(backslash, byte)
    else if (byte >= space) out.push(byte)
    else for (const digit of `\\u00${byte.toString(16).padStart(2, '0')}`) out.push(digit.charCodeAt(0))
  }
  out.push(quote)
  return Buffer.from(out)
}
