// Shards that are split, merged, deleted, or whose data is deleted before it is read; and where shards begin.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeCursor } from './fake-logstore.ts'
import { LogstoreRig, waitFor } from './logstore-rig.ts'

for (const isOrdered of [false, true]) {
  test(`shards that are split and merged are read to their ends, and what comes out of them (${isOrdered ? 'in order' : 'at once'})`, async t => {
    const rig = await LogstoreRig.start(t, 1)
    rig.put(0, 10)
    const { worker } = await rig.work({ isOrdered })
    await waitFor(() => worker.partitions.length === 1, 'shard 0')
    const [one, other] = rig.service.logstore.split(0)
    rig.put(one!.id, 10)
    // A shard without a single record ends as well.
    const merged = rig.service.logstore.merge(one!.id, other!.id)
    rig.put(merged.id, 10)
    await rig.allStored()
    await waitFor(() => worker.partitions.join() === String(merged.id), 'only the last shard is left')
    await worker.stop()
    rig.assertStored()
    assert.deepEqual(
      [0, 1, 2, 3].map(shard => rig.service.group.checkpointOf(shard)),
      [10, 10, 0, 10],
    )
    assert.deepEqual(worker.ended.toSorted(), ['0', '1', '2'])
  })
}

test('the group hears of the end of a shard when the worker has asked for it', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  rig.service.logstore.split(0)
  const { source } = rig.open()
  await source.start()
  const window = new Uint8Array(1 << 20)
  const read = (): void => {
    for (const move of source.takeMoves()) if (move.kind === 'assigned') source.begin(move.partition, move.position, [])
    const chunk = source.read(window)
    if (chunk === null) return
    source.advance(chunk, chunk.length)
    next.set(chunk.records.partition, chunk.records.numbers.at(-1)! + 1)
    source.delivered(chunk.records.partition, chunk.records.numbers.at(-1)! + 1)
  }
  const next = new Map<string, number>()
  await waitFor(() => {
    read()
    return source.hasEnded('0')
  }, 'the end')
  assert.equal(rig.service.group.checkpointOf(0), 0)
  source.delivered('0', next.get('0')!)
  await waitFor(() => rig.service.group.checkpointOf(0) === 10, 'the checkpoint')
})

test('in order, what comes out of a shard is begun when that is done', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  const [child] = rig.service.logstore.split(0)
  rig.put(child!.id, 10)
  const { worker } = await rig.work({ isOrdered: true })
  await rig.allStored()
  await worker.stop()
  assert.deepEqual(worker.moves.slice(0, 2), ['assigned 0', 'revoked 0'])
})

test('a run to the present end waits for what comes out of a shard', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  for (const child of rig.service.logstore.split(0)) rig.put(child.id, 10)
  const { worker } = await rig.work({ isOrdered: true, once: true })
  assert.equal(await worker.done, undefined)
  await worker.stop()
  rig.assertStored()
})

test('data that was deleted before it was read is counted, and reading goes on behind it', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  const first = await rig.work()
  await rig.allStored()
  await first.worker.stop()
  rig.put(0, 20)
  rig.service.logstore.shard(0).first = 27
  const second = await rig.work()
  await waitFor(() => rig.store.lines.size === 39, 'what is left')
  await second.worker.stop()
  assert.deepEqual(rig.store.ids, [...rig.ids.slice(0, 30), ...rig.ids.slice(81)])
  assert.deepEqual(second.world.events('slsRecordsExpired'), [{ source: 'logs', shard: 0, missing: 17 }])
  assert.equal(rig.service.group.checkpointOf(0), 30)
})

test('a cursor that is refused although it is there is tried again', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  rig.service.faults.push({ api: 'PullLogs', times: 2, code: 'InvalidCursor' })
  const { worker, world } = await rig.work()
  await rig.allStored()
  await worker.stop()
  rig.assertStored()
  assert.deepEqual(world.events('slsRecordsExpired'), [])
})

test('LogGroups that the service leaves out are told of', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  const shard = rig.service.logstore.shard(0)
  rig.service.faults.push({
    api: 'PullLogs',
    times: 1,
    headers: { 'x-log-cursor': shard.cursorAt(15), 'x-log-read-last-cursor': String(shard.base + 14n) },
    body: body => {
      rig.put(0, 5)
      return body
    },
  })
  const { worker, world } = await rig.work()
  await waitFor(() => rig.service.group.checkpointOf(0) === 15, 'the checkpoint behind the reply')
  await worker.stop()
  assert.deepEqual(world.events('slsNumbersSkipped'), [{ source: 'logs', shard: 0, missing: 5 }])
})

test('the end of a split shard is told, and its checkpoint is tried again until it is there', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  rig.service.logstore.split(0)
  rig.service.faults.push({ api: 'UpdateCheckPoint', times: 20, status: 500, code: 'InternalServerError' })
  const { worker, world } = await rig.work({ isOrdered: true })
  await waitFor(() => worker.partitions.join() === '1,2', 'what comes out of it')
  await worker.stop()
  rig.assertStored()
  assert.deepEqual(world.events('slsShardFinished'), [{ source: 'logs', shard: 0, isGone: false }])
})

test('a split shard has ended, not been lost, when the answer to its last checkpoint was', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  rig.service.logstore.split(0)
  rig.service.faults.push({ api: 'UpdateCheckPoint', times: 200, how: 'lose' })
  const { worker, world } = await rig.work({ isOrdered: true })
  await waitFor(() => worker.partitions.join() === '1,2', 'what comes out of it')
  assert.deepEqual(worker.ended, ['0'])
  assert.deepEqual(world.events('slsShardsLost'), [])
  await worker.stop()
  rig.assertStored()
})

test('a shard that is deleted while it is read ends', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 10)
  const { worker } = await rig.work()
  await rig.allStored()
  rig.service.logstore.shards.delete(0)
  await waitFor(() => worker.partitions.join() === '1', 'shard 0 is given up')
  rig.put(1, 10)
  await rig.allStored()
  await worker.stop()
  rig.assertStored()
})

test('a group without checkpoints begins at the end when it is told so; shards that come later are read whole', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.service.logstore.shard(0).put([{ id: 'early', message: 'not read' }])
  const { worker } = await rig.work({ startAt: 'end' })
  await waitFor(() => rig.service.group.checkpointOf(0) === 1, 'the first checkpoint')
  rig.put(0, 3)
  const [child] = rig.service.logstore.split(0)
  rig.put(child!.id, 5)
  await rig.allStored()
  await worker.stop()
  rig.assertStored()
})

test('a restart reads shards whole that came while nobody was there', async t => {
  const rig = await LogstoreRig.start(t, 1)
  const first = await rig.work({ startAt: 'end' })
  await waitFor(() => rig.service.group.checkpointOf(0) === 0, 'the first checkpoint')
  await first.worker.stop()
  const [child] = rig.service.logstore.split(0)
  rig.put(child!.id, 5)
  const second = await rig.work({ startAt: 'end' })
  await rig.allStored()
  await second.worker.stop()
  rig.assertStored()
})

test('a checkpoint of another time is no place to go on at', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 5)
  const before = await rig.work()
  await rig.allStored()
  await before.worker.stop()
  rig.store.notes.clear()
  rig.service.group.setCheckpoint(0, encodeCursor(1_600_000_000_000_000_000n))
  const { worker, world } = await rig.work()
  await waitFor(() => rig.service.group.checkpointOf(0) === 5, 'a checkpoint that fits')
  await worker.stop()
  rig.assertStored()
  assert.deepEqual(world.events('slsRecordsExpired'), [{ source: 'logs', shard: 0, missing: null }])
})
