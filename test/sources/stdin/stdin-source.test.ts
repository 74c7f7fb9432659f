import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { LoggedSource } from '../../../src/sources/shared/logged-source.ts'
import { StdinIntake } from '../../../src/sources/stdin/stdin-intake.ts'
import { FaultyFiles } from '../shared/faulty-files.ts'
import { SmallWorker } from '../shared/small-worker.ts'
import { sourceContract } from '../shared/source-contract.ts'
import { SourceWorld, until } from '../shared/source-world.ts'
import { FedInput } from './fed-input.ts'
import { StdinRig } from './stdin-rig.ts'

sourceContract('stdin', async () => new StdinRig())
sourceContract('stdin with small segments', async () => new StdinRig({ segmentBytes: 700 }))

const mebibyte = 1024 * 1024

async function withRig(
  rig: StdinRig,
  use: (worker: SmallWorker) => Promise<void>,
  windowBytes?: number,
): Promise<void> {
  try {
    const source = rig.open()
    await source.start([])
    await use(new SmallWorker(source, windowBytes))
  } finally {
    await rig.close()
  }
}

/** Reads until the source is done, releasing every batch. */
async function readAll(rig: StdinRig, worker: SmallWorker): Promise<void> {
  const { source } = worker
  let released = 0
  while (!source.isDone()) {
    const woken = rig.world.nextWake()
    await worker.drain()
    source.takeChanges()
    for (; released < worker.taken.length; released += 1) {
      const part = worker.taken[released]
      if (part !== undefined) source.release(part.streamId, part.position + part.text.length)
    }
    if (!source.isDone()) await woken
  }
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await new Promise(setImmediate)
}

test('a large input waits in the pipe while too much waits for the worker', async () => {
  const rig = new StdinRig({ maxBacklogBytes: 2 * mebibyte })
  await withRig(rig, async worker => {
    const text = Array.from({ length: 400_000 }, (_, i) => `line ${i} ${'x'.repeat(i % 50)}\n`).join('')
    rig.input.feed(text)
    rig.input.end()
    await until(() => text.length - rig.input.waiting >= 2 * mebibyte)
    await settled()
    assert.ok(text.length - rig.input.waiting <= 4 * mebibyte)
    assert.equal(worker.source.isDone(), false)
    await worker.drain()
    await settled()
    assert.ok(text.length - rig.input.waiting <= 4 * mebibyte, 'nothing was released')
    await readAll(rig, worker)
    assert.equal(worker.text, text)
  })
})

test('a line of 10 MiB comes through windows and limits that are smaller', async () => {
  const rig = new StdinRig({ maxBacklogBytes: mebibyte })
  const text = `before\n${'x'.repeat(10 * mebibyte)}\nafter\n`
  await withRig(
    rig,
    async worker => {
      rig.input.feed(text)
      rig.input.end()
      await readAll(rig, worker)
      assert.equal(worker.text, text)
    },
    4 * mebibyte,
  )
})

test('a line that is longer than everything allowed to wait comes in, though nothing can be released', async () => {
  const rig = new StdinRig({ maxBacklogBytes: mebibyte })
  const text = `${'x'.repeat(3 * mebibyte)}\n`
  await withRig(
    rig,
    async worker => {
      rig.input.feed(text)
      await until(() => text.length - rig.input.waiting >= mebibyte)
      await settled()
      while (worker.text === '') {
        const woken = rig.world.nextWake()
        await worker.drain()
        if (worker.text === '') await woken
        // A worker that is busy: the copy has found the log full by then.
        await settled()
      }
      assert.equal(worker.text, text)
    },
    4 * mebibyte,
  )
})

test('an input that fails gives what came before it, and the reason', async () => {
  const rig = new StdinRig()
  await withRig(rig, async worker => {
    rig.input.feed('whole\nhalf')
    await rig.world.nextWake()
    rig.input.end(new FcscopeError('FCS_INPUT_CORRUPT', 'standard input: gzip data is damaged at byte 9.'))
    await rig.world.nextWake()
    await worker.drain()
    assert.equal(worker.text, 'whole\nhalf')
    assert.equal(worker.source.isDone(), true)
    assert.equal(rig.world.events('stdinFailed')[0]?.['code'], 'FCS_INPUT_CORRUPT')
    assert.deepEqual(rig.world.events('stdinEnded'), [])
  })
})

