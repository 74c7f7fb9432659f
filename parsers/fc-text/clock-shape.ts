// Hot path: is there a date and time at this position, and where does it end? No number is kept: times are read later,
// by `read-time.ts`, and only of lines that somebody asks about.

import { byteClass, digitBit } from '../shared/byte-classes.ts'

const dash = 45
const slash = 47
const colon = 58
const blank = 32
const letterT = 84

/** Length of `yyyy-MM-dd HH:mm:ss`. */
export const clockLength = 19

/**
 * True when a date and time to the second stands at `at`: `yyyy-MM-dd` or `yyyy/MM/dd`, then `T` or a blank, then `HH:mm:ss`.
 * Dates that do not exist are no dates: a line that begins with one is plain text.
 */
export function isClock(buf: Uint8Array, at: number, end: number): boolean {
  if (at + clockLength > end) return false
  const separator = buf[at + 4]!
  if ((separator !== dash && separator !== slash) || buf[at + 7] !== separator) return false
  const middle = buf[at + 10]!
  if ((middle !== letterT && middle !== blank) || buf[at + 13] !== colon || buf[at + 16] !== colon) return false
  const c = byteClass
  const common =
    c[buf[at]!]! &
    c[buf[at + 1]!]! &
    c[buf[at + 2]!]! &
    c[buf[at + 3]!]! &
    c[buf[at + 5]!]! &
    c[buf[at + 6]!]! &
    c[buf[at + 8]!]! &
    c[buf[at + 9]!]! &
    c[buf[at + 11]!]! &
    c[buf[at + 12]!]! &
    c[buf[at + 14]!]! &
    c[buf[at + 15]!]! &
    c[buf[at + 17]!]! &
    c[buf[at + 18]!]!
  if ((common & digitBit) === 0) return false
  const month = twoDigits(buf, at + 5)
  const day = twoDigits(buf, at + 8)
  if (month === 0 || month > 12 || day === 0) return false
  if (day > 28 && day > daysInMonth(fourDigits(buf, at), month)) return false
  return buf[at + 14]! < 54 && buf[at + 17]! < 54 && twoDigits(buf, at + 11) < 24
}

/** Where the fraction (`.` or `,` and 1 to 9 digits) behind the seconds ends; `at` when there is none. */
export function fractionEnd(buf: Uint8Array, at: number, end: number): number {
  if (at >= end || (buf[at] !== 46 && buf[at] !== 44)) return at
  const limit = Math.min(end, at + 10)
  let p = at + 1
  while (p < limit && (byteClass[buf[p]!]! & digitBit) !== 0) p++
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
  (byteClass[buf[at]!]! & byteClass[buf[at + 1]!]! & digitBit) !== 0

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}
