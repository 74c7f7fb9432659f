import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ChunkRecords, numbersPerStream, recordPosition, recordSpan } from '../../src/model/partitioned-source.ts'
import { nextNumber, RecordPlaces } from '../../src/pipeline/record-places.ts'

const records = (
  numbers: readonly number[],
  ends: readonly number[],
  other: Partial<ChunkRecords> = {},
): ChunkRecords => ({
  partition: 'p',
  count: numbers.length,
  numbers: Float64Array.from(numbers),
  ends: Uint32Array.from(ends),
  skipped: 0,
  isCut: false,
  ...other,
})

test('a line stands at its record’s number and its own byte', () => {
  const places = new RecordPlaces()
  // Three records: two lines, nothing, one line.
  places.enter(records([7, 8, 12], [30, 30, 45]))
  assert.equal(places.of(0), 7 * recordSpan)
  assert.equal(places.of(12), 7 * recordSpan + 12)
  assert.equal(places.of(30), 12 * recordSpan)
})

test('what came in earlier chunks of a record counts', () => {
  const places = new RecordPlaces()
  places.enter(records([7], [30], { skipped: 1000, isCut: true }))
  assert.equal(places.of(10), 7 * recordSpan + 1010)
})

test('numbers beyond a stream begin at 0 in the next, and every position is exact', () => {
  assert.equal(recordPosition(numbersPerStream - 1, recordSpan - 1), 2 ** 53 - 1)
  assert.equal(recordPosition(numbersPerStream, 3), 3)
  assert.equal(recordPosition(5 * numbersPerStream + 2, 0), 2 * recordSpan)
  assert.equal(recordPosition(1, 10 * recordSpan), 2 * recordSpan - 1, 'bytes beyond the span share its last place')
})

const nexts: readonly [name: string, records: ChunkRecords, bytes: number, expected: number][] = [
  ['nothing was taken', records([7, 8, 12], [10, 20, 30]), 0, 7],
  ['a part of the first', records([7, 8, 12], [10, 20, 30]), 9, 7],
  ['all of the first', records([7, 8, 12], [10, 20, 30]), 10, 8],
  ['up to a gap', records([7, 8, 12], [10, 20, 30]), 20, 12],
  ['everything', records([7, 8, 12], [10, 20, 30]), 30, 13],
  ['everything of a record that goes on', records([7, 8], [10, 20], { isCut: true }), 20, 8],
  ['an empty record behind what was taken', records([7, 8], [10, 10]), 10, 9],
]

for (const [name, chunk, bytes, expected] of nexts) {
  test(`the next record: ${name}`, () => {
    assert.equal(nextNumber(chunk, bytes), expected)
  })
}
