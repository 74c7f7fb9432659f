import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { MemorySource } from './memory-source.ts'
import { SmallEngine } from './small-engine.ts'
import { WorkerRig } from './worker-rig.ts'

const nowMs = 1_700_000_000_000
/** No batch is due before it is full. */
const never = Number.POSITIVE_INFINITY

test('once: everything is taken and given out, and every byte is part of a batch', async () => {
  const source = new MemorySource({ a: { text: 'one\ntwo\n' }, b: { text: 'three\nfour' } })
  const rig = new WorkerRig({ sources: [source], once: true, lingerMs: never })
  await rig.worker.run()
  assert.deepEqual(rig.steps, [
    [
      ['time', nowMs],
      ['take', 'memory', 'a', 0, 8],
      ['take', 'memory', 'b', 0, 10],
    ],
    [['time', nowMs], ['giveAll']],
  ])
  assert.deepEqual(rig.positions, { a: 8, b: 10 })
  assert.deepEqual(rig.rows, [4, 0])
  assert.deepEqual(
    rig.commits.map(({ batch }) => batch),
    [1, 2],
  )
  assert.deepEqual(rig.engine.state.done, ['a', 'b'], 'nothing more comes from streams that have ended')
})

test('batches go on behind those of an earlier run', async () => {
  const source = new MemorySource({ a: { text: 'one\n' } })
  const rig = new WorkerRig({ sources: [source], once: true, before: { lastBatch: 41, positions: [] } })
  await rig.worker.run()
  assert.deepEqual(
    rig.commits.map(({ batch }) => batch),
    [42, 43],
  )
})

test('a full batch is closed, and what was not taken comes first in the next', async () => {
  const source = new MemorySource({ a: { text: '1\n2\n3\n4\n5\n' } })
  const rig = new WorkerRig({
    sources: [source],
    once: true,
    lingerMs: never,
    engine: new SmallEngine({ maxLines: 2 }),
  })
  await rig.worker.run()
  assert.deepEqual(rig.rows, [2, 2, 1, 0])
  assert.deepEqual(
    rig.commits.map(({ streams }) => streams.map(({ stream }) => stream.position)),
    [[4], [8], [10], []],
  )
})

test('sources take turns', async () => {
  const sources = ['x', 'y'].map(name => new MemorySource({ [name]: { text: '1\n2\n3\n' } }, name))
  for (const source of sources) source.pieceBytes = 2
  const rig = new WorkerRig({ sources, once: true, lingerMs: never })
  await rig.worker.run()
  const told = rig.engine.state.told.filter(step => Array.isArray(step) && step.length === 3)
  assert.deepEqual(
    told.map(step => (step as unknown[])[0]),
    ['x', 'y', 'x', 'y', 'x', 'y'],
  )
})

test('a line that fills what is read at a time gets the whole window', async () => {
  const long = 'x'.repeat(50)
  const source = new MemorySource({ a: { text: `${long}\nshort\n` } })
  const engine = new SmallEngine({ windowBytes: 64, chunkBytes: 16 })
  const rig = new WorkerRig({ sources: [source], once: true, lingerMs: never, engine })
  await rig.worker.run()
  assert.deepEqual(
    engine.state.told.filter(step => (step as unknown[])[0] === 'a'),
    [
      ['a', 0, long],
      ['a', 51, 'short'],
    ],
  )
  assert.deepEqual(source.windows.slice(0, 2), [16, 64])
})

test('a stream that goes on in another says so before its first bytes', async () => {
  const source = new MemorySource({ a: { text: '1\n' }, b: { text: '2\n', continues: 'a' } })
  const rig = new WorkerRig({ sources: [source], once: true, lingerMs: never })
  await rig.worker.run()
  assert.deepEqual(rig.steps[0], [
    ['time', nowMs],
    ['take', 'memory', 'a', 0, 2],
    ['goOn', 'a', 'b'],
    ['take', 'memory', 'b', 0, 2],
  ])
})

test('what the engine does not know is no step', async () => {
  const source = new MemorySource({ b: { text: '2\n', continues: 'unknown' } })
  const rig = new WorkerRig({ sources: [source], once: true, lingerMs: never })
  await rig.worker.run()
  assert.deepEqual(rig.steps[0], [
    ['time', nowMs],
    ['take', 'memory', 'b', 0, 2],
  ])
})

