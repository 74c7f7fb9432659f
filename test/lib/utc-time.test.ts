// Times as RFC 3339: whatever Date writes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isUtcTime, UtcTimeWriter, utcTimeLength } from '../../src/lib/utc-time.ts'

const writer = new UtcTimeWriter()

function written(ms: number): string {
  const out = Buffer.alloc(utcTimeLength + 2, 0x2a)
  assert.equal(writer.write(out, 1, ms), utcTimeLength + 1)
  assert.equal(out[0], 0x2a)
  assert.equal(out.at(-1), 0x2a)
  return out.toString('latin1', 1, utcTimeLength + 1)
}

test('every millisecond of the years 0 to 9999 is written as Date writes it', () => {
  const time = fc.oneof(
    fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
    fc.integer({ min: 1_700_000_000_000, max: 1_700_000_200_000 }),
  )
  fc.assert(fc.property(time, ms => assert.equal(written(ms), new Date(ms).toISOString())))
})

const bounds: readonly (readonly [ms: number, text: string])[] = [
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [1705136031939, '2024-01-13T08:53:51.939Z'],
  [1705136031939.9, '2024-01-13T08:53:51.939Z'],
  [-62_167_219_200_000, '0000-01-01T00:00:00.000Z'],
  [253_402_300_799_999, '9999-12-31T23:59:59.999Z'],
]
for (const [ms, text] of bounds)
  test(`${ms} is ${text}`, () => {
    assert.ok(isUtcTime(ms))
    assert.equal(written(ms), text)
  })

test('what RFC 3339 cannot write is no time', () => {
  for (const ms of [Number.NaN, Number.POSITIVE_INFINITY, 253_402_300_800_000, -62_167_219_200_001])
    assert.equal(isUtcTime(ms), false)
})
