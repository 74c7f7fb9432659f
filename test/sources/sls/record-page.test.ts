// Pages of records, and shelves of pages: what fits into a window, and what is left of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { numbersPerStream } from '../../../src/model/partitioned-source.ts'
import { RecordPage } from '../../../src/sources/sls/record-page.ts'
import { ShardNumbers } from '../../../src/sources/sls/shard-numbers.ts'
import { ShardShelf } from '../../../src/sources/sls/shard-shelf.ts'

/** Texts of the LogGroups from `first` on. */
function page(first: number, texts: readonly string[], { from = first, to = first + texts.length } = {}): RecordPage {
  let end = 0
  const ends = Uint32Array.from(texts, text => {
    end += text.length
    return end
  })
  return new RecordPage({ from, to, first, bytes: Buffer.from(texts.join('')), ends, sinceMs: 0, release: () => {} })
}

/** What a page gives for one window after the other, when all of it is taken: `numbers @skipped text`. */
function readAll(given: RecordPage, windowBytes: number, limit = Number.POSITIVE_INFINITY): string[] {
  const seen: string[] = []
  while (!given.isTaken && given.next < limit) {
    const window = Buffer.alloc(windowBytes)
    const filled = given.fill(window, limit)
    const text = window.toString('latin1', 0, filled.length)
    seen.push(`${[...filled.numbers].join(',')} @${filled.skipped}${filled.isCut ? ' cut' : ''} ${text}`)
    given.take(filled, filled.length)
  }
  return seen
}

const cases: [what: string, texts: string[], windowBytes: number, expected: string[], to?: number][] = [
  ['all at once', ['ab', 'c', 'def'], 10, ['5,6,7 @0 abcdef']],
  ['only whole ones', ['ab', 'c', 'def'], 5, ['5,6 @0 abc', '7 @0 def']],
  [
    'one that is larger than the window',
    ['a', 'bcdefgh', 'i'],
    3,
    ['5 @0 a', '6 @0 cut bcd', '6 @3 cut efg', '6,7 @6 hi'],
  ],
  ['empty ones between and in front', ['', 'a', '', '', 'b'], 10, ['6,9 @0 ab']],
  ['empty ones at the end', ['a', '', ''], 10, ['5,7 @0 a']],
  ['only empty ones', ['', ''], 10, ['6 @0 ']],
  ['none at all, but the cursor moved', [], 10, ['8 @0 '], 9],
  ['a cursor that moves on behind the last one', ['a'], 10, ['5,11 @0 a'], 12],
  ['a large one and the end behind it', ['abcd', ''], 3, ['5 @0 cut abc', '5,6 @3 d']],
]
for (const [what, texts, windowBytes, expected, to = 5 + texts.length] of cases) {
  test(`a page: ${what}`, () => {
    assert.deepEqual(readAll(page(5, texts, { to }), windowBytes), expected)
  })
}

test('what was left comes again, from the byte where it was left', () => {
  const given = page(5, ['abc', 'def', 'ghi'])
  const first = given.fill(Buffer.alloc(10), 100)
  given.take(first, 4)
  assert.equal(given.next, 6)
  assert.deepEqual(readAll(given, 10), ['6,7 @1 efghi'])
  assert.equal(given.next, 8)
})

test('nothing is given beyond a limit', () => {
  const given = page(5, ['a', 'b', 'c', ''], { to: 9 })
  assert.deepEqual(readAll(given, 10, 7), ['5,6 @0 ab'])
  assert.deepEqual(readAll(given, 10, 8), ['7 @0 c'])
  assert.deepEqual(readAll(given, 10), ['8 @0 '])
})

const place = { source: 'logs', project: 'p', logstore: 'l', shard: 0 }
const numbers = new ShardNumbers(place, Buffer.from('1600000000000000000').toString('base64'))

test('a shelf gives no chunk of two streams', () => {
  const first = 9 * numbersPerStream - 2
  const shelf = new ShardShelf({ partition: '0', numbers, from: first, stops: [] })
  shelf.add(page(first, ['a', 'b', 'c', 'd']))
  const window = Buffer.alloc(10)
  const one = shelf.read(window)
  assert.deepEqual([...one.records.numbers], [first, first + 1])
  assert.equal(one.position, (numbersPerStream - 2) * 2 ** 26)
  shelf.take(one, one.length)
  const other = shelf.read(window)
  assert.deepEqual([...other.records.numbers], [first + 2, first + 3])
  assert.equal(other.position, 0)
  assert.notEqual(other.stream.id, one.stream.id)
})

test('a shelf replays until its last stop is reached, or nothing can lead to it', () => {
  const shelf = new ShardShelf({ partition: '0', numbers, from: 10, stops: [12, 14] })
  assert.equal(shelf.isReplaying, true)
  shelf.add(page(10, ['a', 'b', 'c', 'd', 'e']))
  const window = Buffer.alloc(10)
  for (const expected of [
    [10, 11],
    [12, 13],
  ]) {
    assert.equal(shelf.isReplaying, true)
    const chunk = shelf.read(window)
    assert.deepEqual([...chunk.records.numbers], expected)
    shelf.take(chunk, chunk.length)
  }
  assert.equal(shelf.isReplaying, false)
  const short = new ShardShelf({ partition: '0', numbers, from: 10, stops: [14] })
  short.isAtEnd = true
  assert.equal(short.isReplaying, false)
  const revoked = new ShardShelf({ partition: '0', numbers, from: 10, stops: [14] })
  revoked.close()
  assert.equal(revoked.isReplaying, false)
})

test('a shelf that is closed still takes what it gave, and gives nothing more', () => {
  const shelf = new ShardShelf({ partition: '0', numbers, from: 10, stops: [] })
  shelf.add(page(10, ['a', 'b']))
  shelf.add(page(12, ['c']))
  assert.equal(shelf.hasRoom, false)
  const chunk = shelf.read(Buffer.alloc(1))
  shelf.close()
  assert.equal(shelf.hasRecords, false)
  shelf.take(chunk, 1)
  assert.equal(shelf.hasRoom, false)
})
