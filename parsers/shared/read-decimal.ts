// Hot path: decimal numbers from bytes, without a string for the usual ones (`20.20`, `1705476027407`).

const POWERS_OF_TEN = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent)

/**
 * The number in `buf[start .. end)`, or NaN when that is not one plain number: empty, blanks, words, hexadecimal,
 * or too large for a double. Correctly rounded, as `Number(text)` would be.
 */
export function readDecimal(buf: Uint8Array, start: number, end: number): number {
  // At most 15 digits and a power of ten up to 15 are exact doubles, so that one division rounds correctly.
  if (end - start > 16) return decimalOf(latin1Of(buf, start, end))
  let high = 0
  let low = 0
  let digits = 0
  let pointAt = -1
  for (let i = start; i < end; i += 1) {
    const c = buf[i]!
    if (c >= 0x30 && c <= 0x39) {
      // Nine digits fit small integers, whose arithmetic is a third of the cost of doubles.
      if (digits < 9) high = (high * 10 + c - 0x30) | 0
      else low = (low * 10 + c - 0x30) | 0
      digits += 1
    } else if (c === 0x2e && pointAt < 0) pointAt = i
    else return decimalOf(latin1Of(buf, start, end))
  }
  if (digits === 0 || digits > 15) return decimalOf(latin1Of(buf, start, end))
  const value = digits > 9 ? high * POWERS_OF_TEN[digits - 9]! + low : high
  if (pointAt < 0) return value
  if (pointAt === start || pointAt === end - 1) return Number.NaN
  return value / POWERS_OF_TEN[end - pointAt - 1]!
}

// No text longer than this is a figure of a row; it also bounds the regular expression.
const MAX_LENGTH = 64
const DECIMAL = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The number that `text` spells, under the same rules as {@link readDecimal}. */
export function decimalOf(text: string): number {
  if (text.length > MAX_LENGTH || !DECIMAL.test(text)) return Number.NaN
  const value = Number(text)
  return Number.isFinite(value) ? value : Number.NaN
}

function latin1Of(buf: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < Math.min(end, start + MAX_LENGTH + 1); i += 1) text += String.fromCharCode(buf[i]!)
  return text
}
