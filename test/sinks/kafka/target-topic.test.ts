// What is sent at a time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PlacedRecord, sendBytesOf, sendsOf } from '../../../src/sinks/kafka/target-topic.ts'

const record = (partition: number, bytes: number, name = ''): PlacedRecord => ({
  key: Buffer.from(name),
  value: Buffer.alloc(bytes),
  partition,
})

const cases: readonly [title: string, records: readonly PlacedRecord[], maxBytes: number, sends: readonly string[]][] =
  [
    ['nothing', [], 1000, []],
    ['what fits goes at once', [record(0, 100, 'a'), record(0, 100, 'b')], 1000, ['a0 b0']],
    ['each partition has its own measure', [record(0, 800, 'a'), record(1, 800, 'b')], 1000, ['a0 b1']],
    [
      'what is too much goes next, in its order',
      [record(0, 600, 'a'), record(1, 1, 'b'), record(0, 600, 'c'), record(1, 1, 'd'), record(0, 1, 'e')],
      1000,
      ['a0 b1 d1', 'c0 e0'],
    ],
    ['one that is too large goes alone', [record(0, 5000, 'a'), record(0, 1, 'b')], 1000, ['a0', 'b0']],
  ]
for (const [title, records, maxBytes, sends] of cases) {
  test(title, () => {
    const shown = sendsOf(records, maxBytes).map(send =>
      send.map(({ key, partition }) => `${key}${partition}`).join(' '),
    )
    assert.deepEqual(shown, sends)
  })
}

test('many records of a partition go in parts', () => {
  const sends = sendsOf(
    Array.from({ length: 600 }, () => record(0, 1)),
    1_000_000,
  )
  assert.deepEqual(
    sends.map(({ length }) => length),
    [250, 250, 100],
  )
})

test('a record counts more than its bytes', () => assert.equal(sendBytesOf(record(0, 100, 'key')), 167))
