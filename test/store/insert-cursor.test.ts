import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InsertCursor, type TablePart } from '../../src/store/follow/insert-cursor.ts'

const part = (name: string, lowest: number, highest: number, table = 't'): TablePart => ({
  table,
  name,
  lowest,
  highest,
})

test('what is there at the beginning is not new', () => {
  const cursor = new InsertCursor('t')
  assert.equal(cursor.begin([part('a', 1, 3), part('b', 4, 4), part('x', 9, 9, 'other')]), '_block_number <= 4')
  assert.equal(cursor.next([part('a', 1, 3), part('b', 4, 4), part('x', 12, 12, 'other')]), null)
})

test('a part that was merged from old and new rows is read, and only its new rows', () => {
  const cursor = new InsertCursor('t')
  cursor.begin([part('a', 1, 3), part('b', 4, 4)])
  const range = cursor.next([part('a', 1, 3), part('c', 4, 5)])
  assert.equal(range?.where, "_part NOT IN ('a') AND _block_number > 4 AND _block_number <= 5")
  assert.equal(range?.isCut, false)
})

test('a step that failed is taken again', () => {
  const cursor = new InsertCursor('t')
  const parts = [part('a', 1, 2)]
  const first = cursor.next(parts)
  assert.deepEqual(cursor.next(parts), first)
  if (first !== null) cursor.passed(first, 10)
  assert.equal(cursor.next(parts), null)
})

test('many inserts are read in steps, which grow while they are small and shrink when they are large', () => {
  const cursor = new InsertCursor('t')
  const parts = [part('a', 1, 1000)]
  const ends: number[] = []
  for (let range = cursor.next(parts); range !== null && ends.length < 100; range = cursor.next(parts)) {
    cursor.passed(range, range.upTo < 100 ? 10 : 1_000_000)
    ends.push(range.upTo)
    assert.equal(range.isCut, range.upTo < 1000)
    if (ends.length === 3) assert.deepEqual(ends, [4, 12, 28])
  }
  assert.equal(ends.length, 100)
  assert.equal((ends[99] ?? 0) - (ends[98] ?? 0), 1)
})

test('a table that is another one now is read from its beginning', () => {
  const cursor = new InsertCursor('t')
  cursor.begin([part('a', 1, 100)])
  assert.match(cursor.next([part('b', 1, 2)])?.where ?? '', /_block_number > 0 AND _block_number <= 2/)
})
