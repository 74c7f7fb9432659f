import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Batch } from '../../src/pipeline/batch.ts'

const part = (streamId: string, from: number, to: number, nowMs = 0) => ({ source: 's', streamId, from, to, nowMs })

test('ranges that go on become one, others stay apart', () => {
  const batch = new Batch()
  batch.time(7)
  batch.take(part('a', 0, 10))
  batch.take(part('a', 10, 15))
  batch.take(part('b', 15, 20))
  batch.take(part('a', 15, 20))
  batch.give()
  batch.take(part('a', 20, 30))
  batch.take(part('a', 31, 40))
  batch.giveAll()
  assert.deepEqual(batch.steps, [
    ['time', 7],
    ['take', 's', 'a', 0, 15],
    ['take', 's', 'b', 15, 20],
    ['take', 's', 'a', 15, 20],
    ['give'],
    ['take', 's', 'a', 20, 30],
    ['take', 's', 'a', 31, 40],
    ['giveAll'],
  ])
  assert.equal(batch.bytes, 10 + 5 + 5 + 5 + 10 + 9)
})

test('it is open since the first record, and since none when it was cleared', () => {
  const batch = new Batch()
  batch.time(1)
  assert.equal(batch.openedMs, Number.NaN)
  batch.take(part('a', 0, 1, 50))
  batch.take(part('a', 1, 2, 60))
  assert.equal(batch.openedMs, 50)
  batch.clear()
  assert.equal(batch.openedMs, Number.NaN)
  assert.deepEqual([batch.steps, batch.bytes, batch.isEmpty], [[], 0, true])
})

test('time alone is nothing to commit; bytes are, and so is a stream that goes on in another', () => {
  const batch = new Batch()
  batch.time(1)
  batch.give()
  assert.equal(batch.isEmpty, true)
  batch.goOn('a', 'b')
  assert.equal(batch.isEmpty, false)
  batch.clear()
  batch.take(part('a', 0, 1))
  assert.equal(batch.isEmpty, false)
})

test('steps that were handed on do not change when the next batch begins', () => {
  const batch = new Batch()
  batch.take(part('a', 0, 1))
  const { steps } = batch
  batch.clear()
  batch.take(part('a', 1, 2))
  assert.deepEqual(steps, [['take', 's', 'a', 0, 1]])
})
