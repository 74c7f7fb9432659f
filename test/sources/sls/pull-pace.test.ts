// Waits between pulls, by the table of facts §3.4; waits after failures, by §8; memory of replies.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PullMemory } from '../../../src/sources/sls/pull-memory.ts'
import { paceMs, RetryWaits } from '../../../src/sources/sls/pull-pace.ts'
import { QuerySpan } from '../../../src/sources/sls/query-span.ts'
import { ReplySizes } from '../../../src/sources/sls/reply-sizes.ts'

const MiB = 1024 * 1024
const paces: [what: string, size: Partial<Parameters<typeof paceMs>[0]>, ms: number][] = [
  ['a full reply', { groups: 1000, rawBytes: 10 }, 0],
  ['a large reply', { groups: 8, rawBytes: 4 * MiB }, 0],
  ['more is there', { groups: 8, rawBytes: MiB, isAtEnd: false }, 0],
  ['a small reply, and more is there', { groups: 8, rawBytes: 10, isAtEnd: false }, 20],
  ['a small reply', { groups: 99, rawBytes: MiB - 1 }, 500],
  ['a small reply at the end', { groups: 99, rawBytes: MiB - 1, isAtEnd: true }, 500],
  ['a middling reply', { groups: 100, rawBytes: MiB - 1 }, 200],
  ['a middling reply by its bytes', { groups: 99, rawBytes: MiB }, 200],
  ['a larger reply', { groups: 500, rawBytes: MiB }, 50],
  ['a larger reply by its bytes', { groups: 9, rawBytes: 2 * MiB }, 50],
  ['nothing moved', { groups: 0, rawBytes: 0, hasMoved: false }, 500],
  ['one LogGroup that was asked for', { asked: 1, groups: 1, rawBytes: 10 }, 20],
  ['some of some', { asked: 30, groups: 3, rawBytes: 10, isAtEnd: false }, 20],
  ['the last of some', { asked: 30, groups: 3, rawBytes: 10, isAtEnd: true }, 500],
]
for (const [what, size, ms] of paces) {
  test(`the next pull after ${what}: ${ms} ms`, () => {
    assert.equal(paceMs({ asked: 1000, groups: 0, rawBytes: 0, isAtEnd: null, hasMoved: true, ...size }), ms)
  })
}

test('waits after failures grow, by what failed', () => {
  const waits = new RetryWaits(() => 0)
  assert.deepEqual(
    Array.from({ length: 8 }, () => waits.nextMs('retry')),
    [100, 200, 400, 800, 1600, 3200, 5000, 5000],
  )
  assert.equal(waits.nextMs('quota'), 1000)
  assert.equal(waits.nextMs('denied'), 2500)
  assert.equal(waits.tries, 10)
  waits.reset()
  assert.equal(waits.nextMs('retry'), 100)
  assert.ok(new RetryWaits(() => 0.999).nextMs('quota') < 2000)
})

const never = new AbortController().signal

test('memory is given in turn, and never more than there is unless nobody else has any', async () => {
  const memory = new PullMemory(100)
  const first = await memory.take(500, { isUrgent: false, signal: never })
  const order: string[] = []
  const second = memory.take(60, { isUrgent: false, signal: never }).then(share => {
    order.push('second')
    return share
  })
  const third = memory.take(10, { isUrgent: false, signal: never }).then(share => {
    order.push('third')
    return share
  })
  first.resize(50)
  await new Promise(setImmediate)
  assert.deepEqual(order, [])
  first.release()
  first.release()
  await Promise.all([second, third])
  assert.deepEqual(order, ['second', 'third'])
  assert.equal(memory.usedBytes, 70)
})

test('what is urgent does not wait for what is not, and counts as usual when it has calmed down', async () => {
  const memory = new PullMemory(100)
  await memory.take(100, { isUrgent: false, signal: never })
  const urgent = await memory.take(80, { isUrgent: true, signal: never })
  const next = memory.take(80, { isUrgent: true, signal: never })
  urgent.calm()
  urgent.calm()
  await next
  assert.equal(memory.usedBytes, 260)
})

test('who gives up waiting for memory lets the next one through', async () => {
  const memory = new PullMemory(100)
  await memory.take(50, { isUrgent: false, signal: never })
  const leaving = new AbortController()
  const large = memory.take(90, { isUrgent: false, signal: leaving.signal })
  const small = memory.take(20, { isUrgent: false, signal: never })
  leaving.abort(new Error('no more'))
  await assert.rejects(large, /no more/)
  await small
  assert.equal(memory.usedBytes, 70)
})

test('a reply is expected to be as large as the last ones were, within bounds', () => {
  const sizes = new ReplySizes()
  assert.equal(sizes.expectedBytes, 20 * MiB)
  for (let i = 0; i < 100; i += 1) sizes.note(10)
  assert.equal(sizes.expectedBytes, MiB)
  sizes.note(3 * MiB)
  assert.equal(sizes.expectedBytes, 6 * MiB)
  sizes.note(0)
  assert.equal(sizes.expectedBytes, 4.5 * MiB)
})

test('a filtered answer is narrowed down until it is clear whose rows it has', () => {
  const span = new QuerySpan(true)
  assert.equal(span.judge(3, 1000), 'tooWide')
  assert.equal(span.asked, 500)
  assert.equal(span.judge(3, 7), 'tooWide')
  assert.equal(span.asked, 3)
  assert.equal(span.judge(3, 3), 'oneByOne')
  assert.equal(span.asked, 6)
  span.narrow()
  assert.equal(span.judge(1, 3), 'tooWide')
  assert.equal(span.asked, 1)
  assert.equal(span.judge(2, 1), 'asOne')
  assert.equal(span.narrow(), false)
  const plain = new QuerySpan(false)
  assert.equal(plain.judge(3, 1000), 'oneByOne')
  assert.equal(plain.narrow(), true)
  assert.equal(plain.asked, 500)
})
