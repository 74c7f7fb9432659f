import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type BusyHours,
  behindLastHour,
  busyHoursOf,
  firstHour,
  hullOf,
  noHours,
  widened,
} from '../../src/model/busy-hours.ts'

const range = (hours: BusyHours): readonly number[] => [firstHour(hours), behindLastHour(hours)]
const hourMs = 3_600_000
/** 2026-01-31T13:00:00Z. */
const began = 491_629 * hourMs

const unknown = { startTimeMs: null, endTimeMs: null, durationMs: null, billedMs: null }

const cases: readonly {
  what: string
  of: Partial<typeof unknown> | Record<string, number>
  hours: readonly number[]
}[] = [
  { what: 'nothing is known', of: {}, hours: [0, 0] },
  { what: 'only how long it took', of: { durationMs: 5000 }, hours: [0, 0] },
  { what: 'only its start', of: { startTimeMs: began }, hours: [491_629, 491_630] },
  {
    what: 'within an hour',
    of: { startTimeMs: began, endTimeMs: began + 1000, durationMs: 1000 },
    hours: [491_629, 491_630],
  },
  { what: 'on into the next one', of: { startTimeMs: began + hourMs - 1, durationMs: 2 }, hours: [491_629, 491_631] },
  {
    what: 'billed for longer than it ran',
    of: { startTimeMs: began, durationMs: 1, billedMs: hourMs },
    hours: [491_629, 491_631],
  },
  { what: 'only its end, and how long', of: { endTimeMs: began + 10, durationMs: 20 }, hours: [491_628, 491_630] },
  { what: 'an end before its start', of: { startTimeMs: began, endTimeMs: began - hourMs }, hours: [491_629, 491_630] },
  { what: 'before 1970', of: { startTimeMs: -hourMs, durationMs: 1 }, hours: [0, 1] },
  { what: 'longer than can be said', of: { startTimeMs: began, durationMs: 1e15 }, hours: [491_629, 491_629 + 255] },
]

describe('hours of an attempt', () => {
  for (const { what, of, hours } of cases)
    test(what, () => {
      assert.deepEqual(range(busyHoursOf({ ...unknown, ...of })), hours)
    })

  test('those of two are the hours of both and what lies between', () => {
    const hours = fc
      .record({ from: fc.nat({ max: 400 }), count: fc.integer({ min: 1, max: 100 }) })
      .map(({ from, count }) => busyHoursOf({ ...unknown, startTimeMs: from * hourMs, durationMs: count * hourMs - 1 }))
    fc.assert(
      fc.property(hours, hours, (a, b) => {
        const from = Math.min(firstHour(a), firstHour(b))
        const to = Math.max(behindLastHour(a), behindLastHour(b))
        assert.deepEqual(range(hullOf(a, b)), [from, Math.min(to, from + 255)])
        assert.equal(hullOf(a, noHours), a)
        assert.equal(hullOf(noHours, a), a)
      }),
    )
  })

  test('more of them on both sides', () => {
    const one = busyHoursOf({ ...unknown, startTimeMs: began })
    assert.deepEqual(range(widened(one, 25)), [491_604, 491_655])
    assert.equal(widened(noHours, 25), noHours)
  })
})
