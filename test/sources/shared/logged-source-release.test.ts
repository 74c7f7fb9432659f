// What a source over a log keeps, what it gives up, and what a next run finds.
import assert from 'node:assert/strict'
import { truncateSync } from 'node:fs'
import { releaseAll, rigTest } from './logged-rig.ts'
import { commit } from './small-worker.ts'

rigTest('there is room again when the worker has read', async rig => {
  const { intake, worker } = await rig.begin({ maxBacklogBytes: 1000 })
  for (let i = 0; i < 9; i += 1) await intake.put('a', `${'x'.repeat(60)}\n`)
  assert.equal(intake.inlet.isFull(), true)
  const before = intake.resumes
  await worker.drain()
  assert.equal(intake.inlet.isFull(), false)
  assert.ok(intake.resumes > before)
})

rigTest('what was read and is never released is bounded too', async rig => {
  const { source, intake, worker } = await rig.begin({ maxBacklogBytes: 1000, maxReadBytes: 500, segmentBytes: 100 })
  for (let i = 0; !intake.inlet.isFull(); i += 1) {
    assert.ok(i < 20)
    await intake.put('a', `${'x'.repeat(60)}\n`)
    await worker.drain()
    source.takeChanges()
  }
  const before = intake.resumes
  releaseAll(source, worker)
  assert.equal(intake.inlet.isFull(), false)
  assert.ok(intake.resumes > before)
})

rigTest('what an earlier run left goes with the first batch of this one, though its senders are gone', async rig => {
  const first = await rig.begin({ segmentBytes: 100 })
  for (const stream of ['gone', 'gone too']) await first.intake.put(stream, `${'x'.repeat(80)}\n`)
  await first.worker.drain()
  const stored = commit([], first.source)
  const second = await rig.begin({ segmentBytes: 100 }, stored)
  await second.intake.put('new', `${'x'.repeat(80)}\n`)
  await second.worker.drain()
  second.source.takeChanges()
  assert.equal(rig.segments.length, 3)
  releaseAll(second.source, second.worker)
  assert.equal(rig.segments.length, 1)
})

rigTest('what is being written counts as well', async rig => {
  const { intake } = await rig.begin({ maxBacklogBytes: 1000 })
  const putting = intake.put('a', 'x'.repeat(2000))
  assert.equal(intake.inlet.isFull(), true)
  await putting
})

rigTest('segments go when their batches are released, in any order', async rig => {
  const { source, intake, worker } = await rig.begin({ segmentBytes: 100 })
  const batches: { streamId: string; to: number }[] = []
  for (let i = 0; i < 6; i += 1) {
    await intake.put('a', `${'x'.repeat(60)}\n`)
    await worker.drain()
    source.takeChanges()
    const part = worker.taken.at(-1)
    assert.ok(part)
    batches.push({ streamId: part.streamId, to: part.position + part.text.length })
  }
  const count = rig.segments.length
  assert.ok(count >= 3)
  const [first, , third] = batches
  assert.ok(first && third)
  source.release(first.streamId, first.to - 1)
  assert.equal(rig.segments.length, count, 'a batch is released as a whole')
  source.release(third.streamId, third.to)
  assert.ok(rig.segments.length < count)
  releaseAll(source, worker)
  assert.equal(rig.segments.length, 1)
})

rigTest('what was not read stays when what was read goes', async rig => {
  const { source, intake, worker } = await rig.begin({ segmentBytes: 100 })
  const text = `${'x'.repeat(60)}\n`
  await intake.put('a', text)
  await worker.drain()
  source.takeChanges()
  for (let i = 0; i < 6; i += 1) await intake.put('a', text)
  const count = rig.segments.length
  releaseAll(source, worker)
  assert.ok(rig.segments.length >= count - 1)
  await worker.drain()
  assert.equal(worker.text, text.repeat(7))
})

