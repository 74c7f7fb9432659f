// Stopping, sinks without room, disks without room, and what may be let go.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { MemorySource } from './memory-source.ts'
import { SmallEngine } from './small-engine.ts'
import { WorkerRig } from './worker-rig.ts'

const never = Number.POSITIVE_INFINITY
const folder = mkdtempSync(join(tmpdir(), 'fcscope-worker-'))
after(() => rmSync(folder, { recursive: true }))

/** Lines without end. */
const endless = (): MemorySource => {
  const source = new MemorySource({ a: { text: '1\n', goesOn: true } })
  source.onRead = () => source.write('a', 'x\n')
  return source
}

test('stop: what was read is committed, nothing more is read, and nothing is given out before its time', async () => {
  const source = endless()
  const rig = new WorkerRig({ sources: [source], lingerMs: never })
  source.onRead = read => {
    source.write('a', 'x\n')
    if (read === 3) rig.worker.stop()
  }
  await rig.worker.run()
  assert.equal(source.reads, 3)
  assert.equal(rig.commits.length, 1)
  assert.equal(rig.positions['a'], rig.engine.state.told.filter(step => (step as unknown[])[0] === 'a').length * 2)
  assert.equal(JSON.stringify(rig.steps).includes('giveAll'), false)
  assert.deepEqual(
    rig.snapshots.map(({ batch }) => batch),
    [1],
  )
})

test('stop before the start, and twice', async () => {
  const source = endless()
  const rig = new WorkerRig({ sources: [source] })
  rig.worker.stop()
  rig.worker.stop()
  await rig.worker.run()
  assert.deepEqual([source.reads, rig.commits.length], [0, 0])
})

test('once: stopped in the middle, what is open stays open', async () => {
  const source = new MemorySource({ a: { text: '1\n2\n3\n' } })
  const rig = new WorkerRig({ sources: [source], once: true, engine: new SmallEngine({ maxLines: 1 }) })
  rig.onCommit = () => rig.worker.stop()
  await rig.worker.run()
  assert.deepEqual(rig.rows, [1])
  assert.deepEqual(rig.positions, { a: 2 })
})

test('nothing is read while a sink has no room', async () => {
  const source = new MemorySource({ a: { text: '1\n2\n3\n4\n' } })
  const rig = new WorkerRig({ sources: [source], once: true, engine: new SmallEngine({ maxLines: 1 }) })
  rig.outbox.max = 2
  const read: number[] = []
  source.onRead = () => read.push(rig.outbox.waiting)
  const running = rig.worker.run()
  // The sink takes one file whenever the worker has nothing else to do.
  let isOver = false
  const over = running.then(() => {
    isOver = true
  })
  while (!isOver) {
    await new Promise(resolve => setImmediate(resolve))
    if (!rig.outbox.hasRoom) rig.outbox.deliver()
  }
  await over
  assert.ok(
    read.every(waiting => waiting < 2),
    `files that waited at each read: ${read}`,
  )
  assert.deepEqual(rig.rows, [1, 1, 1, 1, 0])
})

test('stop while a sink has no room', async () => {
  const rig = new WorkerRig({ sources: [endless()] })
  rig.outbox.max = 1
  rig.onCommit = () => setImmediate(() => rig.worker.stop())
  await rig.worker.run()
  assert.equal(rig.commits.length, 1)
})

const full = (): Error => new Error('ENOSPC: no space left on device')

for (const step of ['stage', 'commit'] as const) {
  test(`a disk that is full at the ${step} is waited for, and the batch is the same`, async () => {
    const source = new MemorySource({ a: { text: '1\n2\n' } })
    const own = mkdtempSync(join(folder, 'full-'))
    const rig = new WorkerRig({ sources: [source], once: true, lingerMs: never, folder: own })
    let tries = 0
    rig.fail = (at, batch) => {
      if (at !== step || batch !== 1) return
      tries += 1
      rig.nowMs += 60_000
      if (tries <= 3) throw full()
    }
    const left: number[] = []
    rig.onEvent = event => {
      if (event !== 'commitFailed') return
      left.push(readdirSync(own).length)
      rig.worker.wake()
    }
    await rig.worker.run()
    assert.equal(tries, 4)
    assert.deepEqual(left, [0, 0, 0], 'files of a batch that was not committed are removed')
    const told = rig.named('commitFailed')
    assert.deepEqual(
      told.map(({ batch, nextTryMs }) => [batch, nextTryMs]),
      [
        [1, 500],
        [1, 1000],
        [1, 2000],
      ],
    )
    assert.match(String(told[0]?.['reason']), /ENOSPC/)
    assert.deepEqual(rig.rows, [2, 0])
    assert.deepEqual(
      rig.commits[0]?.deliveries.map(({ storedMs }) => storedMs),
      [1_700_000_000_000],
    )
    const counted = { family: 'fcscope_records_total', labels: '{"source":"memory","fate":"attached"}', values: [2] }
    assert.deepEqual(rig.commits[0]?.counters, [counted, { family: 'f', labels: '{}', values: [0] }], 'none is lost')
    assert.equal(rig.cleared.length, 2)
  })
}

