// Offsets as numbers of records, and back.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OffsetNumbers } from '../../../src/sources/kafka/offset-numbers.ts'

/** 1024 times 2 ** 52. */
const high = 4_611_686_018_427_387_904n

const cases: readonly [oldest: string, offset: string, number: number][] = [
  ['0', '0', 0],
  ['17', '123456789012345', 123_456_789_012_345],
  ['0', '4503599627370495', 4_503_599_627_370_495],
  [`${high}`, `${high}`, 0],
  [`${high + 5n}`, `${high + 123n}`, 123],
  [`${high + 5n}`, `${high + 4_503_599_627_370_495n}`, 4_503_599_627_370_495],
]
for (const [oldest, offset, number] of cases) {
  test(`the offset ${offset}, when the oldest is ${oldest}`, () => {
    const numbers = new OffsetNumbers(oldest)
    assert.equal(numbers.numberOf(offset), number)
    assert.equal(numbers.offsetOf(number), offset)
  })
}

test('numberings that are not the same have other names', () => {
  assert.equal(new OffsetNumbers('12').key, '')
  assert.equal(new OffsetNumbers(`${high}`).key, '1024')
})
