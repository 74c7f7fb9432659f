// Hot path: finds a `traceparent` of W3C that a function prints: in a dump of headers, in an object, or as a sentence.
// https://www.w3.org/TR/trace-context/#traceparent-header

/** Headers are printed as they came (`traceparent`) or as some servers write them (`Traceparent`). */
const word = Buffer.from('raceparent')
const last = word.length - 1

/** How far a window on a line may move by the byte that stands at its end: no `raceparent` ends in between. */
const skips = new Uint8Array(256).fill(word.length)
for (let at = 0; at < last; at++) skips[word[at]!] = last - at

/** `00-<trace>-<span>-01`; later versions may go on behind the flags. */
const valueBytes = 55
/** Between name and value: `: `, `=`, `":"`, `' => '`, `\": \"`, `:[`. */
const maxSignBytes = 8
const isSign = bytesOf(' \t"\'`\\:=>[(,')
const isHexDigit = bytesOf('0123456789abcdefABCDEF')
const isNameByte = bytesOf('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-')
const dash = 0x2d

/**
 * The value of the first `traceparent` with one in [start, end) of `buf`, in small letters; null when there is none. Values that name no
 * trace or no parent (all zeros), and the version `ff`, are none.
 */
export function readTraceParent(buf: Buffer, start: number, end: number): string | null {
  // The shortest that is found: name, one sign, value. Most lines are left here or after a look at every tenth byte.
  for (let at = start + last; at + 1 + valueBytes < end; ) {
    const byte = buf[at]!
    if (byte === word[last] && standsAt(buf, at - last, start)) {
      const value = valueBehind(buf, at + 1, end)
      if (value !== null) return value
    }
    at += skips[byte]!
  }
  return null
}

function standsAt(buf: Buffer, from: number, start: number): boolean {
  for (let at = 0; at < last; at++) if (buf[from + at] !== word[at]) return false
  // A `t` or `T` in front, and no name that only ends so.
  if (from <= start || (buf[from - 1]! | 0x20) !== 0x74) return false
  return from - 1 === start || !isNameByte[buf[from - 2]!]
}

function valueBehind(buf: Buffer, from: number, end: number): string | null {
  let at = from
  while (at < end && at - from < maxSignBytes && isSign[buf[at]!]) at++
  if (at === from || at + valueBytes > end) return null
  if (!isValue(buf, at) || (at + valueBytes < end && isNameByte[buf[at + valueBytes]!])) return null
  const value = buf.toString('latin1', at, at + valueBytes).toLowerCase()
  return value.startsWith('ff') || isNothing.test(value) ? null : value
}

const isNothing = /^..-0{32}-|-0{16}-..$/

function isValue(buf: Buffer, from: number): boolean {
  for (let at = 0; at < valueBytes; at++) {
    const byte = buf[from + at]!
    const isDash = at === 2 || at === 35 || at === 52
    if (isDash ? byte !== dash : !isHexDigit[byte]) return false
  }
  return true
}

function bytesOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const byte of Buffer.from(characters)) table[byte] = 1
  return table
}