test('a disk that stays full until the stop: nothing of the batch has happened', async () => {
  const rig = new WorkerRig({ sources: [endless()], folder: mkdtempSync(join(folder, 'stop-')) })
  rig.fail = at => {
    if (at === 'commit') throw full()
  }
  rig.onEvent = event => {
    if (event === 'commitFailed') rig.worker.stop()
  }
  await assert.rejects(rig.worker.run(), /ENOSPC/)
  assert.deepEqual([rig.commits, rig.outbox.added, rig.snapshots], [[], [], []])
})

test('a fault that does not pass ends the run at once', async () => {
  const rig = new WorkerRig({ sources: [endless()] })
  rig.fail = at => {
    if (at === 'commit') throw new Error('the state is damaged')
  }
  await assert.rejects(rig.worker.run(), /the state is damaged/)
  assert.deepEqual(rig.named('commitFailed'), [])
})

test('nothing is let go before a saved engine is behind it', async () => {
  const source = new MemorySource({ a: { text: '1\n2\n3\n4\n' } })
  const engine = new SmallEngine({ maxLines: 1 })
  const positions = [{ source: 'memory', stream: { streamId: 'before', position: 9, memo: '' } }]
  const before = { lastBatch: 0, positions }
  const rig = new WorkerRig({ sources: [source], once: true, engine, snapshotBytes: 4, before })
  const releasedAt: number[] = []
  rig.fail = at => {
    if (at === 'snapshot') releasedAt.push(source.released.length)
  }
  await rig.worker.run()
  assert.deepEqual(
    rig.snapshots.map(({ batch }) => batch),
    [2, 4, 5],
  )
  assert.equal(releasedAt[0], 0)
  assert.deepEqual(source.released, [
    ['before', 9],
    ['a', 2],
    ['a', 4],
    ['a', 6],
    ['a', 8],
  ])
})

test('a state that cannot be saved is told, lets nothing go, and is saved at the end', async () => {
  const source = new MemorySource({ a: { text: '1\n2\n' } })
  const rig = new WorkerRig({
    sources: [source],
    once: true,
    engine: new SmallEngine({ maxLines: 1 }),
    snapshotBytes: 2,
  })
  let saves = 0
  rig.fail = at => {
    if (at !== 'snapshot') return
    saves += 1
    assert.deepEqual(source.released, [])
    if (saves < 3) throw full()
  }
  await rig.worker.run()
  assert.equal(rig.named('snapshotFailed').length, 2)
  assert.deepEqual(source.released, [
    ['a', 2],
    ['a', 4],
  ])
  assert.deepEqual(rig.snapshots.at(-1)?.bytes, rig.engine.save())
})

test('a save that fails is made up for at the end, though nothing came since', async () => {
  const source = new MemorySource({ a: { text: '1\n', goesOn: true } })
  const rig = new WorkerRig({ sources: [source], snapshotBytes: 1 })
  let saves = 0
  rig.fail = at => {
    if (at === 'snapshot' && ++saves === 1) throw full()
  }
  rig.onEvent = event => {
    if (event === 'snapshotFailed') rig.worker.stop()
  }
  await rig.worker.run()
  assert.deepEqual(
    rig.snapshots.map(({ batch }) => batch),
    [1],
  )
  assert.deepEqual(source.released, [['a', 2]])
})

test('a worker that follows ends when no source can ever give more, as one with once does', async () => {
  const rig = new WorkerRig({
    sources: [new MemorySource({ a: { text: '1\n2\n' } }), new MemorySource({ b: { text: '3\n' } })],
  })
  await rig.worker.run()
  assert.equal(rig.worker.hasEnded, true)
  assert.ok(JSON.stringify(rig.steps.at(-1)).endsWith('["giveAll"]]'))
})

test('a worker that was stopped has not ended', async () => {
  const source = new MemorySource({ a: { text: '1\n', goesOn: true } })
  const rig = new WorkerRig({ sources: [source] })
  source.onRead = read => (read > 2 ? rig.worker.stop() : undefined)
  await rig.worker.run()
  assert.equal(rig.worker.hasEnded, false)
  assert.ok(!JSON.stringify(rig.steps).includes('giveAll'))
})
