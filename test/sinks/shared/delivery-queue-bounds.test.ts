// How much may wait, what is told, and the stop.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { handTime, Rig, turn } from './queue-rig.ts'

handTime()

test('a sink that is well has room for a few files, one that is down for so many bytes', async () => {
  const rig = new Rig({ maxBytes: 100 })
  const room: boolean[] = []
  for (let batch = 1; batch <= 6; batch++) {
    room.push(rig.queue.hasRoom)
    rig.add(batch)
  }
  assert.deepEqual([room, rig.queue.hasRoom], [Array(6).fill(true), false])
  await rig.sink.last.fail()
  assert.equal(rig.queue.hasRoom, true)
  rig.add(7, { bytes: 39 })
  assert.equal(rig.queue.hasRoom, true)
  rig.add(8, { bytes: 1 })
  assert.deepEqual([rig.queue.hasRoom, rig.queue.hasRoom], [false, false])
  assert.deepEqual(rig.named('spillFull'), [{ sink: 'store', waitingBytes: 100, maxBytes: 100 }], 'told once')
})

test('changes are told: a file that arrived, a try that failed', async () => {
  const rig = new Rig()
  rig.add(1)
  const first = rig.queue.changed()
  await rig.sink.last.fail()
  await first
  const second = rig.queue.changed()
  assert.notEqual(first, second)
  rig.queue.retryNow()
  await turn()
  await rig.sink.last.ok()
  await second
})

test('since when it fails is known, until it does not', async t => {
  const rig = new Rig()
  assert.equal(rig.queue.failingSinceMs, null)
  rig.add(1)
  t.mock.timers.tick(70)
  await rig.sink.last.fail()
  t.mock.timers.tick(250)
  await turn()
  await rig.sink.last.fail()
  assert.equal(rig.queue.failingSinceMs, 70)
  rig.queue.retryNow()
  await turn()
  await rig.sink.last.ok()
  assert.equal(rig.queue.failingSinceMs, null)
})

test('every try is counted with its time', async t => {
  const rig = new Rig()
  rig.add(1)
  t.mock.timers.tick(1500)
  await rig.sink.last.fail()
  t.mock.timers.tick(250)
  await turn()
  t.mock.timers.tick(20)
  await rig.sink.last.ok()
  assert.deepEqual(rig.tries, [
    { ok: false, seconds: 1.5 },
    { ok: true, seconds: 0.02 },
  ])
})

test('files of an earlier run may be there', async () => {
  const rig = new Rig()
  rig.add(1, { mayBeThere: true })
  assert.equal(rig.sink.last.mayBeThere, true)
})

test('a sink that is down holds up nobody else', async () => {
  const [dead, alive] = [new Rig({ name: 'dead' }), new Rig({ name: 'alive' })]
  for (const rig of [dead, alive]) for (const batch of [1, 2]) rig.add(batch)
  await dead.sink.last.fail()
  await alive.sink.last.ok()
  await alive.sink.last.ok()
  assert.deepEqual([dead.delivered, alive.delivered], [[], [1, 2]])
})

test('stop: what is under way is told, nothing more is tried, and the files stay', async () => {
  const rig = new Rig({ maxConcurrent: 2 })
  const files = [1, 2, 3].map(batch => rig.add(batch).file)
  const stopping = rig.queue.stop()
  assert.deepEqual(
    rig.sink.visits.map(({ signal }) => signal.aborted),
    [true, true],
  )
  await stopping
  await rig.queue.stop()
  assert.deepEqual([rig.sink.batches, rig.delivered], [[1, 2], []])
  assert.deepEqual(files.map(existsSync), [true, true, true])
  assert.deepEqual(rig.named('deliveryFailed'), [], 'a stop is no fault')
  rig.add(4)
  await turn()
  assert.deepEqual(rig.sink.batches, [1, 2])
})

test('stop while a file arrives: the others stay', async () => {
  const rig = new Rig({ maxConcurrent: 2 })
  for (const batch of [1, 2, 3, 4]) rig.add(batch)
  const [first] = rig.sink.visits
  // Said before the sink hears of the stop.
  const arriving = first!.ok()
  const stopping = rig.queue.stop()
  await arriving
  await stopping
  assert.deepEqual([rig.delivered, rig.sink.batches], [[1], [1, 2]])
})

test('stop while it waits to try again', async () => {
  const rig = new Rig()
  rig.add(1)
  await rig.sink.last.fail()
  await rig.queue.stop()
  assert.deepEqual(rig.sink.batches, [1])
})
