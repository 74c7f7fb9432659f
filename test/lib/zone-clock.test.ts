// Wall clocks to UTC, against luxon's own reading where the wall clock is not ambiguous.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { isKnownZone, ZoneClock } from '../../src/lib/zone-clock.ts'

const utc = (time: string): number => Date.parse(time)
const zones = [
  'Asia/Shanghai',
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'UTC+8',
]

test('known zones', () => {
  for (const zone of zones) assert.equal(isKnownZone(zone), true, zone)
  for (const zone of ['', 'Nowhere/Land', 'Asia/']) {
    assert.equal(isKnownZone(zone), false, zone)
    assert.throws(() => new ZoneClock(zone).toUtcMs(0), RangeError)
  }
})

test('Shanghai is eight hours ahead', () => {
  assert.equal(new ZoneClock('Asia/Shanghai').toUtcMs(utc('2022-07-26T15:20:48Z')), utc('2022-07-26T07:20:48Z'))
})

test('hours that come twice or not at all', () => {
  const berlin = new ZoneClock('Europe/Berlin')
  assert.equal(berlin.toUtcMs(utc('2024-10-27T02:30:00Z')), utc('2024-10-27T00:30:00Z'))
  assert.equal(berlin.toUtcMs(utc('2024-10-27T03:00:00Z')), utc('2024-10-27T02:00:00Z'))
  assert.equal(berlin.toUtcMs(utc('2024-03-31T02:30:00Z')), utc('2024-03-31T01:30:00Z'))
  const lordHowe = new ZoneClock('Australia/Lord_Howe')
  // Half an hour only: 02:00 becomes 01:30.
  assert.equal(lordHowe.toUtcMs(utc('2024-04-07T01:29:00Z')), utc('2024-04-06T14:29:00Z'))
  assert.equal(lordHowe.toUtcMs(utc('2024-04-07T02:00:00Z')), utc('2024-04-06T15:30:00Z'))
})

test('what is no time stays none', () => {
  assert.ok(Number.isNaN(new ZoneClock('UTC').toUtcMs(Number.NaN)))
})

test('the clock shows what it was given', () => {
  const clocks = zones.map(zone => ({ zone, clock: new ZoneClock(zone) }))
  const moments = fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(fc.constantFrom(...clocks), moments, ({ zone, clock }, moment) => {
      const shown = DateTime.fromMillis(moment.getTime(), { zone })
      const local = moment.getTime() + shown.offset * 60_000
      const back = clock.toUtcMs(local)
      // An hour that comes twice may be read as the other one, which shows the same.
      assert.equal(back + DateTime.fromMillis(back, { zone }).offset * 60_000, local)
    }),
    { numRuns: 5000 },
  )
})
