import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { LoggedSource } from '../../../src/sources/shared/logged-source.ts'
import { HandIntake } from './hand-intake.ts'
import { releaseAll, rigTest } from './logged-rig.ts'
import { commit, SmallWorker } from './small-worker.ts'

rigTest('small appends of one stream come as one chunk, those of others apart', async rig => {
  const { intake, worker } = await rig.begin()
  for (let i = 0; i < 100; i += 1) await intake.put('a', `a ${i}\n`)
  await intake.put('b', 'b\n')
  await intake.put('a', 'a again\n')
  await worker.drain()
  assert.deepEqual(
    worker.chunks.map(chunk => chunk.stream.label),
    ['label of a', 'label of b', 'label of a'],
  )
  const [first, other, last] = worker.chunks
  assert.equal(first?.stream.id, last?.stream.id)
  assert.notEqual(first?.stream.id, other?.stream.id)
  assert.equal(last?.position, (first?.position ?? 0) + (first?.length ?? 0))
})

rigTest('a chunk never holds a gap in its positions', async rig => {
  const { intake, worker } = await rig.begin({ maxBacklogBytes: 1e9 })
  await intake.put('a', 'before\n')
  await intake.put('b', `${'x'.repeat(1_500_000)}\n`)
  await intake.put('a', 'after\n')
  await intake.put('a', 'after that\n')
  await worker.drain()
  const chunks = worker.chunks.filter(chunk => chunk.stream.label === 'label of a')
  assert.deepEqual(
    chunks.map(chunk => chunk.length),
    [7, 17],
  )
})

rigTest('a window that ends behind the keys of a new segment is gone on from there', async rig => {
  const { source, intake } = await rig.begin({ segmentBytes: 100 })
  const worker = new SmallWorker(source, 90)
  const text = Array.from({ length: 8 }, (_, i) => `${'x'.repeat(12)} ${i}\n`.repeat(4))
  for (const [i, each] of text.entries()) {
    await intake.inlet.append({ stream: 'a', payload: [Buffer.from(each)], key: `k${i}` })
  }
  await worker.drain()
  assert.equal(worker.text, text.join(''))
})

rigTest('damage in the middle of a line ends the line, and reading goes on behind it', async rig => {
  const { source, intake, worker } = await rig.begin()
  await intake.put('a', 'whole\nhalf')
  await worker.drain()
  await intake.put('a', ' damaged')
  await intake.put('a', ' rest\nnext\n')
  const [path = ''] = rig.segments
  const bytes = readFileSync(path)
  bytes.write('X', bytes.indexOf('damaged'))
  writeFileSync(path, bytes)
  await worker.drain()
  assert.deepEqual(
    worker.taken.map(part => part.text),
    ['whole\n', 'half', ' rest\nnext\n'],
  )
  assert.equal(rig.world.events('damagedFramesSkipped').length, 1)
  assert.deepEqual(source.lag(), { bytes: 0, seconds: 0 })
})

rigTest('a stream that is over gives its rest, and the next stream follows', async rig => {
  const { intake, worker } = await rig.begin()
  await intake.put('a', 'half a line')
  await worker.drain()
  assert.equal(worker.text, '')
  intake.over.add('a')
  await intake.put('b', 'b\n')
  await worker.drain()
  assert.deepEqual(
    worker.taken.map(part => part.text),
    ['half a line', 'b\n'],
  )
  assert.deepEqual(
    worker.chunks.map(chunk => chunk.isLast),
    [false, true, false],
  )
})

rigTest('a line that comes in many small pieces is looked at once a piece', async rig => {
  const { source, intake, worker } = await rig.begin({ maxBacklogBytes: 1e9 })
  await intake.put('a', 'begin ')
  let given = 0
  for (let i = 0; i < 200; i += 1) {
    await intake.put('a', 'piece ')
    await worker.drain()
    given = worker.chunks.length
  }
  assert.equal(given, 1, 'not given again before the line is whole')
  await intake.put('a', 'end\n')
  await worker.drain()
  assert.equal(worker.text, `begin ${'piece '.repeat(200)}end\n`)
  assert.equal(source.lag().bytes, 0)
})

rigTest('a full window that ends with the log is not given again alone', async rig => {
  const { source, intake } = await rig.begin()
  const worker = new SmallWorker(source, 16)
  await intake.put('a', 'a line\n')
  await intake.put('a', 'and a hal')
  await worker.drain(1)
  assert.equal(worker.text, 'a line\n')
  assert.equal(source.read(worker.window), null)
  await intake.put('a', 'f\n')
  await worker.drain()
  assert.equal(worker.text, 'a line\nand a half\n')
})

rigTest('the age of the oldest unread byte is its lag', async rig => {
  const { source, intake, worker } = await rig.begin()
  await intake.put('a', 'old\n')
  rig.world.nowMs += 3000
  await intake.put('a', 'new\n')
  rig.world.nowMs += 500
  assert.deepEqual(source.lag(), { bytes: 8, seconds: 3.5 })
  await worker.drain()
  rig.world.nowMs -= 1_000_000
  await intake.put('b', 'from a clock that went back\n')
  rig.world.nowMs -= 1000
  assert.equal(source.lag().seconds, 0)
})

rigTest('an intake that cannot start ends the source', async rig => {
  const intake = new HandIntake()
  intake.startFault = new Error('the port is taken')
  const source = new LoggedSource({ format: 'text', fsync: false, maxBacklogBytes: 1000 }, rig.world.deps(), intake)
  await assert.rejects(source.start([]), /the port is taken/)
  assert.equal(source.read(new Uint8Array(10)), null)
  assert.equal(source.isDone(), false)
  await source.stop()
})

rigTest('many names of streams are no burden', async rig => {
  const { source, intake, worker } = await rig.begin({ maxBacklogBytes: 1e9 })
  const count = 5000
  await Promise.all(Array.from({ length: count }, (_, i) => intake.put(`sender ${i}`, `line of ${i}\n`)))
  await worker.drain()
  assert.equal(worker.taken.length, count)
  assert.equal(new Set(worker.taken.map(part => part.streamId)).size, count)
  const stored = commit([], source)
  assert.equal(stored.length, count)
  releaseAll(source, worker)
  const second = await rig.begin({}, stored)
  await second.worker.drain()
  assert.equal(second.worker.text, '')
})
