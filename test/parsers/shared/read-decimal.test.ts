// Numbers from bytes: whatever Number makes of the same digits.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDecimal } from '../../../parsers/shared/read-decimal.ts'

function read(text: string): number {
  const buf = Buffer.from(`9${text}9`, 'latin1')
  return readDecimal(buf, 1, buf.length - 1)
}

test('decimals of any length are rounded as Number rounds them', () => {
  const digits = fc.stringMatching(/^\d{1,20}$/)
  const decimal = fc
    .tuple(digits, fc.option(digits))
    .map(([whole, part]) => (part === null ? whole : `${whole}.${part}`))
  fc.assert(
    fc.property(decimal, text => assert.equal(read(text), Number(text))),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), n =>
      assert.equal(read(String(n)), Number(String(n))),
    ),
  )
})

for (const text of [
  '',
  '.',
  '.5',
  '5.',
  '1.2.3',
  '-',
  '--1',
  ' 1',
  '1 ',
  '1,5',
  '0x10',
  'NaN',
  'Infinity',
  '1e',
  '1e400',
  '1_0',
  '٣',
  '1'.repeat(65),
])
  test(`"${text}" is no number`, () => assert.equal(read(text), Number.NaN))
