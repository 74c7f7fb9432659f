// Single cells of a bill: decimals, days and hours. What may mean two things is refused.
import Big from 'big.js'

/** What stands where nothing does. */
const emptyCells = new Set(['', '-', '--', '—', 'null', 'none', 'n/a', '无'])

export const isEmptyCell = (text: string): boolean => emptyCells.has(text.toLowerCase())

/** Longest number, in characters: far more digits than money has. */
const maxNumber = 40

const plainNumber = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?$/
/** `1,234,567` and `1,234.5` can only be meant one way; `1,234` may be 1.234 as well. */
const groupedNumber = /^[+-]?\d{1,3}(?:(?:,\d{3}){2,}(?:\.\d*)?|,\d{3}\.\d*)$/

/** A decimal; `null` where it is none. */
export function readDecimal(text: string): Big | null {
  if (text.length > maxNumber) return null
  if (plainNumber.test(text)) return new Big(normalized(text))
  return groupedNumber.test(text) ? new Big(normalized(text.replaceAll(',', ''))) : null
}

/** big.js wants a digit on both sides of the point. */
const normalized = (text: string): string =>
  text
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=$|[eE])/, '')

/** Digits behind the point, as written. */
export const digitsOf = (text: string): number => /\.(\d*)/.exec(text)?.[1]?.length ?? 0

/** True for `1,234`: it is why a number was refused. */
export const isAmbiguousNumber = (text: string): boolean => /^[+-]?\d{1,3},\d{3}$/.test(text)

/** YYYY-MM of `2026-01`, `202601`, `2026/1` and `2026年1月`; null for anything else. */
export function readMonth(text: string): string | null {
  const match = /^(\d{4})(?:[-/.]|年)?(\d{1,2})月?$/.exec(text)
  const [, year, month] = match ?? []
  if (year === undefined || month === undefined || Number(month) < 1 || Number(month) > 12) return null
  return `${year}-${month.padStart(2, '0')}`
}

/** YYYY-MM-DD of `2026-01-15`, `20260115`, `2026/1/5`, with or without a time behind it; null for anything else, also the 30th of February. */
export function readDay(text: string): string | null {
  const match = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d{2})(\d{2})|年(\d{1,2})月(\d{1,2})日)(?:[ T].*)?$/.exec(text)
  const [, year = '', , ...parts] = match ?? []
  const [month = '', day = ''] = parts.filter(part => part !== undefined)
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(iso) ? iso : null
}

const isDay = (iso: string): boolean => {
  const ms = Date.parse(`${iso}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso)
}

/**
 * Unix ms of a time like `2026-01-15 10:00:00` on a clock that is `offsetMs` ahead of UTC; one with a zone says so itself. Of a span
 * (`2026-01-15 10:00:00 - 2026-01-15 11:00:00`) its beginning. Null for anything else, also for a day alone.
 */
export function readTime(text: string, offsetMs: number): number | null {
  const match =
    /^([\d/.年月日-]{8,11})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?(?: ?[-~至].*)?$/.exec(
      text,
    )
  const [, date = '', hour = '', minute = '', second = '00', zone] = match ?? []
  const day = readDay(date)
  if (day === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const local = `${day}T${hour.padStart(2, '0')}:${minute}:${second}`
  return zone === undefined ? Date.parse(`${local}Z`) - offsetMs : Date.parse(`${local}${zone}`)
}
