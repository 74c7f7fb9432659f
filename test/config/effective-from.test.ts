import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEffectiveFrom } from '../../src/config/effective-from.ts'

const times: [text: string, utc: string | null][] = [
  ['2025-06-01', '2025-05-31T16:00:00.000Z'],
  ['2025-06-01T08:30', '2025-06-01T00:30:00.000Z'],
  ['2025-06-01 08:30:15', '2025-06-01T00:30:15.000Z'],
  ['2025-06-01T08:30:15.250', '2025-06-01T00:30:15.250Z'],
  ['2025-06-01T08:30:15Z', '2025-06-01T08:30:15.000Z'],
  ['2025-06-01T08:30:15+08:00', '2025-06-01T00:30:15.000Z'],
  ['2025-06-01T08:30:15.123456789-05:30', '2025-06-01T14:00:15.123Z'],
  // Beijing had summer time from 1986 to 1991.
  ['1990-07-01', '1990-06-30T15:00:00.000Z'],
  ['2024-02-29', '2024-02-28T16:00:00.000Z'],
  ['2025-02-29', null],
  ['2025-02-30', null],
  ['2025-13-01', null],
  ['2025-06-01T25:00', null],
  ['2025-06-01T08:61', null],
  ['2025-6-1', null],
  ['2025-06', null],
  ['2025', null],
  ['2025-W23', null],
  ['20250601', null],
  ['T12', null],
  ['2025-06-01T', null],
  ['2025-06-01Z', null],
  ['2025-06-01T08', null],
  ['2025-06-01T08:30:15 +08:00', null],
  ['2025-06-01T08:30[Europe/Paris]', null],
  [' 2025-06-01', null],
  ['2025-06-01\n', null],
  ['tomorrow', null],
  ['', null],
]
for (const [text, utc] of times) {
  test(JSON.stringify(text), () => {
    const ms = readEffectiveFrom(text)
    assert.equal(ms === null ? null : new Date(ms).toISOString(), utc)
  })
}
