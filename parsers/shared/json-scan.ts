// Hot path: finds where JSON values end, on bytes and strictly by RFC 8259, without making any value.
// Positions come back as plain numbers because a result object per value would be the most expensive thing here.

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** What the scanners return for bytes that are not JSON. */
export const NOT_JSON = -1

/** 1 for bytes that simply belong to a string: not a quote, not a backslash, not a control character. */
const PLAIN = new Uint8Array(256).fill(1, 0x20)
PLAIN[QUOTE] = 0
PLAIN[BACKSLASH] = 0

/** First position at or after `at` that is not JSON blank (space, tab, CR, LF), or `end`. */
export function skipBlank(buf: Uint8Array, at: number, end: number): number {
  let i = at
  while (i < end) {
    const c = buf[i]!
    if (c !== 0x20 && c !== 0x09 && c !== 0x0d && c !== 0x0a) break
    i += 1
  }
  return i
}

/**
 * First position at or after `at` (behind an opening quote) where a string ends, is escaped or is broken; `end` when it
 * never does.
 */
export function skipPlain(buf: Uint8Array, at: number, end: number): number {
  let i = at
  while (i < end && PLAIN[buf[i]!] === 1) i += 1
  return i
}

/**
 * The closing quote of a string of which everything before `at` has been looked at, or {@link NOT_JSON} when it is broken:
 * a control character, a bad escape, no end.
 */
export function closingQuote(buf: Uint8Array, at: number, end: number): number {
  let i = at
  while (i < end) {
    const c = buf[i]!
    if (c === QUOTE) return i
    if (c !== BACKSLASH) return NOT_JSON
    const length = escapeLength(buf, i, end)
    if (length === 0) return NOT_JSON
    i = skipPlain(buf, i + length, end)
  }
  return NOT_JSON
}

/** Length of the escape that begins with the backslash at `at`: 2, 6, or 0 when it is none. */
function escapeLength(buf: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return 0
  switch (buf[at + 1]) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return 2
    case 0x75: // uXXXX
      return at + 6 <= end && hexQuad(buf, at + 2) >= 0 ? 6 : 0
    default:
      return 0
  }
}

/** The value of the four hexadecimal digits at `at`, or -1. All four bytes must be inside the buffer. */
export function hexQuad(buf: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 4; i += 1) {
    const c = buf[i]!
    if (c >= 0x30 && c <= 0x39) value = value * 16 + c - 0x30
    else if ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66) value = value * 16 + (c | 0x20) - 0x57
    else return -1
  }
  return value
}

const isDigitAt = (buf: Uint8Array, at: number, end: number): boolean =>
  at < end && buf[at]! >= 0x30 && buf[at]! <= 0x39

/** Position behind the JSON number that begins at `at`, or {@link NOT_JSON}. */
export function scanNumber(buf: Uint8Array, at: number, end: number): number {
  let i = at
  if (buf[i] === 0x2d) i += 1
  if (!isDigitAt(buf, i, end)) return NOT_JSON
  // A leading zero stands alone: `01` is no JSON number, and the caller finds the `1` where a comma should be.
  if (buf[i] === 0x30) i += 1
  else while (isDigitAt(buf, i, end)) i += 1
  if (i < end && buf[i] === 0x2e) {
    i += 1
    if (!isDigitAt(buf, i, end)) return NOT_JSON
    while (isDigitAt(buf, i, end)) i += 1
  }
  if (i < end && (buf[i]! | 0x20) === 0x65) {
    i += 1
    if (i < end && (buf[i] === 0x2b || buf[i] === 0x2d)) i += 1
    if (!isDigitAt(buf, i, end)) return NOT_JSON
    while (isDigitAt(buf, i, end)) i += 1
  }
  return i
}

/** Position behind the bytes of `word` (`true`, `false`, `null`) at `at`, or {@link NOT_JSON}. */
export function scanWord(buf: Uint8Array, at: number, end: number, word: string): number {
  if (at + word.length > end) return NOT_JSON
  for (let i = 0; i < word.length; i += 1) if (buf[at + i] !== word.charCodeAt(i)) return NOT_JSON
  return at + word.length
}

/**
 * Position behind the object or array that begins at `at`, or {@link NOT_JSON}. Not hot: rows are flat, so the inside is
 * handed to JSON.parse (which does not recurse: 4 MiB of brackets are harmless).
 */
export function scanNested(buf: Uint8Array, at: number, end: number): number {
  let depth = 0
  for (let i = at; i < end; i += 1) {
    const c = buf[i]!
    if (c === QUOTE) {
      i = closingQuote(buf, skipPlain(buf, i + 1, end), end)
      if (i === NOT_JSON) return NOT_JSON
    } else if (c === 0x7b || c === 0x5b) depth += 1
    else if (c === 0x7d || c === 0x5d) {
      depth -= 1
      if (depth === 0) return isJson(buf, at, i + 1) ? i + 1 : NOT_JSON
    }
  }
  return NOT_JSON
}

function isJson(buf: Uint8Array, start: number, end: number): boolean {
  try {
    JSON.parse(Buffer.from(buf.buffer, buf.byteOffset + start, end - start).toString('utf8'))
    return true
  } catch {
    return false
  }
}
