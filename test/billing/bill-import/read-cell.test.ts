import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDay, readDecimal, readMonth, readTime } from '../../../src/billing/bill-import/read-cell.ts'

const decimals: readonly [text: string, value: string | null][] = [
  ['0', '0'],
  ['-0.50', '-0.5'],
  ['+1.', '1'],
  ['.5', '0.5'],
  ['-.5', '-0.5'],
  ['1.1E-5', '0.000011'],
  ['1e3', '1000'],
  ['1,234.5', '1234.5'],
  ['1,234,567', '1234567'],
  ['12,345,678.901', '12345678.901'],
  ['1,234', null],
  ['1,23', null],
  ['1.234,5', null],
  ['1 234', null],
  ['12,34,567', null],
  ['￥1', null],
  ['0x10', null],
  ['1e999', null],
  ['NaN', null],
  ['', null],
  ['1'.repeat(41), null],
]
for (const [text, value] of decimals) {
  test(`'${text.slice(0, 20)}' is ${value}`, () => assert.equal(readDecimal(text)?.toFixed() ?? null, value))
}

const days: readonly [text: string, day: string | null][] = [
  ['2026-01-15', '2026-01-15'],
  ['20260115', '2026-01-15'],
  ['2026/1/5', '2026-01-05'],
  ['2026.01.05', '2026-01-05'],
  ['2026年1月5日', '2026-01-05'],
  ['2026-01-15 10:00:00', '2026-01-15'],
  ['2024-02-29', '2024-02-29'],
  ['2026-02-29', null],
  ['2026-13-01', null],
  ['2026-1/5', null],
  ['15.01.2026', null],
  ['202601', null],
]
for (const [text, day] of days) test(`the day ${text} is ${day}`, () => assert.equal(readDay(text), day))

const months: readonly [text: string, month: string | null][] = [
  ['2026-01', '2026-01'],
  ['202601', '2026-01'],
  ['2026/1', '2026-01'],
  ['2026年1月', '2026-01'],
  ['2026-13', null],
  ['2026', null],
]
for (const [text, month] of months) test(`the month ${text} is ${month}`, () => assert.equal(readMonth(text), month))

const times: readonly [text: string, time: string | null][] = [
  ['2026-01-15 10:00:00', '2026-01-15T02:00:00.000Z'],
  ['2026-01-15T10:00', '2026-01-15T02:00:00.000Z'],
  ['2026-01-15T10:00:00.500Z', '2026-01-15T10:00:00.000Z'],
  ['2026-01-15T10:00:00+00:00', '2026-01-15T10:00:00.000Z'],
  ['20260115 10:00', '2026-01-15T02:00:00.000Z'],
  ['2026-01-15 10:00:00 ~ 2026-01-15 11:00:00', '2026-01-15T02:00:00.000Z'],
  ['2026-01-15', null],
  ['2026-01-15 24:00:00', null],
  ['2026-02-30 10:00:00', null],
]
for (const [text, time] of times) {
  test(`the time ${text} is ${time}`, () => {
    const ms = readTime(text, 8 * 3_600_000)
    assert.equal(ms === null ? null : new Date(ms).toISOString(), time)
  })
}
