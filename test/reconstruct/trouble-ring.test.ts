// Error lines in a ring: an attempt's lines come back in order until the ring has come round.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TroubleRing } from '../../src/reconstruct/trouble-ring.ts'

function keep(ring: TroubleRing, text: string, before: number, timeMs = 1000, level = 1): number {
  const bytes = Buffer.from(`<${text}>`)
  return ring.keep(bytes, 1, bytes.length - 1, level, timeMs, before)
}

/** Keeps the lines of one attempt among those of others; the positions of the first and the last. */
function keepMany(ring: TroubleRing, count: number): readonly [number, number] {
  const first = keep(ring, '1', 0)
  let last = 0
  for (let number = 2; number <= count; number++) {
    keep(ring, 'of another attempt', 0)
    last = keep(ring, String(number), last || first)
  }
  return [first, last]
}

const texts = (ring: TroubleRing, [first, last]: readonly [number, number]): string[] =>
  ring.linesOf(first, last).map(({ text }) => text)

const orders: [count: number, expected: string[]][] = [
  [1, ['1']],
  [2, ['1', '2']],
  [8, ['1', '2', '3', '4', '5', '6', '7', '8']],
  [9, ['1', '3', '4', '5', '6', '7', '8', '9']],
  [40, ['1', '34', '35', '36', '37', '38', '39', '40']],
]
for (const [count, expected] of orders)
  test(`of ${count} lines the first and the last seven`, () => {
    const ring = new TroubleRing(100_000)
    assert.deepEqual(texts(ring, keepMany(ring, count)), expected)
  })

test('what was overwritten is gone, and the rest is there', () => {
  const ring = new TroubleRing(180)
  const first = keep(ring, 'first', 0)
  const second = keep(ring, 'second', first)
  const third = keep(ring, 'x'.repeat(100), second)
  const last = keep(ring, 'last', third)
  assert.equal(ring.read(first), null)
  assert.deepEqual(texts(ring, [first, last]), ['second', 'x'.repeat(100), 'last'])
  for (let round = 0; round < 10; round++) keep(ring, 'another', 0)
  assert.deepEqual(texts(ring, [first, last]), [])
})

test('no line', () => assert.deepEqual(new TroubleRing(100).linesOf(0, 0), []))

test('levels, and times where spans may be', () => {
  const ring = new TroubleRing(10_000)
  const first = keep(ring, 'a', 0, Number.NaN, 0)
  let last = first
  for (const timeMs of [-1, 1_712_491_200_000.5, 9_220_000_000_000]) last = keep(ring, 'b', last, timeMs)
  assert.deepEqual(
    ring.linesOf(first, last).map(({ level, timeMs }) => [level, timeMs]),
    [
      ['fatal', null],
      ['error', null],
      ['error', 1_712_491_200_000],
      ['error', null],
    ],
  )
})

test('a long line ends before a character that it has no room for', () => {
  const ring = new TroubleRing(10_000)
  assert.equal(ring.read(keep(ring, `x${'商'.repeat(400)}`, 0)), `x${'商'.repeat(333)}`)
  assert.equal(ring.read(keep(ring, 'x'.repeat(1001), 0)), 'x'.repeat(1000))
  assert.equal(ring.read(keep(ring, `${'x'.repeat(999)}商`, 0)), 'x'.repeat(999))
})

test('lines that were saved come back the same', () => {
  const ring = new TroubleRing(10_000)
  for (const count of [1, 3, 20]) {
    const lines = ring.linesOf(...keepMany(ring, count))
    const other = new TroubleRing(10_000)
    keep(other, 'before', 0)
    assert.deepEqual(other.linesOf(...other.keepLines(lines)), lines)
  }
  assert.deepEqual(ring.keepLines([]), [0, 0])
})
