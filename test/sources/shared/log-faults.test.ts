// A write-ahead log on a disk that is full or fails.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FaultyFiles } from './faulty-files.ts'
import { append, readFrames, readTexts, withLogRig } from './log-rig.ts'

test('a full disk fails the append, leaves no half frame, and may have room later', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({ openFile: files.open })
    await append(log, 'before\n')
    for (const freeBytes of [0, 1, 40, 55, 60]) {
      files.freeBytes = freeBytes
      assert.deepEqual(await append(log, 'there is no room for this\n'), { kind: 'failed', code: 'ENOSPC' })
      assert.equal(rig.size(rig.segments[0] ?? ''), log.end)
      assert.deepEqual(readTexts(log), ['before\n'])
    }
    assert.equal(rig.world.events('logWriteFailed').length, 1)
    files.freeBytes = 1000
    assert.equal((await append(log, 'after\n')).kind, 'written')
    assert.equal(rig.world.events('logWriteRecovered').length, 1)
    assert.deepEqual(readTexts(await rig.open()), ['before\n', 'after\n'])
  }))

test('positions go on as if a failed append had never been', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({ openFile: files.open })
    await append(log, 'half a ')
    files.freeBytes = 10
    await Promise.all([append(log, 'no'), append(log, 'no'), append(log, 'no', { stream: 'other' })])
    files.freeBytes = 1000
    await append(log, 'line\n')
    const [first, second] = readFrames(log)
    assert.equal(second?.position, (first?.position ?? 0) + 7)
  }))

test('a key is free again when its body could not be written', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({ openFile: files.open })
    files.freeBytes = 10
    const first = append(log, 'a\n', { key: 'k' })
    const second = append(log, 'a\n', { key: 'k' })
    void first.then(() => {
      files.freeBytes = 1000
    })
    assert.equal((await first).kind, 'failed')
    assert.equal((await second).kind, 'written')
    assert.equal((await append(log, 'a\n', { key: 'k' })).kind, 'duplicate')
  }))

test('a write that takes its bytes in small pieces is whole', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({
      openFile: async path => {
        const file = await files.open(path)
        return {
          ...file,
          write: (parts, position) => file.write([Buffer.concat(parts).subarray(0, 7)], position),
        }
      },
    })
    await append(log, 'in pieces of seven bytes\n')
    assert.deepEqual(readTexts(await rig.open()), ['in pieces of seven bytes\n'])
  }))

test('a sync that fails fails the append', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({ fsync: true, openFile: files.open })
    await append(log, 'safe\n')
    files.syncFault = 'EIO'
    assert.deepEqual(await append(log, 'not safe\n'), { kind: 'failed', code: 'EIO' })
    assert.deepEqual(readTexts(await rig.open()), ['safe\n'])
    files.syncFault = null
    await append(log, 'safe again\n')
    assert.deepEqual(readTexts(await rig.open()), ['safe\n', 'safe again\n'])
  }))

test('what could not be cut off at once is cut off before the next append', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({ openFile: files.open })
    await append(log, 'before\n')
    files.freeBytes = 30
    files.truncateFault = 'EIO'
    assert.equal((await append(log, 'a long text that does not fit\n')).kind, 'failed')
    files.freeBytes = 1000
    assert.deepEqual(await append(log, 'a\n'), { kind: 'failed', code: 'EIO' })
    assert.deepEqual(readTexts(log), ['before\n'])
    files.truncateFault = null
    await append(log, 'b\n')
    assert.deepEqual(readTexts(log), ['before\n', 'b\n'])
    assert.deepEqual(readTexts(await rig.open()), ['before\n', 'b\n'])
  }))

test('a segment that cannot be made is made later', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({ openFile: files.open, segmentBytes: 100 })
    for (let i = 0; i < 3; i += 1) await append(log, `line ${i}\n`, { key: `k${i}` })
    files.openFault = 'EMFILE'
    const results = await Promise.all([append(log, 'a\n'), append(log, 'b\n')])
    assert.deepEqual(results, Array(2).fill({ kind: 'failed', code: 'EMFILE' }))
    files.openFault = null
    await append(log, 'c\n')
    const again = await rig.open({ segmentBytes: 100 })
    assert.deepEqual(readTexts(again), ['line 0\n', 'line 1\n', 'line 2\n', 'c\n'])
    assert.equal((await append(again, 'line 0\n', { key: 'k0' })).kind, 'duplicate')
  }))
