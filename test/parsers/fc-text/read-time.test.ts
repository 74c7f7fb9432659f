// Times against Date, which reads the same texts another way.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsedLine } from './described-line.ts'

const twoDigits = (n: number): string => String(n).padStart(2, '0')

test('every date and time is read as Date reads it, or is no time when Date has none', () => {
  const fields = fc.tuple(
    fc.integer({ min: 1000, max: 9999 }),
    fc.integer({ min: 0, max: 14 }),
    fc.integer({ min: 0, max: 33 }),
    fc.integer({ min: 0, max: 25 }),
    fc.integer({ min: 0, max: 62 }),
    fc.integer({ min: 0, max: 62 }),
  )
  const fraction = fc.stringMatching(/^(?:\.\d{1,9})?$/)
  const zone = fc.constantFrom('', 'Z', '+08:00', '-03:30', '+0530')
  fc.assert(
    fc.property(fields, fraction, zone, ([year, month, day, hour, minute, second], digits, offset) => {
      const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`
      const clock = `${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}`
      const colonZone = offset === '' ? 'Z' : offset.replace(/(\d\d)(\d\d)$/, '$1:$2')
      // Date rolls the 30th of February over instead of refusing it, and takes 24:00:00.
      const exists = new Date(`${date}T00:00:00Z`)
      const isDate = !Number.isNaN(exists.getTime()) && exists.toISOString().startsWith(date) && hour < 24
      const cut = digits.slice(0, 4)
      const expected = isDate ? Date.parse(`${date}T${clock}${cut}${colonZone}`) : Number.NaN
      const parsed = parsedLine(`${date}T${clock}${digits}${offset} x`)
      assert.equal(parsed.textMs, expected)
      assert.equal(parsed.hasZone, !Number.isNaN(expected) && offset !== '')
      const spelled = parsedLine(`${date.replaceAll('-', '/')} ${clock}${digits.replace('.', ',')} x`)
      assert.equal(spelled.textMs, isDate ? Date.parse(`${date}T${clock}${cut}Z`) : Number.NaN)
    }),
    { numRuns: 5000 },
  )
})

test('a time with more than nine digits of a second is read to the ninth', () => {
  assert.equal(parsedLine('2022-07-26T15:20:48.1234567891 x').textMs, Date.parse('2022-07-26T15:20:48.123Z'))
})

test('a console time is whole seconds of the wall clock', () => {
  const parsed = parsedLine('2024-02-29 23:59:59hello')
  assert.equal(parsed.prefixMs, Date.parse('2024-02-29T23:59:59Z'))
  assert.ok(Number.isNaN(parsed.textMs))
})
