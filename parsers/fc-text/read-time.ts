// Times of a parsed line as numbers. Called for the few lines whose time decides something, not while parsing.
import type { ParsedLine } from '../../src/model/parsed-line.ts'
import { clockLength, fourDigits, fractionEnd, isClock, twoDigits, zoneEnd } from './clock-shape.ts'

const dayMs = 86_400_000

/**
 * The time that stands in the line's text, in unix ms (finer digits are cut off): true UTC when it carries a zone, else the
 * wall clock read as if it were UTC. NaN when there is none.
 */
export function readTextTime(buf: Uint8Array, line: ParsedLine): number {
  const at = line.textTimeAt
  if (at < 0 || !isClock(buf, at, line.textTimeEnd)) return Number.NaN
  const secondsEnd = at + clockLength
  const zoneAt = fractionEnd(buf, secondsEnd, line.textTimeEnd)
  return clockMs(buf, at) + fractionMs(buf, secondsEnd, zoneAt) - zoneOffsetMs(buf, zoneAt, line.textTimeEnd)
}

/** True when the time in the line's text carries `Z` or an offset. */
export function textTimeHasZone(buf: Uint8Array, line: ParsedLine): boolean {
  if (line.textTimeAt < 0) return false
  const zoneAt = fractionEnd(buf, line.textTimeAt + clockLength, line.textTimeEnd)
  return zoneEnd(buf, zoneAt, line.textTimeEnd) > zoneAt
}

/** The console's time in front of the line: the local wall clock in ms as if it were UTC, whole seconds. NaN when there is none. */
export function readPrefixTime(buf: Uint8Array, line: ParsedLine): number {
  return line.prefixTimeAt < 0 ? Number.NaN : clockMs(buf, line.prefixTimeAt)
}

function clockMs(buf: Uint8Array, at: number): number {
  const days = daysSinceEpoch(fourDigits(buf, at), twoDigits(buf, at + 5), twoDigits(buf, at + 8))
  const seconds = twoDigits(buf, at + 11) * 3600 + twoDigits(buf, at + 14) * 60 + twoDigits(buf, at + 17)
  return days * dayMs + seconds * 1000
}

/**
 * Days from 1970-01-01 in the Gregorian calendar. Counts years from March, so that the leap day is a year's last and the
 * months before it have a fixed pattern (153 days in five). `Date.UTC` would read the years 0 to 99 as 1900 to 1999.
 */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const marchMonth = month > 2 ? month - 3 : month + 9
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 719_469
}

function fractionMs(buf: Uint8Array, at: number, end: number): number {
  let ms = 0
  for (let i = 1; i <= 3; i++) ms = ms * 10 + (at + i < end ? buf[at + i]! - 48 : 0)
  return ms
}

function zoneOffsetMs(buf: Uint8Array, at: number, end: number): number {
  if (at >= end || buf[at] === 90 || zoneEnd(buf, at, end) === at) return 0
  const minutesAt = buf[at + 3] === 58 ? at + 4 : at + 3
  const offset = (twoDigits(buf, at + 1) * 60 + twoDigits(buf, minutesAt)) * 60_000
  return buf[at] === 45 ? -offset : offset
}
