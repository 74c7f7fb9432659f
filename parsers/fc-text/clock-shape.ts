// Hot path: is there a date and time at this position, and where does it end? No number is kept: times are read later,
// by `read-time.ts`, and only of lines that somebody asks about.

import { byteClass, digitBit } from '../shared/byte-classes.ts'
import { viewOf } from '../shared/byte-view.ts'

// Constants of this module are constants for the optimiser, too; what is imported is read from its cell each time.
const classes = byteClass
const digit = digitBit

const dash = 45
const colon = 58
/** The number that the two bytes of a word write, the lower byte first; 255 when they are no digits. */
const numbers = Uint8Array.from({ length: 65_536 }, (_, word) => {
  const tens = (word & 255) - 48
  const units = (word >> 8) - 48
  return tens >= 0 && tens < 10 && units >= 0 && units < 10 ? tens * 10 + units : 255
})

// `-??-` and `/??/` as words; shifted, because bit operations give signed numbers.
const dashes = (dash << 24) | dash
const slashes = (47 << 24) | 47

/** Length of `yyyy-MM-dd HH:mm:ss`. */
export const clockLength = 19

/**
 * True when a date and time to the second stands at `at`: `yyyy-MM-dd` or `yyyy/MM/dd`, then `T` or a blank, then `HH:mm:ss`.
 * Dates that do not exist are no dates: a line that begins with one is plain text.
 */
export function isClock(buf: Uint8Array, at: number, end: number): boolean {
  if (at + clockLength > end) return false
  const view = viewOf(buf)
  // Little-endian words: the first byte is the lowest. `-MM-`, `yyyy`, `ddTH`, `H:mm`, `m:ss` (one byte twice).
  const month = view.getInt32(at + 4, true)
  const separators = month & 0xff0000ff
  if (separators !== dashes && separators !== slashes) return false
  const day = view.getInt32(at + 8, true)
  const middle = day & 0xff0000
  const minute = view.getInt32(at + 12, true)
  const second = view.getInt32(at + 15, true)
  if ((middle !== 0x540000 && middle !== 0x200000) || (minute & 0xff00) !== 0x3a00 || (second & 0xff00) !== 0x3a00)
    return false
  const year = view.getInt32(at, true)
  if (numbers[year & 0xffff]! > 99 || numbers[year >>> 16]! > 99) return false
  const monthNumber = numbers[(month >> 8) & 0xffff]!
  const dayNumber = numbers[day & 0xffff]!
  if (monthNumber === 0 || monthNumber > 12 || dayNumber === 0) return false
  if (dayNumber > 28 && dayNumber > daysInMonth(fourDigits(buf, at), monthNumber)) return false
  return (
    numbers[minute >>> 16]! < 60 && numbers[second >>> 16]! < 60 && numbers[(day >>> 24) | ((minute & 0xff) << 8)]! < 24
  )
}

/** Where the time whose clock stands at `at` ends, with fraction and zone. */
export function wholeTimeEnd(buf: Uint8Array, at: number, end: number): number {
  const secondsEnd = at + clockLength
  if (secondsEnd + 4 < end && buf[secondsEnd] === 46) {
    // `.mmmZ` and `.mmm `, which most runtimes print; the word's lowest byte is the point.
    const behind = buf[secondsEnd + 4]!
    if (behind === 90 || behind === 32) {
      const fraction = viewOf(buf).getInt32(secondsEnd, true)
      // A zero stands in for the point.
      if (numbers[((fraction >>> 8) & 0xff) | 0x3000]! <= 99 && numbers[fraction >>> 16]! <= 99)
        return secondsEnd + (behind === 90 ? 5 : 4)
    }
  }
  return zoneEnd(buf, fractionEnd(buf, secondsEnd, end), end)
}

/** Where the fraction (`.` or `,` and 1 to 9 digits) behind the seconds ends; `at` when there is none. */
export function fractionEnd(buf: Uint8Array, at: number, end: number): number {
  if (at >= end) return at
  const mark = buf[at]!
  if (mark !== 46 && mark !== 44) return at
  const limit = Math.min(end, at + 10)
  let p = at + 1
  while (p < limit && (classes[buf[p]!]! & digit) !== 0) p++
  return p === at + 1 ? at : p
}

/** Where the zone (`Z`, `+hh:mm`, `-hhmm`) behind a time ends; `at` when there is none. */
export function zoneEnd(buf: Uint8Array, at: number, end: number): number {
  if (at >= end) return at
  const sign = buf[at]!
  if (sign === 90) return at + 1
  if ((sign !== 43 && sign !== dash) || at + 5 > end) return at
  const minutesAt = buf[at + 3] === colon ? at + 4 : at + 3
  if (minutesAt + 2 > end || !areTwoDigits(buf, at + 1) || !areTwoDigits(buf, minutesAt)) return at
  return twoDigits(buf, at + 1) < 19 && buf[minutesAt]! < 54 ? minutesAt + 2 : at
}

/** The number that two digits write. */
export const twoDigits = (buf: Uint8Array, at: number): number => buf[at]! * 10 + buf[at + 1]! - 528

/** The number that four digits write. */
export const fourDigits = (buf: Uint8Array, at: number): number => twoDigits(buf, at) * 100 + twoDigits(buf, at + 2)

const areTwoDigits = (buf: Uint8Array, at: number): boolean =>
  (classes[buf[at]!]! & classes[buf[at + 1]!]! & digit) !== 0

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}
