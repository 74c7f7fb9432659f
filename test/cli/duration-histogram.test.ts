import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DurationHistogram } from '../../src/cli/duration-histogram.ts'

const histogramOf = (durations: readonly number[]): DurationHistogram => {
  const histogram = new DurationHistogram()
  for (const duration of durations) histogram.add(duration)
  return histogram
}

test('no durations, no quantile', () => {
  assert.equal(histogramOf([]).quantileMs(0.5), null)
})

for (const [share, exact] of [
  [0.5, 5000],
  [0.99, 9900],
  [1, 10_000],
] as const) {
  test(`quantile ${share} is at most 5 % too high`, () => {
    const found = histogramOf(Array.from({ length: 10_000 }, (_, n) => n + 1)).quantileMs(share) ?? 0
    assert.ok(found >= exact && found <= exact * 1.05, String(found))
  })
}

test('zero, negative and endless durations have a place', () => {
  assert.equal(histogramOf([0, -5, Number.MAX_VALUE, Number.POSITIVE_INFINITY]).count, 4)
  assert.ok((histogramOf([0]).quantileMs(0.5) ?? 1) < 0.1)
})