rigTest('a batch with several streams is kept until the last of them is released', async rig => {
  const { source, intake, worker } = await rig.begin({ segmentBytes: 100 })
  for (let i = 0; i < 4; i += 1) for (const stream of ['a', 'b']) await intake.put(stream, `${'x'.repeat(60)}\n`)
  await worker.drain()
  source.takeChanges()
  const count = rig.segments.length
  const [id = ''] = worker.taken.map(part => part.streamId)
  source.release(id, Number.MAX_SAFE_INTEGER)
  assert.equal(rig.segments.length, count)
  releaseAll(source, worker)
  assert.equal(rig.segments.length, 1)
})

rigTest('a batch that was not released can be read again after a restart, and does not count as backlog', async rig => {
  const first = await rig.begin({ segmentBytes: 100 })
  for (let i = 0; i < 8; i += 1) await first.intake.put('a', `line ${i} ${'x'.repeat(50)}\n`)
  await first.worker.drain()
  const stored = commit([], first.source)
  const count = rig.segments.length
  const second = await rig.begin({ segmentBytes: 100, maxBacklogBytes: 300 }, stored)
  assert.equal(rig.segments.length, count)
  assert.equal(second.intake.inlet.isFull(), false)
  assert.deepEqual(second.source.lag(), { bytes: 0, seconds: 0 })
  const [part] = first.worker.taken
  assert.ok(part)
  const window = new Uint8Array(10_000)
  assert.equal(second.source.readAgain(part.streamId, part.position, window, part.text.length), part.text.length)
  second.source.release(part.streamId, stored[0]?.position ?? 0)
  assert.equal(rig.segments.length, 1)
})

rigTest('what was released before a stop is gone after it', async rig => {
  const first = await rig.begin({ segmentBytes: 100 })
  for (let i = 0; i < 8; i += 1) await first.intake.put('a', `line ${i} ${'x'.repeat(50)}\n`)
  await first.worker.drain()
  const stored = commit([], first.source)
  await first.source.stop()
  releaseAll(first.source, first.worker)
  assert.equal(rig.segments.length, 1)
  const second = await rig.begin({ segmentBytes: 100 }, stored)
  await second.worker.drain()
  assert.equal(second.worker.text, '')
  assert.equal(rig.segments.length, 1)
})

rigTest('positions that the state knows are not used again, though the log lost its end', async rig => {
  const first = await rig.begin()
  await first.intake.put('a', 'line 1\nline 2\n')
  await first.worker.drain()
  const stored = commit([], first.source)
  await first.source.stop()
  // A loss of power without fsync.
  truncateSync(rig.segments[0] ?? '', 3)
  const second = await rig.begin({}, stored)
  await second.intake.put('a', 'new\n')
  await second.worker.drain()
  assert.equal(second.worker.text, 'new\n')
  assert.ok((second.worker.taken[0]?.position ?? 0) >= (stored[0]?.position ?? 0))
})

rigTest('what the state knows of a log that was lost does not hide the new one', async rig => {
  const first = await rig.begin()
  for (let i = 0; i < 50; i += 1) await first.intake.put('a', 'some line\n')
  await first.worker.drain()
  const stored = commit([], first.source)
  await first.source.stop()
  rig.world.remove()
  const second = await rig.begin({}, stored)
  await second.intake.put('a', 'new\n')
  const third = await rig.begin({}, stored)
  await third.worker.drain()
  assert.equal(third.worker.text, 'new\n')
  assert.notEqual(third.worker.taken[0]?.streamId, first.worker.taken[0]?.streamId)
  assert.ok((third.worker.taken[0]?.position ?? 0) < 100)
})

rigTest('streams that changed long ago are forgotten, those of earlier runs first', async rig => {
  const stored = ['f1', 'f2', 'f3'].map(streamId => ({ streamId, position: 1, memo: 'of another log' }))
  const { source, intake, worker } = await rig.begin({}, stored)
  const bound = 4096
  for (let i = 0; i < bound - 1; i += 1) {
    await intake.put(`stream ${i}`, 'x\n')
    if (i % 100 === 0) await worker.drain()
  }
  await worker.drain()
  assert.equal(source.takeChanges().length, bound - 1)
  assert.deepEqual(source.takeForgotten(), ['f1', 'f2'])
  assert.deepEqual(source.takeForgotten(), [])
})