test('streams that a start has found are committed before anything is read', async () => {
  const source = new MemorySource({ a: { text: '1\n' } })
  source.find('a')
  const rig = new WorkerRig({ sources: [source], once: true })
  rig.onCommit = () => assert.equal(source.reads === 0, rig.commits.length === 1)
  await rig.worker.run()
  const [first] = rig.commits
  assert.deepEqual(first?.streams, [{ source: 'memory', stream: { streamId: 'a', position: 0, memo: '' } }])
})

test('streams that a source has forgotten are forgotten with the batch', async () => {
  const source = new MemorySource({ a: { text: '1\n' } })
  source.forgotten = ['old']
  const rig = new WorkerRig({ sources: [source], once: true })
  await rig.worker.run()
  assert.deepEqual(
    rig.commits.map(({ forgotten }) => forgotten),
    [[{ source: 'memory', streamId: 'old' }], []],
  )
})

test('with nothing to read and nothing that waits, nothing is committed', async () => {
  const source = new MemorySource({ a: { text: '', goesOn: true } })
  const rig = new WorkerRig({ sources: [source] })
  source.onRead = read => (read < 5 ? rig.worker.wake() : rig.worker.stop())
  await rig.worker.run()
  assert.deepEqual(rig.commits, [])
})

test('time goes on for attempts that wait though nothing comes', async () => {
  const source = new MemorySource({ a: { text: '1\n', goesOn: true } })
  const rig = new WorkerRig({ sources: [source] })
  source.onRead = read => {
    if (read === 2) rig.engine.hasWaiting = true
    if (read > 2 && !rig.engine.hasWaiting) rig.worker.stop()
    rig.nowMs += 1000
  }
  await rig.worker.run()
  assert.deepEqual(rig.steps, [
    [['time', nowMs + 1000], ['take', 'memory', 'a', 0, 2], ['time', nowMs + 1000], ['give']],
    [['time', nowMs + 2000], ['give']],
  ])
})

test('the beginning of a line waits for its rest, and is part of no batch', async () => {
  const source = new MemorySource({ a: { text: 'whole\nhal', goesOn: true } })
  const rig = new WorkerRig({ sources: [source] })
  source.onRead = read => {
    if (read === 4) source.write('a', 'f\n')
    if (read === 7) rig.worker.stop()
    rig.worker.wake()
  }
  await rig.worker.run()
  assert.deepEqual(rig.rows, [1, 1])
  assert.deepEqual(rig.positions, { a: 11 })
  assert.deepEqual(rig.engine.state.told.filter(step => (step as unknown[])[0] === 'a').at(-1), ['a', 6, 'half'])
})

test('records without a fate are told of once, until their number changes', async () => {
  const source = new MemorySource({ a: { text: '1\n2\n3\n4\n' } })
  const rig = new WorkerRig({ sources: [source], once: true, engine: new SmallEngine({ maxLines: 1 }) })
  source.onRead = read => {
    if (read === 2 || read === 4) rig.engine.ledger.received += 1
  }
  await rig.worker.run()
  assert.deepEqual(rig.named('recordsUnaccounted'), [{ records: 1 }, { records: 2 }])
  assert.match(await rig.metrics.registry.getSingleMetricAsString('fcscope_unaccounted_records'), / 2$/m)
})

/** A source of lines whose every read takes 10 ms, by a clock that nothing else moves. */
function slowSource(t: TestContext, text: string): MemorySource {
  const source = new MemorySource({ a: { text, goesOn: text === '' } })
  source.pieceBytes = 2
  let now = 0
  t.mock.method(performance, 'now', () => now)
  source.onRead = () => {
    now += 10
  }
  return source
}

test('as long as there is more to read, a batch may take longer', async t => {
  const source = slowSource(t, '1\n'.repeat(30))
  const rig = new WorkerRig({ sources: [source], once: true, lingerMs: 20 })
  await rig.worker.run()
  // 100 ms behind the first line of each; the last one ends with the input.
  assert.deepEqual(rig.rows, [11, 11, 8, 0])
})

test('when everything was read, a batch is closed in its time', async t => {
  const source = slowSource(t, '')
  const rig = new WorkerRig({ sources: [source], lingerMs: 20 })
  const pass = source.onRead
  source.onRead = read => {
    pass(read)
    if (read % 2 === 1) source.write('a', '1\n')
    if (read === 4) rig.worker.stop()
  }
  await rig.worker.run()
  assert.deepEqual(rig.rows, [2])
})
