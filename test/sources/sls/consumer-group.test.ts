// Workers of one consumer group: shards are divided, given up, lost, and taken over; what the group forgets and refuses.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogstoreRig, waitFor } from './logstore-rig.ts'

test('two workers divide the shards, and one that stops leaves its own to the other', async t => {
  const rig = await LogstoreRig.start(t, 4)
  for (const shard of [0, 1, 2, 3]) rig.put(shard, 20)
  const a = await rig.work({ name: 'a' })
  await waitFor(() => a.worker.partitions.length === 4, 'all shards for the first')
  const b = await rig.work({ name: 'b' })
  await waitFor(() => b.worker.partitions.length === 2 && a.worker.partitions.length === 2, 'two shards for each')
  assert.deepEqual([...a.worker.partitions, ...b.worker.partitions].toSorted(), ['0', '1', '2', '3'])
  for (const shard of [0, 1, 2, 3]) rig.put(shard, 20)
  await rig.allStored()
  await a.worker.stop()
  await waitFor(() => b.worker.partitions.length === 4, 'all shards for the second')
  for (const shard of [0, 1, 2, 3]) rig.put(shard, 20)
  await rig.allStored()
  await b.worker.stop()
  rig.assertStored()
  assert.equal(a.world.events('slsShardsLost').length + b.world.events('slsShardsLost').length, 0)
})

test('a shard is reported until it is let go, and its checkpoint is there before the next one begins', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 20)
  const a = await rig.work({ name: 'a', checkpointMs: 60_000 })
  await rig.allStored()
  const b = await rig.work({ name: 'b', checkpointMs: 60_000 })
  await waitFor(() => b.worker.partitions.length === 1, 'a shard for the second')
  const [moved = ''] = b.worker.partitions
  assert.deepEqual(a.worker.moves.slice(2), [`revoked ${moved}`])
  assert.deepEqual(a.worker.ended, [])
  const own = rig.service.group.written.filter(({ shard }) => String(shard) === moved)
  // The first one says where reading began.
  assert.deepEqual(own, [
    { consumer: 'a', shard: Number(moved), index: 0 },
    { consumer: 'a', shard: Number(moved), index: 20 },
  ])
  assert.deepEqual(a.world.events('slsShardGivenUp'), [{ source: 'logs', shard: Number(moved) }])
})

test('a worker that dies is replaced when its time is over', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 20)
  const a = await rig.work({ name: 'a' })
  const b = await rig.work({ name: 'b' })
  await waitFor(() => b.worker.partitions.length === 1 && a.worker.partitions.length === 1, 'a shard for each')
  await rig.allStored()
  await a.worker.die()
  rig.service.faults.push({ api: 'HeartBeat', consumer: 'a', how: 'hang' })
  for (const shard of [0, 1]) rig.put(shard, 20)
  await waitFor(() => b.worker.partitions.length === 2, 'both shards for the second')
  await rig.allStored()
  await b.worker.stop()
  rig.assertStored()
})

test('without heartbeats for too long nothing is held, and nothing more is written', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 20)
  const { worker, world } = await rig.work()
  await rig.allStored()
  rig.service.faults.push({ api: 'HeartBeat', status: 500, code: 'InternalServerError' })
  await waitFor(() => worker.moves.includes('lost 0'), 'the shard is lost')
  const written = rig.service.group.written.length
  assert.deepEqual(world.events('slsShardsLost'), [{ source: 'logs', shards: '0', count: 1, reason: 'noHeartbeat' }])
  rig.put(0, 20)
  rig.service.faults.length = 0
  await rig.allStored()
  assert.deepEqual(
    rig.service.group.written.slice(written).filter(({ index }) => index < 20),
    [],
  )
  await worker.stop()
  rig.assertStored()
})

test('a group that has forgotten the worker gets it back with nothing in its hands', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 20)
  const { worker, world } = await rig.work()
  await rig.allStored()
  rig.service.group.forget('a')
  await waitFor(() => worker.moves.length === 6, 'both shards are lost and come again')
  for (const shard of [0, 1]) rig.put(shard, 20)
  await rig.allStored()
  await worker.stop()
  rig.assertStored()
  const [lost] = world.events('slsShardsLost')
  assert.ok(lost?.['reason'] === 'forgotten' || lost?.['reason'] === 'taken')
})

test('a group that was deleted is made again, and the store knows where to go on', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 20)
  const { worker } = await rig.work()
  await rig.allStored()
  rig.service.deleteGroup()
  await waitFor(() => worker.moves.filter(move => move === 'assigned 0').length === 2, 'the shard comes again')
  rig.put(0, 20)
  await rig.allStored()
  await worker.stop()
  rig.assertStored()
  assert.equal(rig.service.group.checkpointOf(0), 40)
})

test('a shard that another consumer has is lost at its next checkpoint', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 5)
  const { worker, world } = await rig.work()
  await rig.allStored()
  await waitFor(() => rig.service.group.checkpointOf(1) === 5, 'the first checkpoints')
  rig.service.faults.push({ api: 'UpdateCheckPoint', times: 1, code: 'ConsumerNotMatch' })
  rig.put(0, 5)
  await waitFor(() => worker.moves.includes('lost 0'), 'the shard is lost')
  await rig.allStored()
  await worker.stop()
  rig.assertStored()
  assert.deepEqual(world.events('slsShardsLost'), [{ source: 'logs', shards: '0', count: 1, reason: 'taken' }])
})

test('a checkpoint that is refused is told once, and tried again', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 5)
  rig.service.faults.push({ api: 'UpdateCheckPoint', times: 3, code: 'InvalidShardCheckPoint' })
  const { worker, world } = await rig.work()
  await waitFor(() => rig.service.group.checkpointOf(0) === 5, 'the checkpoint')
  await worker.stop()
  assert.equal(world.events('slsCheckpointRefused').length, 1)
})

test('checkpoints never go back, and are never forced', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 20)
  const { worker } = await rig.work({}, { batchLines: 4 })
  await rig.allStored()
  await worker.stop()
  const indexes = rig.service.group.written.map(({ index }) => index)
  assert.deepEqual(
    indexes,
    indexes.toSorted((a, b) => a - b),
  )
  const forced = rig.service.asked.filter(
    ({ api, query }) => api === 'UpdateCheckPoint' && query.get('forceSuccess') !== 'false',
  )
  assert.deepEqual(forced, [])
})

test('a name is kept for the next run, so that the group knows the worker', async t => {
  const rig = await LogstoreRig.start(t, 1)
  const { source, world } = rig.open({ consumerName: null })
  await source.start()
  const [joined] = world.events('slsJoined')
  assert.match(String(joined?.['consumer']), /^fcscope-here-[0-9a-f]{8}$/)
  await source.stop()
})
