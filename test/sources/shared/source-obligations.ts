// What src/model/source.ts asks of every source, one test each.
import assert from 'node:assert/strict'
import type { Source, StoredStream } from '../../../src/model/source.ts'
import { commit, SmallWorker, type TakenPart } from './small-worker.ts'
import type { SourceRig } from './source-rig.ts'

const line = (n: number): string => `2024-01-13T08:53:51Z line ${n} ${'x'.repeat((n * 37) % 90)}\n`
const lines = (from: number, count: number): string => Array.from({ length: count }, (_, i) => line(from + i)).join('')

/** A source that was started, with a worker. */
async function begin(
  rig: SourceRig,
  how: { stored?: readonly StoredStream[]; windowBytes?: number; once?: boolean } = {},
): Promise<SmallWorker> {
  const source = rig.open({ once: how.once ?? false })
  await source.start(how.stored ?? [])
  return new SmallWorker(source, how.windowBytes)
}

/** Reads the same ranges again, in pieces of `step` bytes. */
async function readAgain(source: Source, part: TakenPart, step: number): Promise<string> {
  const window = new Uint8Array(step)
  let text = ''
  while (text.length < part.text.length) {
    const wanted = Math.min(step, part.text.length - text.length)
    const count = await source.readAgain(part.streamId, part.position + text.length, window, wanted)
    assert.ok(count <= wanted)
    if (count === 0) break
    text += Buffer.from(window.subarray(0, count)).toString('latin1')
  }
  return text
}

/** Positions of each stream never go back, and each byte has one. */
function assertInOrder(parts: readonly TakenPart[]): void {
  const ends = new Map<string, number>()
  for (const { streamId, position, text } of parts) {
    assert.ok(position >= (ends.get(streamId) ?? 0), `${streamId}: ${position} after ${ends.get(streamId)}`)
    ends.set(streamId, position + text.length)
  }
}

const streamPattern = /^(?!0{16})[0-9a-f]{16}$/

