import assert from 'node:assert/strict'
import { test } from 'node:test'
import { piecesWithin } from '../../src/lib/pieces.ts'

const cases: [limit: number, sizes: readonly number[], pieces: readonly (readonly number[])[]][] = [
  [5, [], []],
  [5, [2, 3], [[2, 3]]],
  [5, [2, 3, 1], [[2, 3], [1]]],
  [5, [9], [[9]]],
  [5, [1, 9, 1], [[1], [9], [1]]],
  [5, [0, 5, 0, 0, 5], [[0, 5, 0, 0], [5]]],
]
for (const [limit, sizes, pieces] of cases)
  test(`${JSON.stringify(sizes)} in pieces of ${limit}`, () =>
    assert.deepEqual(
      piecesWithin(limit, sizes, size => size),
      pieces,
    ))