test('what an earlier run had not given comes first, and the end of this input is not the end of that', async () => {
  const rig = new StdinRig()
  const first = rig.open()
  await first.start([])
  await rig.write('from the first run\nhalf')
  await first.stop()
  const second = rig.open()
  await second.start([])
  const worker = new SmallWorker(second)
  await worker.drain(1)
  assert.equal(worker.text, 'from the first run\nhalf')
  assert.equal(worker.chunks[0]?.isLast, true)
  assert.equal(second.isDone(), false)
  await rig.write('from the second\n')
  rig.input.end()
  await until(() => rig.world.events('stdinEnded').length > 0)
  assert.equal(second.isDone(), false)
  await worker.drain()
  assert.equal(worker.text, 'from the first run\nhalffrom the second\n')
  assert.equal(second.isDone(), true)
  await rig.close()
})

test('a full disk holds the input up, and nothing is lost', async () => {
  const files = new FaultyFiles()
  const world = new SourceWorld()
  const input = new FedInput()
  const intake = new StdinIntake(async () => input, world.deps())
  const options = { format: 'auto', fsync: false, maxBacklogBytes: mebibyte, openFile: files.open } as const
  const source = new LoggedSource(options, world.deps(), intake)
  await source.start([])
  files.freeBytes = 10
  input.feed('line 1\n')
  await until(() => world.events('logWriteFailed').length > 0)
  input.feed('line 2\n')
  files.freeBytes = 10_000
  await settled()
  intake.resume()
  await world.nextWake()
  input.end()
  await world.nextWake()
  const worker = new SmallWorker(source)
  await worker.drain()
  assert.equal(worker.text, 'line 1\nline 2\n')
  await source.stop()
  world.remove()
})

test('bytes that cannot be written before the stop are said to be lost', async () => {
  const files = new FaultyFiles()
  const rig = new StdinRig({ openFile: files.open })
  const source = rig.open()
  await source.start([])
  files.freeBytes = 0
  rig.input.feed('line 1\n')
  await until(() => rig.world.events('logWriteFailed').length > 0)
  await source.stop()
  assert.deepEqual(rig.world.events('stdinBytesLost'), [{ source: 'test', bytes: 7, code: 'ENOSPC' }])
  await rig.close()
})

test('a stop takes what has left the pipe, and reads no more', async () => {
  const rig = new StdinRig()
  const source = rig.open()
  await source.start([])
  await settled()
  rig.input.feed('fed a moment before\n')
  await source.stop()
  assert.equal(rig.input.isClosed, true)
  rig.input.feed('fed after\n')
  await settled()
  const next = rig.open()
  await next.start([])
  const worker = new SmallWorker(next)
  await worker.drain()
  assert.equal(worker.text, 'fed a moment before\n')
  await rig.close()
})

test('a stop does not wait for an input that was never opened', async () => {
  const world = new SourceWorld()
  const opening = Promise.withResolvers<FedInput>()
  const intake = new StdinIntake(() => opening.promise, world.deps())
  const options = { format: 'auto', fsync: false, maxBacklogBytes: mebibyte } as const
  const source = new LoggedSource(options, world.deps(), intake)
  await source.start([])
  await source.stop()
  const late = new FedInput()
  opening.resolve(late)
  await settled()
  assert.equal(late.isClosed, true)
  assert.equal(source.isDone(), false)
  world.remove()
})

test('an input that cannot be opened ends the source, and is said', async () => {
  const world = new SourceWorld()
  const intake = new StdinIntake(async () => {
    throw new FcscopeError('FCS_INPUT_UNREADABLE', 'standard input: is a directory.')
  }, world.deps())
  const options = { format: 'auto', fsync: false, maxBacklogBytes: mebibyte } as const
  const source = new LoggedSource(options, world.deps(), intake)
  await source.start([])
  await until(() => source.isDone())
  assert.equal(world.events('stdinFailed')[0]?.['code'], 'FCS_INPUT_UNREADABLE')
  await source.stop()
  world.remove()
})
