// Lines that are counted over batches, and requests at the edges of a range.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EdgeRequests } from '../../../src/app/backfill/edge-requests.ts'
import { equalPlaces } from '../../../src/app/backfill/equal-places.ts'
import { LineCopies } from '../../../src/app/backfill/line-copies.ts'
import type { RangePart } from '../../../src/app/backfill/range-parts.ts'
import { blockOf, line } from '../../sinks/clickhouse/line-block.ts'

const bodies = (...texts: readonly string[]) => blockOf(texts.map(body => line({ body })))

test('copies are counted over blocks', () => {
  const copies = new LineCopies()
  assert.deepEqual([...copies.count(bodies('a', 'b', 'a', 'a'))], [1, 1, 2, 3])
  assert.deepEqual([...copies.count(bodies('b', 'c', 'a'))], [2, 1, 4])
})

test('a text of any length, and none', () => {
  const copies = new LineCopies()
  const long = 'x'.repeat(20_000)
  assert.deepEqual([...copies.count(bodies('', long, `${long}y`, '', long))], [1, 1, 1, 2, 2])
})

test('what makes a line another one', () => {
  const block = blockOf([
    line(),
    line({ time: line().time + 1 }),
    line({ time: line().time - 60_000 }),
    line({ functionName: 'g' }),
    line({ functionName: null }),
    line({ instanceID: 'c-2' }),
    line({ body: 'hello ' }),
    line({ requestId: 'r-2', streamId: '00000000000000ff', position: 9, level: 'error' }),
  ])
  assert.deepEqual([...new LineCopies().count(block)], [1, 1, 1, 1, 1, 1, 1, 2])
})

test('of very many lines the first ones are forgotten, and not the last', () => {
  const copies = new LineCopies(100)
  copies.count(bodies('first'))
  copies.count(bodies(...Array.from({ length: 250 }, (_, i) => `line ${i}`)))
  assert.deepEqual([...copies.count(bodies('first', 'line 249', 'line 200'))], [1, 2, 2])
})

test('few collide', () => {
  const many = Array.from({ length: 100_000 }, (_, i) =>
    line({ body: `line ${i % 1000}`, time: 1000 * Math.floor(i / 1000) }),
  )
  assert.ok(new LineCopies().count(blockOf(many)).every(copy => copy === 1))
})

const parts: Readonly<Record<string, RangePart>> = { a: 'before', b: 'within', c: 'behind' }
const meet = (edges: EdgeRequests, ...met: readonly (readonly [requestId: string, streamId: string])[]): void =>
  edges.see(blockOf(met.map(([requestId, streamId]) => line({ requestId, streamId }))), id => parts[id]!)

test('a request belongs where its first line is', () => {
  const edges = new EdgeRequests()
  meet(edges, ['r-1', 'a'], ['', 'a'], ['r-2', 'b'], ['r-1', 'b'])
  meet(edges, ['r-2', 'c'], ['r-3', 'c'], ['r-3', 'c'])
  assert.deepEqual(
    ['r-1', 'r-2', 'r-3', 'r-4', ''].map(id => edges.isBeside(id)),
    [true, false, true, false, false],
  )
  assert.equal(edges.isFull, false)
})

const at = (...seconds: readonly number[]) => blockOf(seconds.map(second => line({ time: second * 1000 })))
const places: [what: string, seconds: number[], ranges: [number, number][]][] = [
  ['one', [1000], [[1000, 1000]]],
  ['near each other', [1000, 1059, 1118], [[1000, 1118]]],
  ['in any order', [1118, 1000, 1059, 1000], [[1000, 1118]]],
  [
    'far from each other',
    [1000, 1060, 9000],
    [
      [1000, 1000],
      [1060, 1060],
      [9000, 9000],
    ],
  ],
]
for (const [what, seconds, ranges] of places) {
  test(`places of equal lines: ${what}`, () => {
    const found = [...equalPlaces(at(...seconds), ['me']).matchAll(/toDateTime\((\d+)\) AND toDateTime\((\d+)\)/g)]
    assert.deepEqual(
      found.map(([, first, last]) => [Number(first), Number(last)]),
      ranges,
    )
  })
}

test('places: not more ranges than a statement may have', () => {
  const sql = equalPlaces(at(...Array.from({ length: 5000 }, (_, i) => i * 1000)), ['me'])
  assert.equal(sql.split(' OR ').length, 16)
  assert.match(sql, /^functionName IN \('f'\) AND \(.*\) AND streamId NOT IN \('me'\)$/)
})

test('places: names are somebody else’s text', () => {
  assert.match(equalPlaces(blockOf([line({ functionName: "f') OR 1" })]), ['me']), /functionName IN \('f\\'\) OR 1'\)/)
})