export const obligations = {
  'gives everything in order, whatever the window': async (rig: SourceRig) => {
    for (const windowBytes of [100, 1000, 1024 * 1024]) {
      const worker = await begin(rig, { windowBytes })
      for (let i = 0; i < 20; i += 1) await rig.write(lines(i * 10, 10))
      await worker.drain()
      assert.ok(worker.text.endsWith(lines(0, 200)), `window of ${windowBytes} bytes`)
      assertInOrder(worker.taken)
      await worker.source.stop()
    }
  },
  'names streams by 16 hex digits, not all zero, and for people': async (rig: SourceRig) => {
    const worker = await begin(rig)
    await rig.write(line(1))
    await worker.drain()
    for (const { stream } of worker.chunks) {
      assert.match(stream.id, streamPattern)
      assert.notEqual(stream.label, '')
    }
  },
  'gives null when nothing is there, and wakes the worker when something is': async (rig: SourceRig) => {
    const { source, window } = await begin(rig)
    assert.equal(await source.read(window), null)
    const before = rig.world.wakes
    await rig.write(line(1))
    assert.ok(rig.world.wakes > before)
    assert.notEqual(await source.read(window), null)
  },
  'gives the rest again, in front of what follows': async (rig: SourceRig) => {
    const worker = await begin(rig)
    await rig.write('first\nsec')
    await worker.drain()
    assert.equal(worker.text, 'first\n')
    await rig.write('ond\n')
    await worker.drain()
    assert.deepEqual(
      worker.taken.map(part => part.text),
      ['first\n', 'second\n'],
    )
    assert.equal(worker.taken[1]?.position, (worker.taken[0]?.position ?? 0) + 6)
  },
  'does not give the rest again alone': async (rig: SourceRig) => {
    const worker = await begin(rig)
    await rig.write('half a line')
    await worker.drain(1)
    assert.equal(await worker.source.read(worker.window), null)
    assert.equal(await worker.source.read(worker.window), null)
  },
  'gives whole lines that were left again at once': async (rig: SourceRig) => {
    const { source, window } = await begin(rig)
    await rig.write('one\ntwo\nthr')
    let position = 0
    for (const left of ['one\ntwo\nthr', 'two\nthr', 'thr']) {
      const chunk = await source.read(window)
      if (left === 'thr' && chunk === null) return
      assert.ok(chunk)
      const text = Buffer.from(window.subarray(0, chunk.length)).toString()
      // Where a source ends every line, there is one line end more.
      assert.equal(text.replace(/thr\n$/, 'thr'), left)
      if (position > 0) assert.equal(chunk.position, position)
      source.advance(chunk, 4)
      position = chunk.position + 4
    }
  },
  'gives the last line without a line end as the last': async (rig: SourceRig) => {
    const worker = await begin(rig)
    await rig.write('first\nlast')
    await worker.drain()
    await rig.end?.()
    await worker.drain()
    assert.equal(worker.text, 'first\nlast')
    assert.equal(worker.chunks.at(-1)?.isLast, true)
    assert.equal(await worker.source.read(worker.window), null)
    assert.equal(worker.source.isDone(), true)
  },
  'gives a line that is longer than the window in full windows': async (rig: SourceRig) => {
    const worker = await begin(rig, { windowBytes: 1000 })
    const text = `${'long '.repeat(1000)}\n`
    await rig.write(text)
    await worker.drain()
    assert.equal(worker.text, text)
  },
  'leaves bytes as they are': async (rig: SourceRig) => {
    const worker = await begin(rig)
    const text = `${Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('')}\n`
    await rig.write(text)
    await worker.drain()
    assert.equal(worker.text, text)
  },
  'tells changes once, with the position that was reached': async (rig: SourceRig) => {
    const { source, window } = await begin(rig)
    assert.deepEqual(source.takeChanges(), [])
    await rig.write('one\ntwo\n')
    const chunk = await source.read(window)
    assert.ok(chunk)
    source.advance(chunk, 4)
    const [change, ...others] = source.takeChanges()
    assert.deepEqual(others, [])
    assert.equal(change?.streamId, chunk.stream.id)
    assert.equal(change.position, chunk.position + 4)
    assert.ok(Buffer.byteLength(change.memo) <= 4096)
    assert.deepEqual(source.takeChanges(), [])
  },
  'gives what was not committed again to the next run, and nothing else': async (rig: SourceRig) => {
    const first = await begin(rig)
    await rig.write(lines(0, 50))
    await first.drain()
    const stored = commit([], first.source)
    const before = first.taken.length
    await rig.write(lines(50, 50))
    await first.drain()
    const second = await begin(rig, { stored })
    await second.drain()
    assert.equal(second.text, lines(50, 50))
    assert.equal(second.taken[0]?.streamId, first.taken[before]?.streamId)
    assert.equal(second.taken[0]?.position, first.taken[before]?.position)
    const third = await begin(rig, { stored: commit(stored, second.source) })
    await third.drain()
    assert.equal(third.text, '')
  },
  'begins in the middle of what was given, where the worker took a part': async (rig: SourceRig) => {
    const { source, window } = await begin(rig)
    await rig.write('one\ntwo\nthree\n')
    const chunk = await source.read(window)
    assert.ok(chunk)
    source.advance(chunk, 4)
    const second = await begin(rig, { stored: commit([], source) })
    await second.drain()
    assert.equal(second.text, 'two\nthree\n')
    assert.equal(second.taken[0]?.position, chunk.position + 4)
  },
  'reads again what was read, also in the next run': async (rig: SourceRig) => {
    const first = await begin(rig)
    for (let i = 0; i < 30; i += 1) await rig.write(lines(i * 10, 10))
    await first.drain()
    const stored = commit([], first.source)
    const second = await begin(rig, { stored })
    for (const source of [first.source, second.source]) {
      for (const part of first.taken) assert.equal(await readAgain(source, part, 777), part.text)
    }
    const [part] = first.taken
    assert.ok(part)
    assert.equal(await readAgain(second.source, part, 1024 * 1024), part.text)
  },
  'reads again while it reads on': async (rig: SourceRig) => {
    const worker = await begin(rig, { windowBytes: 300 })
    await rig.write(lines(0, 40))
    for (let i = 0; i < 20; i += 1) {
      await worker.drain(1)
      const part = worker.taken.at(-1)
      assert.ok(part)
      assert.equal(await readAgain(worker.source, part, 50), part.text)
    }
    await worker.drain()
    assert.equal(worker.text, lines(0, 40))
  },
  'has nothing to read again of what it does not know': async (rig: SourceRig) => {
    const worker = await begin(rig)
    await rig.write(line(1))
    await worker.drain()
    const [part] = worker.taken
    assert.ok(part)
    assert.equal(await worker.source.readAgain('0123456789abcdef', part.position, worker.window, 10), 0)
    assert.equal(await worker.source.readAgain(part.streamId, part.position + 1_000_000, worker.window, 10), 0)
  },
  'keeps what was not released': async (rig: SourceRig) => {
    const worker = await begin(rig)
    await rig.write(lines(0, 20))
    await worker.drain()
    worker.source.takeChanges()
    await rig.write(lines(20, 20))
    const before = worker.taken.length
    await worker.drain()
    worker.source.takeChanges()
    const part = worker.taken[before]
    assert.ok(part)
    worker.source.release(part.streamId, part.position)
    assert.equal(await readAgain(worker.source, part, 1000), part.text)
    worker.source.release(part.streamId, part.position + part.text.length)
    worker.source.release('0123456789abcdef', 5)
  },
  'tolerates stored streams that are not there any more': async (rig: SourceRig) => {
    const stored = [
      { streamId: 'fedcba9876543210', position: 1_000_000, memo: '{}' },
      { streamId: '0123456789abcdef', position: 5, memo: 'not even JSON' },
    ]
    const worker = await begin(rig, { stored })
    await rig.write(line(1))
    await worker.drain()
    assert.equal(worker.text, line(1))
  },
  'is behind by what was not taken': async (rig: SourceRig) => {
    const worker = await begin(rig)
    assert.deepEqual(worker.source.lag(), { bytes: 0, seconds: 0 })
    await rig.write(lines(0, 10))
    rig.world.nowMs += 5000
    assert.equal(worker.source.lag().bytes, lines(0, 10).length)
    assert.ok(worker.source.lag().seconds >= 0)
    await worker.drain()
    assert.deepEqual(worker.source.lag(), { bytes: 0, seconds: 0 })
  },
  'is done with --once when everything was read': async (rig: SourceRig) => {
    const first = await begin(rig)
    await rig.write(lines(0, 10))
    await first.source.stop()
    const second = await begin(rig, { once: true })
    await rig.end?.()
    assert.equal(second.source.isDone(), false)
    await second.drain()
    assert.equal(second.text, lines(0, 10))
    assert.equal(second.source.isDone(), true)
  },
  'may be stopped before it is started, and twice': async (rig: SourceRig) => {
    const unused = rig.open()
    await unused.stop()
    await unused.stop()
    const worker = await begin(rig)
    await rig.write(line(1))
    await Promise.all([worker.source.stop(), worker.source.stop()])
    await worker.source.stop()
    assert.equal(await worker.source.read(worker.window), null)
  },
  'lets a batch end after the stop': async (rig: SourceRig) => {
    const { source, window } = await begin(rig)
    await rig.write(lines(0, 10))
    const chunk = await source.read(window)
    assert.ok(chunk)
    await source.stop()
    source.advance(chunk, chunk.length)
    const stored = commit([], source)
    source.release(chunk.stream.id, chunk.position + chunk.length)
    const second = await begin(rig, { stored })
    await second.drain()
    assert.equal(second.text, '')
  },
} as const satisfies Record<string, (rig: SourceRig) => Promise<void>>
