// A Logstore as a source: every record once, checkpoints, windows, and what a run to the present end reads.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogstoreRig, waitFor } from './logstore-rig.ts'
import { numbersOf } from './tiny-worker.ts'

test('every row of all shards is read once, and the group knows', async t => {
  const rig = await LogstoreRig.start(t, 3)
  for (const shard of [0, 1, 2]) rig.put(shard, 40)
  const { worker, source, world } = await rig.work()
  await rig.allStored()
  rig.put(1, 5)
  await rig.allStored()
  await waitFor(() => rig.service.group.checkpointOf(1) === 45, 'the checkpoint of shard 1')
  rig.assertStored()
  assert.deepEqual(worker.moves.toSorted(), ['assigned 0', 'assigned 1', 'assigned 2'])
  assert.deepEqual(source.lag(), { bytes: 0, seconds: 0 })
  await worker.stop()
  assert.deepEqual(rig.service.group.consumers, [])
  assert.deepEqual(world.events('slsJoined'), [
    { source: 'logs', project: 'fc-test', logstore: 'fc-logs', group: 'fcscope', consumer: 'a' },
  ])
})

test('a restart goes on at the checkpoint', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  const first = await rig.work()
  await rig.allStored()
  await first.worker.stop()
  rig.store.notes.clear()
  rig.put(0, 10)
  const second = await rig.work()
  await rig.allStored()
  await second.worker.stop()
  rig.assertStored()
  assert.equal(numbersOf(second.worker.chunks).length, 10)
  assert.equal(rig.service.group.checkpointOf(0), 20)
})

test('positions are those of LogGroup and byte, whatever the windows and batches', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 30, 20)
  // One LogGroup of some 3 KB, one line longer than the window.
  rig.service.logstore.shard(0).put([{ id: 'long', message: 'x'.repeat(9000) }])
  const places: string[][] = []
  for (const how of [{ windowBytes: 65_536 }, { windowBytes: 700 }, { windowBytes: 4096, batchLines: 7 }]) {
    rig.store.lines.clear()
    rig.store.notes.clear()
    const { worker } = await rig.work({ group: `g${places.length}` }, how)
    await waitFor(() => rig.store.lines.size === 601, 'all lines')
    await worker.stop()
    places.push([...rig.store.lines.keys()].toSorted())
    assert.deepEqual(rig.store.clashes, [])
  }
  assert.deepEqual(places[1], places[0])
  assert.deepEqual(places[2], places[0])
})

test('LogGroups without rows are done with as well', async t => {
  const rig = await LogstoreRig.start(t, 1)
  const empty = (): void => rig.service.logstore.shard(0).put([])
  empty()
  rig.put(0, 2)
  empty()
  empty()
  const { worker } = await rig.work()
  await waitFor(() => rig.service.group.checkpointOf(0) === 5, 'the checkpoint behind the last one')
  empty()
  await waitFor(() => rig.service.group.checkpointOf(0) === 6, 'the checkpoint behind one that came later')
  await worker.stop()
  rig.assertStored()
})

test('shards take turns', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 200, 20)
  const { worker } = await rig.work({}, { windowBytes: 4096 })
  await rig.allStored()
  await worker.stop()
  const half = worker.chunks.slice(0, worker.chunks.length / 2).filter(({ records }) => records.partition === '0')
  assert.ok(half.length > worker.chunks.length / 8, `${half.length} of ${worker.chunks.length / 2}`)
  assert.ok(half.length < (worker.chunks.length * 3) / 8, `${half.length} of ${worker.chunks.length / 2}`)
})

test('a line that is longer than the window is not kept waiting by other shards', async t => {
  const rig = await LogstoreRig.start(t, 2)
  rig.service.logstore.shard(0).put([{ id: 'long', message: 'x'.repeat(9000) }])
  rig.put(1, 300, 20)
  const { worker } = await rig.work({}, { windowBytes: 700 })
  await waitFor(() => rig.store.lines.size === 6001, 'all lines')
  await worker.stop()
  const at = worker.chunks.findIndex(({ records }) => records.partition === '0')
  assert.deepEqual(
    worker.chunks.slice(at, at + 2).map(({ records, length }) => [records.partition, length > 700]),
    [
      ['0', false],
      ['0', true],
    ],
  )
})

