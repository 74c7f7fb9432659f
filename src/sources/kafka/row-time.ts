// Hot path: gives rows that carry no time the time of their message: `"__time__":1705134831,"__time_ns_part__":939000000,` behind
// the first brace. Looks for keys by bytes, and only in what begins like an object.

/** Which JSON objects get a time. `rows`: those that are rows without one (contract §2), too; `objects`: all. */
export type TimedRows = 'none' | 'rows' | 'objects'

const brace = 0x7b
const closingBrace = 0x7d
const bracket = 0x5b
const closingBracket = 0x5d
const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const lineFeed = 0x0a

const needleOf = (key: string): Buffer => Buffer.from(`${key}"`)
/** Without the quote in front: a search goes from one first letter to the next, and quotes are many. */
const timeKey = needleOf('__time__')
const messageKey = needleOf('message')
const topicKey = needleOf('__topic__')

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === lineFeed

/** Where the object in `[start, end)` opens, when it is to get a time; else -1. What looks like an object and is none may pass. */
export function findUntimedRow(bytes: Buffer, start: number, end: number, which: TimedRows): number {
  let open = start
  while (open < end && isSpace(bytes[open])) open += 1
  if (which === 'none' || bytes[open] !== brace) return -1
  let close = end - 1
  while (close > open && isSpace(bytes[close])) close -= 1
  if (bytes[close] !== closingBrace) return -1
  const body = close === bytes.length - 1 && open === 0 ? bytes : bytes.subarray(open, close + 1)
  if (hasKey(body, timeKey, false)) return -1
  if (which === 'objects' || hasKey(body, messageKey, true) || hasKey(body, topicKey, true)) return open
  return -1
}

/** True when the object has a member of its own with this key; `asText`: and a text as its value. */
function hasKey(body: Buffer, needle: Buffer, asText: boolean): boolean {
  const walk = new Walk(body)
  for (let at = body.indexOf(needle); at >= 0; at = body.indexOf(needle, at + 1)) {
    let behind = at + needle.length
    while (isSpace(body[behind])) behind += 1
    if (body[at - 1] !== quote || body[behind] !== colon || !walk.isOutermost(at - 1)) continue
    if (!asText) return true
    behind += 1
    while (isSpace(body[behind])) behind += 1
    if (body[behind] === quote) return true
  }
  return false
}

/** Goes through an object once, however often it is asked; places are asked for in rising order. */
class Walk {
  readonly #body: Buffer
  #at = 0
  #depth = 0
  #isText = false

  constructor(body: Buffer) {
    this.#body = body
  }

  /** True when the quote at `place` opens a text directly within the first object. */
  isOutermost(place: number): boolean {
    const body = this.#body
    let at = this.#at
    for (; at < place; at += 1) {
      const byte = body[at]
      if (this.#isText) {
        if (byte === backslash) at += 1
        else if (byte === quote) this.#isText = false
      } else if (byte === quote) this.#isText = true
      else if (byte === brace || byte === bracket) this.#depth += 1
      else if (byte === closingBrace || byte === closingBracket) this.#depth -= 1
    }
    this.#at = at
    // Behind it, when it was passed over as the character behind a backslash.
    return at === place && !this.#isText && this.#depth === 1
  }
}

/** The members that say a time, for one time after the other. */
export class TimeMembers {
  #timestamp = ''
  #bytes = Buffer.alloc(0)

  /** With a comma at their end; empty where there is no time. `timestamp`: unix ms as digits. Valid until the next call. */
  of(timestamp: string): Buffer {
    if (timestamp !== this.#timestamp) {
      this.#timestamp = timestamp
      this.#bytes = Buffer.from(membersOf(timestamp))
    }
    return this.#bytes
  }
}

function membersOf(timestamp: string): string {
  if (!/^\d{1,15}$/.test(timestamp)) return ''
  const ms = Number(timestamp)
  return `"__time__":${Math.floor(ms / 1000)},"__time_ns_part__":${(ms % 1000) * 1_000_000},`
}

/** True when nothing stands between the braces: then no comma may stand behind the new members. */
export function isEmptyObject(bytes: Uint8Array, open: number): boolean {
  let at = open + 1
  while (isSpace(bytes[at])) at += 1
  return bytes[at] === closingBrace
}
