import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Delivery } from '../../src/model/delivery.ts'
import { WorkerState } from '../../src/state/worker-state.ts'
import { commitOf, inState, newFolder } from './state-folders.ts'

const remember = (folder: string) => inState(folder, state => state.remember())

const stream = (streamId: string, position: number, memo = '') => ({
  source: 'logs',
  stream: { streamId, position, memo },
})

const deliveryOf = (batch: number, part: string, sink = 'store'): Delivery => ({
  sink,
  batch,
  part,
  file: `/spill/${batch}-${part}`,
  rows: 3,
  bytes: 2 ** 40,
  storedMs: 1_700_000_000_123,
})

test('a new state remembers nothing, and has an id that stays', () => {
  const folder = newFolder()
  const id = inState(folder, state => {
    assert.equal(state.isOld, false)
    assert.deepEqual(state.remember(), {
      streams: new Map(),
      snapshot: null,
      batches: [],
      deliveries: [],
      counters: [],
      lastBatch: 0,
    })
    return state.id
  })
  assert.match(id, /^[0-9a-f-]{36}$/)
  inState(folder, state => assert.deepEqual([state.id, state.isOld], [id, true]))
  inState(newFolder(), state => assert.notEqual(state.id, id))
})

test('a batch comes back as it was committed', () => {
  const folder = newFolder()
  const commit = commitOf({
    batch: 1,
    steps: [
      ['time', 1_700_000_000_000],
      ['take', 'logs', '00000000000000a1', 0, 2 ** 45],
      ['goOn', '00000000000000a1', '00000000000000b2'],
      ['give'],
      ['giveAll'],
    ],
    streams: [stream('00000000000000a1', 2 ** 45, '{"path":"订单 \\"x\\".log"}'), stream('00000000000000b2', 0)],
    deliveries: [
      ...['attempts', 'ids', 'lines', 'owners'].map(part => deliveryOf(1, part)),
      deliveryOf(1, 'records', 'deadLetters'),
    ],
    counters: [{ family: 'f', labels: '{"a":"\'"}', values: [0, 1.5, 1e300, 2 ** 53] }],
  })
  inState(folder, state => state.commit(commit))
  const { streams, batches, deliveries, counters, lastBatch } = remember(folder)
  assert.deepEqual(Object.fromEntries(streams), { logs: commit.streams.map(one => one.stream) })
  assert.deepEqual(batches, [{ batch: 1, steps: commit.steps }])
  // Of a batch, lines go before attempts, and what lines are told goes behind them.
  assert.deepEqual(
    deliveries.map(({ part }) => part),
    ['records', 'owners', 'lines', 'ids', 'attempts'],
  )
  assert.deepEqual(
    deliveries.toSorted((a, b) => a.part.localeCompare(b.part)),
    commit.deliveries,
  )
  assert.deepEqual([counters, lastBatch], [commit.counters, 1])
})

test('streams are those of the last commit, the newest at the end, without the forgotten ones', () => {
  const folder = newFolder()
  inState(folder, state => {
    state.commit(commitOf({ batch: 1, streams: [stream('a', 1), stream('b', 1), stream('c', 1)] }))
    state.commit(commitOf({ batch: 2, streams: [stream('a', 5)], forgotten: [{ source: 'logs', streamId: 'b' }] }))
    // Another source's stream of the same id is another stream.
    state.commit(commitOf({ batch: 3, forgotten: [{ source: 'other', streamId: 'c' }] }))
  })
  const streams = remember(folder).streams.get('logs') ?? []
  assert.deepEqual(
    streams.map(({ streamId, position }) => [streamId, position]),
    [
      ['c', 1],
      ['a', 5],
    ],
  )
})

test('counters are replaced, deliveries go when they have arrived', () => {
  const folder = newFolder()
  inState(folder, state => {
    const counter = (value: number) => [{ family: 'f', labels: '{}', values: [value] }]
    state.commit(
      commitOf({ batch: 1, counters: counter(1), deliveries: [deliveryOf(1, 'lines'), deliveryOf(1, 'attempts')] }),
    )
    state.commit(commitOf({ batch: 2, counters: counter(2), deliveries: [deliveryOf(2, 'lines')] }))
    state.delivered(deliveryOf(1, 'lines'))
    state.delivered(deliveryOf(1, 'lines'))
  })
  const { counters, deliveries } = remember(folder)
  assert.deepEqual(counters, [{ family: 'f', labels: '{}', values: [2] }])
  assert.deepEqual(
    deliveries.map(({ batch, part }) => [batch, part]),
    [
      [1, 'attempts'],
      [2, 'lines'],
    ],
  )
})

test('a commit that fails leaves nothing behind', () => {
  const folder = newFolder()
  inState(folder, state => {
    state.commit(commitOf({ batch: 1, streams: [stream('a', 1)] }))
    const twice = [deliveryOf(2, 'lines'), deliveryOf(2, 'lines')]
    assert.throws(() => state.commit(commitOf({ batch: 2, streams: [stream('a', 9)], deliveries: twice })))
    state.commit(commitOf({ batch: 2, streams: [stream('a', 2)] }))
  })
  const { streams, deliveries, lastBatch } = remember(folder)
  assert.deepEqual([streams.get('logs')?.[0]?.position, deliveries, lastBatch], [2, [], 2])
})

test('a snapshot takes the place of the batches before it, and of the one before', async () => {
  const folder = newFolder()
  const state = WorkerState.open(folder)
  for (const batch of [1, 2, 3]) state.commit(commitOf({ batch }))
  await state.saveSnapshot(1, Buffer.from('first'))
  await state.saveSnapshot(2, Buffer.from('second'))
  const { snapshot, batches } = state.remember()
  assert.deepEqual(
    batches.map(({ batch }) => batch),
    [3],
  )
  assert.ok(snapshot !== null)
  assert.equal(snapshot.batch, 2)
  assert.equal((await state.readSnapshot(snapshot))?.toString(), 'second')
  assert.throws(() => statSync(join(folder, 'engine-1.zst')), { code: 'ENOENT' })
  state.close()
  const db = new DatabaseSync(join(folder, 'state.sqlite'))
  const left = db.prepare(
    'SELECT (SELECT count() FROM batches) AS batches, (SELECT count() FROM snapshots) AS snapshots',
  )
  assert.deepEqual({ ...left.get() }, { batches: 1, snapshots: 1 })
  db.close()
})

test('a snapshot that is ready when the state is closed is passed over', async () => {
  const folder = newFolder()
  const state = WorkerState.open(folder)
  state.commit(commitOf({ batch: 1 }))
  const saving = state.saveSnapshot(1, Buffer.from('late'))
  state.close()
  state.close()
  await saving
  assert.equal(remember(folder).snapshot, null)
})
