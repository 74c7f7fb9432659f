// Hot path: gives rows that carry no time the time of their message: `"__time__":1705134831,"__time_ns_part__":939000000,` behind
// the first brace. Looks for keys by native searches, and only in what begins and ends like an object; a pass over all bytes costs
// twice as much.

/** Which JSON objects get a time. `rows`: those that are rows without one (contract §2), too; `objects`: all. */
export type TimedRows = 'none' | 'rows' | 'objects'

const brace = 0x7b
const closingBrace = 0x7d
const bracket = 0x5b
const closingBracket = 0x5d
const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const lineFeed = 0x0a
const zero = 0x30
/** Many rows have none; to look for one byte costs a third of looking for several. */
const underscore = 0x5f

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === lineFeed

/** Finds rows, one after the other. */
export class UntimedRows {
  readonly #which: TimedRows
  readonly #time = new MemberKey('__time__', false)
  readonly #topic = new MemberKey('__topic__', true)
  readonly #message = new MemberKey('message', true)

  constructor(which: TimedRows) {
    this.#which = which
  }

  /** Where the object in `[start, end)` opens, when it is to get a time; else -1. What looks like an object and is none may pass. */
  find(bytes: Buffer, start: number, end: number): number {
    if (this.#which === 'none') return -1
    let open = start
    while (open < end && isSpace(bytes[open])) open += 1
    if (bytes[open] !== brace) return -1
    let close = end - 1
    while (close > open && isSpace(bytes[close])) close -= 1
    if (bytes[close] !== closingBrace) return -1
    const body = close === bytes.length - 1 && open === 0 ? bytes : bytes.subarray(open, close + 1)
    if (this.#time.isIn(body)) return -1
    return this.#which === 'objects' || this.#message.isIn(body) || this.#topic.isIn(body) ? open : -1
  }
}

/** One key, looked for in one object after the other. */
class MemberKey {
  /** Without the quote in front: a search goes from one first letter to the next, and quotes are many. */
  readonly #needle: Buffer
  readonly #asText: boolean
  /** Where it was last: rows of one writer are alike. */
  #at = 2

  /** `asText`: only when its value is a text. */
  constructor(key: string, asText: boolean) {
    this.#needle = Buffer.from(`${key}"`)
    this.#asText = asText
  }

  /** True when the object has a member of its own with this key. */
  isIn(body: Buffer): boolean {
    if (this.#isAt(body, this.#at)) return true
    const from = this.#needle[0] === underscore ? body.indexOf(underscore) : 0
    if (from < 0) return false
    for (let at = body.indexOf(this.#needle, from); at >= 0; at = body.indexOf(this.#needle, at + 1)) {
      if (!this.#isMember(body, at)) continue
      this.#at = at
      return true
    }
    return false
  }

  #isAt(body: Buffer, at: number): boolean {
    const needle = this.#needle
    for (let i = 0; i < needle.length; i += 1) if (body[at + i] !== needle[i]) return false
    return this.#isMember(body, at)
  }

  /** True when a member of the outermost object begins with the quote before the needle at `at`. */
  #isMember(body: Buffer, at: number): boolean {
    let behind = at + this.#needle.length
    while (isSpace(body[behind])) behind += 1
    if (body[at - 1] !== quote || body[behind] !== colon) return false
    let before = at - 2
    while (before > 0 && isSpace(body[before])) before -= 1
    // Within a text a backslash stands here.
    if (body[before] !== brace && body[before] !== comma) return false
    if (hasInnerBrace(body, at) && depthAt(body, at - 1) !== 1) return false
    if (!this.#asText) return true
    behind += 1
    while (isSpace(body[behind])) behind += 1
    return body[behind] === quote
  }
}

const nearby = 64

/** True when there is another brace than the first before `end`. A native search costs as much as a short loop. */
function hasInnerBrace(body: Buffer, end: number): boolean {
  if (end > nearby) {
    const found = body.indexOf(brace, 1)
    return found >= 0 && found < end
  }
  for (let i = 1; i < end; i += 1) if (body[i] === brace) return true
  return false
}

/** How many objects and lists are open at `end`; 0 within a text. */
function depthAt(body: Buffer, end: number): number {
  let depth = 0
  let isInText = false
  for (let i = 0; i < end; i += 1) {
    const byte = body[i]
    if (isInText) {
      if (byte === backslash) i += 1
      else if (byte === quote) isInText = false
    } else if (byte === quote) isInText = true
    else if (byte === brace || byte === bracket) depth += 1
    else if (byte === closingBrace || byte === closingBracket) depth -= 1
  }
  return isInText ? 0 : depth
}

/** True when nothing stands between the braces: then no comma may stand behind the new members. */
export function isEmptyObject(bytes: Uint8Array, open: number): boolean {
  let at = open + 1
  while (isSpace(bytes[at])) at += 1
  return bytes[at] === closingBrace
}

const secondsName = Buffer.from('"__time__":')
const nanosecondsName = Buffer.from(',"__time_ns_part__":')
const maxDigits = 15

/** The members that say a time, for one time after the other: with a comma at their end, or nothing where there is no time. */
export class TimeMembers {
  readonly bytes = new Uint8Array(secondsName.length + nanosecondsName.length + maxDigits + 8)
  length = 0
  #timestamp = ''

  /** `timestamp`: unix ms as decimal digits, without zeros in front, as Kafka gives them. */
  set(timestamp: string): void {
    if (timestamp === this.#timestamp) return
    this.#timestamp = timestamp
    this.length = 0
    if (!isTime(timestamp)) return
    const split = Math.max(0, timestamp.length - 3)
    this.#put(secondsName)
    if (split === 0) this.bytes[this.length++] = zero
    else this.#digits(timestamp, 0, split)
    this.#put(nanosecondsName)
    let from = split
    while (from < timestamp.length && timestamp.charCodeAt(from) === zero) from += 1
    if (from === timestamp.length) this.bytes[this.length++] = zero
    else {
      this.#digits(timestamp, from, timestamp.length)
      for (let i = 0; i < 6; i += 1) this.bytes[this.length++] = zero
    }
    this.bytes[this.length++] = comma
  }

  #put(text: Uint8Array): void {
    this.bytes.set(text, this.length)
    this.length += text.length
  }

  #digits(text: string, from: number, to: number): void {
    for (let i = from; i < to; i += 1) this.bytes[this.length++] = text.charCodeAt(i)
  }
}

/** Up to {@link maxDigits}: a year has five digits then. */
function isTime(timestamp: string): boolean {
  const { length } = timestamp
  if (length === 0 || length > maxDigits) return false
  for (let i = 0; i < length; i += 1) {
    const digit = timestamp.charCodeAt(i) - zero
    if (digit < 0 || digit > 9) return false
  }
  return true
}
