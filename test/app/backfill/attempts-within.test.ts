// Which attempts a back-fill gives out. Range 1000 to 2000 s, margin 100 s: 900 to 2100 is read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wantsAttempt } from '../../../src/app/backfill/attempts-within.ts'
import { partsOf, readRange } from '../../../src/app/backfill/range-parts.ts'
import { emptyAttempt } from '../../../src/reconstruct/empty-attempt.ts'

const wish = { fromMs: 1_000_000, toMs: 2_000_000, marginMs: 100_000, nowMs: 9_000_000 }

interface Given {
  readonly start: number | null
  readonly end: number | null
  readonly isFiltered?: boolean
  readonly isBeside?: boolean
  readonly nowSeconds?: number
  readonly marginMs?: number
}

function isWanted({ start, end, isFiltered = false, isBeside = false, nowSeconds = 9000, marginMs = 100_000 }: Given) {
  const range = readRange({ ...wish, marginMs, nowMs: nowSeconds * 1000 })
  const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000)
  const wants = wantsAttempt({ range, isFiltered, isBeside: () => isBeside })
  return wants({ ...emptyAttempt(), startTimeMs: ms(start), endTimeMs: ms(end) })
}

const cases: [what: string, given: Given, isWanted: boolean][] = [
  ['within', { start: 1500, end: 1510 }, true],
  ['at the first moment', { start: 1000, end: 1000 }, true],
  ['at the last', { start: 1999.999, end: 1999.999 }, true],
  ['before', { start: 950, end: 999.999 }, false],
  ['behind', { start: 2000, end: 2001 }, false],
  ['over the first edge, whole', { start: 950, end: 1000 }, true],
  ['over the last edge, whole', { start: 1990, end: 2050 }, true],
  ['over both', { start: 950, end: 2050 }, true],
  ['begun before what was read', { start: 899.999, end: 1500 }, false],
  ['ended behind what was read', { start: 1990, end: 2100 }, false],
  ['no Start, within: it was lost', { start: null, end: 1500 }, true],
  ['no Start, in the margin: it may be cut', { start: null, end: 990 }, false],
  ['no Start, behind', { start: null, end: 2010 }, false],
  ['no End, within: it was lost', { start: 1999, end: null }, true],
  ['no End, in the margin: it may be cut', { start: 2010, end: null }, false],
  ['no End, before', { start: 990, end: null }, false],
  ['no End, and it may be under way: less than the margin ago', { start: 1950, end: null, nowSeconds: 2040 }, false],
  ['no End, longer ago', { start: 1930, end: null, nowSeconds: 2040 }, true],
  ['whole, just now', { start: 1950, end: 1960, nowSeconds: 1970 }, true],
  ['no times: where its first line is', { start: null, end: null }, true],
  ['no times, first line beside the range', { start: null, end: null, isBeside: true }, false],
  ['a query, whole', { start: 1500, end: 1510, isFiltered: true }, true],
  ['a query, no Start', { start: null, end: 1510, isFiltered: true }, false],
  ['a query, no End', { start: 1500, end: null, isFiltered: true }, false],
  ['a query, no times', { start: null, end: null, isFiltered: true }, false],
  ['no margin, within', { start: 1500, end: 1510, marginMs: 0 }, true],
  ['no margin, cut', { start: 1999, end: 2001, marginMs: 0 }, false],
]
for (const [what, given, expected] of cases) {
  test(what, () => assert.equal(isWanted(given), expected))
}

const ranges: [what: string, wish: Partial<typeof wish>, within: [number, number], all: [number, number]][] = [
  ['whole seconds', {}, [1000, 2000], [900, 2100]],
  ['parts of seconds are rounded to what has them', { fromMs: 1_000_001, toMs: 1_999_001 }, [1000, 2000], [900, 2100]],
  ['nothing is read that is yet to come', { nowMs: 2_050_700 }, [1000, 2000], [900, 2050]],
  ['a range that goes on', { nowMs: 1_500_000 }, [1000, 1500], [900, 1500]],
  ['a range that is yet to come is empty', { nowMs: 500_000 }, [500, 500], [400, 500]],
  ['not before 1970', { fromMs: 50_000 }, [50, 2000], [0, 2100]],
]
for (const [what, other, within, all] of ranges) {
  test(`what is read: ${what}`, () => {
    const range = readRange({ ...wish, ...other })
    assert.deepEqual([range.within.from, range.within.to], within)
    assert.deepEqual([range.all.from, range.all.to], all)
    const parts = partsOf(range)
    assert.deepEqual(
      parts.map(({ part }) => part),
      ['before', 'within', 'behind'],
    )
    assert.ok(parts.every(({ from }, at) => at === 0 || from === parts[at - 1]?.to))
  })
}
