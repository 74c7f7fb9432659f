import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Random } from '../../src/lib/random.ts'

test('a seed gives one sequence', () => {
  const sequence = (seed: number): number[] => {
    const random = new Random(seed)
    return Array.from({ length: 20 }, () => random.uint32())
  }
  assert.deepEqual(sequence(7), sequence(7))
  assert.notDeepEqual(sequence(7), sequence(8))
  assert.notDeepEqual(sequence(2 ** 32), sequence(0))
})

test('numbers stay within their bounds and reach them', () => {
  const random = new Random(3)
  const seen = new Set(Array.from({ length: 2000 }, () => random.between(2, 5)))
  assert.deepEqual([...seen].sort(), [2, 3, 4, 5])
  for (let i = 0; i < 1000; i += 1) assert.ok(random.float() >= 0 && random.float() < 1)
})

test('numbers are spread evenly', () => {
  const random = new Random(11)
  const tens = new Array<number>(10).fill(0)
  for (let i = 0; i < 50_000; i += 1) {
    const at = random.below(10)
    tens[at] = (tens[at] ?? 0) + 1
  }
  for (const count of tens) assert.ok(count > 4700 && count < 5300, String(count))
})

test('hex has as many digits as asked for', () => {
  const random = new Random(5)
  for (const digits of [1, 8, 12, 20, 24, 32]) assert.match(random.hex(digits), new RegExp(`^[0-9a-f]{${digits}}$`))
})