test('a shard that is begun again is read again from there', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 10)
  const { source } = rig.open()
  await source.start()
  let position = -1
  await waitFor(() => {
    for (const move of source.takeMoves()) if (move.kind === 'assigned') position = move.position
    return position >= 0
  }, 'the shard')
  const window = new Uint8Array(1 << 20)
  const firstNumbers: number[] = []
  for (const from of [position + 4, position + 7]) {
    source.begin('0', from, [])
    await waitFor(() => {
      const chunk = source.read(window)
      if (chunk === null) return false
      firstNumbers.push(chunk.records.numbers[0]! - position)
      source.advance(chunk, chunk.length)
      return true
    }, 'a chunk')
  }
  assert.deepEqual(firstNumbers, [4, 7])
})

test('what has a stop ahead is read before all else, and no chunk holds both sides of one', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 60)
  const { source } = rig.open()
  await source.start()
  const positions = new Map<string, number>()
  await waitFor(() => {
    for (const move of source.takeMoves()) if (move.kind === 'assigned') positions.set(move.partition, move.position)
    return positions.size === 2
  }, 'both shards')
  const at = (index: number): number => positions.get('1')! + index
  source.begin('0', positions.get('0')!, [])
  source.begin('1', at(0), [at(20), at(25)])
  const window = new Uint8Array(1 << 20)
  const given: string[] = []
  await waitFor(() => {
    const chunk = source.read(window)
    if (chunk === null) return false
    const { partition, numbers } = chunk.records
    given.push(partition === '1' ? `1 ${numbers[0]! - at(0)}-${numbers.at(-1)! - at(0)}` : partition)
    source.advance(chunk, chunk.length)
    return given.length === 4
  }, 'four chunks')
  assert.deepEqual(given.slice(0, 2), ['1 0-19', '1 20-24'])
  assert.deepEqual(given.slice(2).toSorted(), ['0', '1 25-59'])
})

test('a run to the present end reads what was there when it began', async t => {
  const rig = await LogstoreRig.start(t, 2)
  for (const shard of [0, 1]) rig.put(shard, 1500, 1)
  const { worker, source } = await rig.work({ once: true })
  await waitFor(() => rig.store.lines.size > 0, 'the first rows')
  // Not waited for: it came later.
  rig.service.logstore.shard(0).put([{ id: 'later', message: 'later' }])
  assert.equal(await worker.done, undefined)
  assert.ok(source.isDone())
  assert.deepEqual(rig.store.ids, rig.ids)
  await worker.stop()
  assert.equal(rig.service.group.checkpointOf(0), 1500)
})

test('a run to the present end of an empty Logstore ends, and marks where it was', async t => {
  const rig = await LogstoreRig.start(t, 2)
  const { worker } = await rig.work({ once: true })
  assert.equal(await worker.done, undefined)
  await worker.stop()
  assert.deepEqual(
    [0, 1].map(shard => rig.service.group.checkpointOf(shard)),
    [0, 0],
  )
})

test('a filter counts rows for their LogGroups, and what it left out is done with', async t => {
  const rig = await LogstoreRig.start(t, 1)
  rig.put(0, 100, 2)
  rig.service.keeps = ({ id }) => Number(id.slice(1)) % 7 === 0 || Number(id.slice(1)) > 60
  const { worker } = await rig.work({ query: '* | where a = 1' })
  await waitFor(() => rig.service.group.checkpointOf(0) === 100, 'the last checkpoint')
  await worker.stop()
  assert.deepEqual(
    rig.store.ids,
    rig.ids.filter(id => rig.service.keeps({ id, message: '' })),
  )
  // The same places as without a filter.
  const { base } = rig.service.logstore.shard(0)
  for (const [place, line] of rig.store.lines) {
    const row = Number(JSON.parse(line).id.slice(1)) - 1
    const number = Number((base + BigInt(Math.floor(row / 2))) & (2n ** 52n - 1n))
    const [, position = ''] = place.split(':')
    assert.equal(Math.floor(Number(position) / 2 ** 26), number % 2 ** 27)
  }
})

const bareReplies = ['x-log-read-last-cursor', 'x-log-end-of-cursor', 'x-log-cursor-time', 'x-log-count']
for (const header of bareReplies) {
  test(`replies may be without ${header}`, async t => {
    const rig = await LogstoreRig.start(t, 1)
    rig.put(0, 1200, 1)
    rig.service.omitted.add(header)
    const { worker } = await rig.work()
    await rig.allStored()
    await worker.stop()
    rig.assertStored()
    assert.equal(rig.service.group.checkpointOf(0), 1200)
  })
}
