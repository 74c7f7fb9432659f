// Cursors as numbers, and the streams of shards.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { numbersPerStream } from '../../../src/model/partitioned-source.ts'
import { ShardNumbers } from '../../../src/sources/sls/shard-numbers.ts'

const place = { source: 'logs', project: 'fc-test', logstore: 'fc-logs', shard: 3 }
/** 1614750027373205714 (facts §1.5): 358 times 2 ** 52, and this. */
const cursor = 'MTYxNDc1MDAyNzM3MzIwNTcxNA=='
const low = 2_461_360_774_568_146

test('a number is the low 52 bits of the cursor', () => {
  const numbers = new ShardNumbers(place, cursor)
  assert.equal(358n * 2n ** 52n + BigInt(low), 1_614_750_027_373_205_714n)
  assert.equal(numbers.first, low)
  assert.equal(numbers.numberOf(cursor), low)
  assert.equal(numbers.cursorOf(low), cursor)
  assert.equal(numbers.numberOfValue(1_614_750_027_373_205_715n), low + 1)
})

test('a stream is told by what its records are told by, and changes with the numbers', () => {
  const numbers = new ShardNumbers(place, cursor)
  const index = Math.floor(low / numbersPerStream)
  assert.equal(index, 18338566)
  // printf 'sls\0fc-test\0fc-logs\0003\000358\00018338566' | sha256sum
  const hashed = '51186be3128dfc88'
  assert.deepEqual(numbers.streamOf(low), { id: hashed, label: 'fc-test/fc-logs/3' })
  assert.equal(numbers.streamOf(low), numbers.streamOf(low + 1))
  assert.notEqual(numbers.streamOf((index + 1) * numbersPerStream).id, hashed)
  assert.equal(numbers.streamOf(low).id, hashed)
  assert.notEqual(new ShardNumbers({ ...place, shard: 4 }, cursor).streamOf(low).id, hashed)
})

const unusable = [
  '',
  'b3BhcXVl',
  'not base64',
  Buffer.from('-5').toString('base64'),
  Buffer.from('1.5').toString('base64'),
]
for (const text of unusable) {
  test(`no number: '${text}'`, () => {
    const isTold = (error: unknown): boolean => error instanceof FcscopeError && error.exitStatus === 3
    assert.throws(() => new ShardNumbers(place, text), isTold)
    assert.throws(() => new ShardNumbers(place, cursor).numberOf(text), isTold)
  })
}

test('cursors of another time are told, and have no number', () => {
  const numbers = new ShardNumbers(place, cursor)
  const other = Buffer.from('1600000000000000000').toString('base64')
  assert.equal(numbers.isOwn(cursor), true)
  assert.equal(numbers.isOwn(other), false)
  assert.throws(() => numbers.numberOf(other), FcscopeError)
})
