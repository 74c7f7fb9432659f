// Order, tries and waits.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { handTime, Rig, turn } from './queue-rig.ts'

handTime()

test('files go out one after the other, oldest first, and are removed when they are there', async () => {
  const rig = new Rig()
  const files = [1, 2, 3].map(batch => rig.add(batch).file)
  assert.deepEqual([rig.sink.batches, rig.queue.bytes, rig.queue.isEmpty], [[1], 30, false])
  await rig.sink.last.ok()
  assert.deepEqual([rig.sink.batches, rig.delivered, rig.queue.bytes], [[1, 2], [1], 20])
  await rig.sink.last.ok()
  await rig.sink.last.ok()
  assert.deepEqual([rig.delivered, rig.queue.bytes, rig.queue.isEmpty], [[1, 2, 3], 0, true])
  assert.deepEqual(files.map(existsSync), [false, false, false])
  assert.deepEqual(rig.events, [])
})

test('as many at a time as the sink takes', async () => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3, 4]) rig.add(batch)
  assert.deepEqual(rig.sink.batches, [1, 2])
  await rig.sink.visits[1]!.ok()
  assert.deepEqual(rig.sink.batches, [1, 2, 3])
  await rig.sink.visits[0]!.ok()
  assert.deepEqual(rig.sink.batches, [1, 2, 3, 4])
  for (const visit of rig.sink.visits) await visit.ok()
  assert.deepEqual(rig.delivered, [2, 1, 3, 4])
})

test('what comes behind others waits until all before it are there, and holds up nobody', async () => {
  const rig = new Rig({ maxConcurrent: 2 })
  rig.add(1)
  rig.add(2, { part: 'last' })
  rig.add(3)
  rig.add(4)
  assert.deepEqual(rig.sink.batches, [1, 3])
  await rig.sink.visits[1]!.ok()
  assert.deepEqual(rig.sink.batches, [1, 3, 4], 'a later one goes first')
  await rig.sink.visits[0]!.fail()
  await rig.sink.visits[2]!.ok()
  assert.deepEqual(rig.sink.batches, [1, 3, 4, 1], 'the one before it failed, and is tried again')
  await rig.sink.last.ok()
  assert.deepEqual(rig.sink.batches, [1, 3, 4, 1, 2])
  await rig.sink.last.ok()
  assert.ok(rig.queue.isEmpty)
})

test('a failed file is tried again, later each time, up to half a minute', async t => {
  const rig = new Rig()
  const delivery = rig.add(1)
  const waits: number[] = []
  for (let tries = 1; tries <= 10; tries++) {
    await rig.sink.last.fail('no route')
    const { nextTryMs } = rig.named('deliveryFailed').at(-1)!
    waits.push(Number(nextTryMs))
    t.mock.timers.tick(Number(nextTryMs) - 1)
    await turn()
    assert.equal(rig.sink.visits.length, tries)
    t.mock.timers.tick(1)
    await turn()
    assert.equal(rig.sink.visits.length, tries + 1)
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  assert.ok(existsSync(delivery.file))
  assert.deepEqual(
    rig.sink.visits.map(({ mayBeThere }) => mayBeThere),
    [false, ...Array(10).fill(true)],
    'a failed try may have reached its goal',
  )
  assert.deepEqual(rig.named('deliveryFailed')[0], {
    sink: 'store',
    tries: 1,
    nextTryMs: 250,
    waitingBytes: 10,
    reason: 'no route',
  })
  await rig.sink.last.ok()
  assert.deepEqual(rig.named('deliveryRecovered'), [
    { sink: 'store', afterMs: waits.reduce((sum, ms) => sum + ms), waitingBytes: 0 },
  ])
  // Another failure begins with short waits again.
  rig.add(2)
  await rig.sink.last.fail()
  assert.equal(rig.named('deliveryFailed').at(-1)?.['nextTryMs'], 250)
})

test('waits are spread by chance, between half and all of their length', async t => {
  for (const [random, waitMs] of [
    [0, 125],
    [0.5, 188],
    [0.999, 250],
  ] as const) {
    const rig = new Rig({ random: () => random })
    rig.add(1)
    await rig.sink.last.fail()
    assert.equal(rig.named('deliveryFailed')[0]?.['nextTryMs'], waitMs)
    t.mock.timers.tick(waitMs)
    await turn()
    assert.equal(rig.sink.visits.length, 2)
  }
})

test('a sink that is down is tried by one, and those behind wait', async t => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3]) rig.add(batch)
  await rig.sink.visits[0]!.fail()
  await rig.sink.visits[1]!.fail()
  assert.deepEqual(rig.sink.batches, [1, 2])
  rig.add(4)
  assert.deepEqual(rig.sink.batches, [1, 2])
  t.mock.timers.tick(500)
  await turn()
  assert.deepEqual(rig.sink.batches, [1, 2, 1], 'the oldest, alone')
  await rig.sink.last.ok()
  assert.deepEqual(rig.sink.batches, [1, 2, 1, 2, 3], 'well again: as many as it takes')
  assert.deepEqual(
    rig.sink.visits.slice(3).map(({ mayBeThere }) => mayBeThere),
    [true, false],
  )
})

test('one that succeeds while another waits ends the failing, and none is lost', async t => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3]) rig.add(batch)
  await rig.sink.visits[0]!.fail()
  assert.equal(rig.queue.isFailing, true)
  await rig.sink.visits[1]!.ok()
  assert.equal(rig.queue.isFailing, false)
  for (let step = 0; step < 4; step++) {
    for (const visit of rig.sink.visits) await visit.ok()
    t.mock.timers.tick(1000)
    await turn()
  }
  assert.deepEqual(rig.delivered.toSorted(), [1, 2, 3])
  assert.equal(rig.queue.isEmpty, true)
})
