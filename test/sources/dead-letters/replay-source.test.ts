import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { StoredStream } from '../../../src/model/source.ts'
import { type Replay, ReplayFolder } from '../../../src/sources/dead-letters/replay-folder.ts'
import { ReplaySource } from '../../../src/sources/dead-letters/replay-source.ts'

const window = new Uint8Array(64)
const bytes = Buffer.from('first\nsecond\n')

function rig(t: TestContext): {
  folder: ReplayFolder
  replay: Replay
  start: (stored?: StoredStream[]) => Promise<ReplaySource>
} {
  const path = mkdtempSync(join(tmpdir(), 'fcscope-replay-'))
  const sources: ReplaySource[] = []
  t.after(async () => {
    for (const source of sources) await source.stop()
    rmSync(path, { recursive: true })
  })
  const folder = new ReplayFolder(path)
  const replay: Replay = {
    id: ReplayFolder.idOf(['a', 1]),
    time: '2025-01-15T08:00:00.000Z',
    format: 'text',
    label: 'a.log',
    letters: [{ streamId: 'a', position: 7, offset: 0 }],
  }
  const start = async (stored: StoredStream[] = []): Promise<ReplaySource> => {
    const source = new ReplaySource({ folder, wake: () => {} })
    sources.push(source)
    await source.start(stored)
    return source
  }
  return { folder, replay, start }
}

test('a replay is read, committed, taken and let go, in this order', async t => {
  const { folder, replay, start } = rig(t)
  folder.add(replay, bytes)
  const source = await start()
  assert.equal(source.isDone(), false)
  const chunk = source.read(window)
  assert.deepEqual(chunk, {
    stream: { id: replay.id, label: 'a.log' },
    position: 0,
    length: bytes.length,
    isLast: true,
  })
  assert.equal(source.formatOf(replay.id), 'text')
  if (chunk !== null) source.advance(chunk, 6)
  assert.equal(source.read(window)?.position, 6)
  if (chunk !== null) source.advance(chunk, bytes.length - 6)
  assert.deepEqual(source.takeChanges(), [{ streamId: replay.id, position: bytes.length, memo: '{}' }])
  assert.equal(folder.stageOf(replay.id), 'waiting')
  assert.equal(source.read(window), null)
  assert.equal(folder.stageOf(replay.id), 'taken')
  assert.equal(source.readAgain(replay.id, 6, window, 100), bytes.length - 6)
  source.release(replay.id, 6)
  assert.equal(folder.stageOf(replay.id), 'taken')
  source.release(replay.id, bytes.length)
  assert.equal(folder.stageOf(replay.id), 'done')
  assert.deepEqual([source.takeForgotten(), source.takeForgotten()], [[replay.id], []])
  assert.equal(source.readAgain(replay.id, 0, window, 100), 0)
})

test('a kill between the commit and the mark is made good by the next start', async t => {
  const { folder, replay, start } = rig(t)
  folder.add(replay, bytes)
  const source = await start([{ streamId: replay.id, position: bytes.length, memo: '{}' }])
  assert.equal(folder.stageOf(replay.id), 'taken')
  assert.equal(source.read(window), null)
})

test('what was committed in part goes on there; streams that are gone are forgotten', async t => {
  const { folder, replay, start } = rig(t)
  folder.add(replay, bytes)
  const gone = '00000000000000aa'
  const source = await start([
    { streamId: replay.id, position: 6, memo: '{}' },
    { streamId: gone, position: 3, memo: '{}' },
  ])
  assert.equal(source.read(window)?.position, 6)
  assert.deepEqual(source.takeForgotten(), [gone])
})

test('handing over twice changes nothing, and a hand-over that was cut short is completed or did not happen', async t => {
  const { folder, replay } = rig(t)
  folder.add(replay, bytes)
  folder.markTaken(replay.id)
  folder.add(replay, Buffer.from('other'))
  assert.equal(folder.stageOf(replay.id), 'taken')
  renameSync(join(folder.path, `${replay.id}.taken`), join(folder.path, `${replay.id}.prepared`))
  assert.deepEqual(folder.present(), [replay.id])
  assert.equal(folder.bytesOf(replay.id)?.size, bytes.length)
  writeFileSync(join(folder.path, '00000000000000bb.prepared'), 'half')
  assert.deepEqual(folder.present(), [replay.id])
})
