import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { FaultyFiles } from './faulty-files.ts'
import { append, readFrames, readTexts, withLogRig } from './log-rig.ts'
import { until } from './source-world.ts'

test('what was appended can be read, in order, now and after a restart', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    await append(log, 'one\n')
    await Promise.all([append(log, 'two\n'), append(log, 'three\n', { stream: 'другой 流' })])
    const expected = [
      { stream: 's', text: 'one\n' },
      { stream: 's', text: 'two\n' },
      { stream: 'другой 流', text: 'three\n' },
    ]
    for (const each of [log, await rig.open()]) {
      assert.deepEqual(
        readFrames(each).map(({ stream, text }) => ({ stream, text })),
        expected,
      )
    }
  }))

test('a payload may have many parts, and any bytes', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    await log.append({ stream: '', payload: [all, Buffer.alloc(0), all], key: null })
    assert.deepEqual(readTexts(log), [all.toString('latin1').repeat(2)])
  }))

test('positions of a stream go on without gaps, whatever stands between', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    for (let i = 0; i < 10; i += 1) {
      await append(log, 'aaaa\n', { stream: 'a' })
      await append(log, 'b\n', { stream: 'b' })
    }
    const positions = readFrames(log)
      .filter(frame => frame.stream === 'a')
      .map(frame => frame.position)
    assert.deepEqual(
      positions,
      positions.map((_, i) => (positions[0] ?? 0) + 5 * i),
    )
  }))

test('positions of a stream that was quiet for long begin anew, between two lines only', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    const other = 'x'.repeat(1_200_000)
    await append(log, 'whole\n', { stream: 'a' })
    await append(log, 'half', { stream: 'b' })
    await append(log, `${other}\n`, { stream: 'c' })
    await append(log, 'line\n', { stream: 'a' })
    await append(log, ' a line\n', { stream: 'b' })
    const of = (stream: string) => readFrames(log).filter(frame => frame.stream === stream)
    const [a1, a2] = of('a')
    const [b1, b2] = of('b')
    assert.ok((a2?.position ?? 0) > 1_200_000 && a1 !== undefined)
    assert.equal(b2?.position, (b1?.position ?? 0) + 4)
  }))

test('positions never repeat over restarts', () =>
  withLogRig(async rig => {
    let end = 0
    for (let run = 0; run < 5; run += 1) {
      const log = await rig.open()
      await append(log, 'some line\n')
      const last = readFrames(log).at(-1)
      assert.ok(last !== undefined && last.position >= end)
      end = last.position + last.text.length
      await log.close()
    }
  }))

test('a new segment is begun when one is full, and named by its offset', () =>
  withLogRig(async rig => {
    const log = await rig.open({ segmentBytes: 500 })
    for (let i = 0; i < 20; i += 1) await append(log, `line ${i}\n`)
    assert.ok(rig.segments.length >= 3)
    let begin = 0
    for (const name of rig.segments) {
      assert.equal(name, `${String(begin).padStart(16, '0')}.log`)
      begin += rig.size(name)
    }
    assert.equal(begin, log.end)
    assert.equal(readTexts(log).length, 20)
    const again = await rig.open({ segmentBytes: 500 })
    assert.equal(readTexts(again).length, 20)
    await append(again, 'more\n')
    assert.equal(readTexts(again).length, 21)
  }))

test('a frame that is larger than a segment is one frame', () =>
  withLogRig(async rig => {
    const log = await rig.open({ segmentBytes: 100 })
    const text = 'y'.repeat(700_000)
    await append(log, text)
    await append(log, 'z')
    assert.deepEqual(readTexts(await rig.open()), [text, 'z'])
  }))

test('segments that nobody needs are deleted, but the last', () =>
  withLogRig(async rig => {
    const log = await rig.open({ segmentBytes: 200 })
    for (let i = 0; i < 20; i += 1) await append(log, `line ${i}\n`)
    const before = rig.segments
    const middle = Number(before[2]?.slice(0, 16))
    log.release(middle, (_from, to) => to > middle)
    assert.deepEqual(rig.segments, before.slice(2))
    assert.equal(log.begin, middle)
    assert.equal(log.released, middle)
    log.release(log.end, () => false)
    assert.deepEqual(rig.segments, before.slice(-1))
    assert.equal((await rig.open()).released, log.end)
  }))

test('segments in the middle can go before those in front of them', () =>
  withLogRig(async rig => {
    const log = await rig.open({ segmentBytes: 200 })
    for (let i = 0; i < 20; i += 1) await append(log, `line ${i}\n`)
    const [first = '', second = '', third = ''] = rig.segments
    log.release(0, (from, to) => to <= Number(second.slice(0, 16)) || from >= Number(third.slice(0, 16)))
    assert.ok(rig.segments.includes(first) && !rig.segments.includes(second) && rig.segments.includes(third))
    const texts = readTexts(log)
    assert.equal(texts[0], 'line 0\n')
    assert.equal(texts.at(-1), 'line 19\n')
    assert.deepEqual(readTexts(await rig.open()), texts)
  }))

test('appends that come together share a sync', () =>
  withLogRig(async rig => {
    const files = new FaultyFiles()
    const log = await rig.open({ fsync: true, openFile: files.open })
    files.isHoldingSyncs = true
    const appends = Array.from({ length: 100 }, (_, i) => append(log, `line ${i}\n`))
    await until(() => files.syncs > 0)
    const late = Array.from({ length: 100 }, (_, i) => append(log, `late ${i}\n`))
    assert.equal(readTexts(log).length, 0, 'what is not safe cannot be read')
    files.letSync()
    await Promise.all([...appends, ...late])
    assert.equal(files.syncs, 2)
    assert.equal(readTexts(log).length, 200)
  }))

test('a body with a key that was seen is not taken again', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    assert.equal((await append(log, 'a\n', { key: 'k1' })).kind, 'written')
    assert.equal((await append(log, 'a\n', { key: 'k1' })).kind, 'duplicate')
    assert.equal((await append(log, 'b\n', { key: 'k2' })).kind, 'written')
    assert.equal((await append(log, 'c\n', { key: 'k1', stream: 'other' })).kind, 'written')
    const again = await rig.open()
    assert.equal((await append(again, 'a\n', { key: 'k1' })).kind, 'duplicate')
    assert.deepEqual(readTexts(again), ['a\n', 'b\n', 'c\n'])
  }))

test('of many bodies with one key at once one is taken', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    const results = await Promise.all(Array.from({ length: 20 }, () => append(log, 'a\n', { key: 'k' })))
    assert.equal(results.filter(({ kind }) => kind === 'written').length, 1)
    assert.equal(results.filter(({ kind }) => kind === 'duplicate').length, 19)
    assert.deepEqual(readTexts(log), ['a\n'])
  }))

test('keys outlive the segments of their frames, and the oldest are forgotten', () =>
  withLogRig(async rig => {
    const options = { segmentBytes: 300, maxKeys: 5 }
    const log = await rig.open(options)
    for (let i = 0; i < 30; i += 1) {
      await append(log, 'line\n', { key: `k${i}` })
      log.release(log.end, () => false)
    }
    assert.equal(rig.segments.length, 1)
    const again = await rig.open(options)
    for (let i = 25; i < 30; i += 1) assert.equal((await append(again, 'line\n', { key: `k${i}` })).kind, 'duplicate')
    assert.equal((await append(again, 'line\n', { key: 'k24' })).kind, 'written')
    assert.ok(readFrames(again).every(frame => frame.text === 'line\n'))
  }))

test('a log that was lost has another id when it is begun anew', () =>
  withLogRig(async rig => {
    const { id } = await rig.open()
    assert.match(id, /^[0-9a-f-]{36}$/)
    assert.equal((await rig.open()).id, id)
    rmSync(rig.world.folder, { recursive: true })
    assert.notEqual((await rig.open()).id, id)
  }))

test('an id that is damaged is replaced, and said', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    await append(log, 'kept\n')
    writeFileSync(join(rig.world.folder, 'id'), '')
    const again = await rig.open()
    assert.notEqual(again.id, log.id)
    assert.equal(rig.world.events('logIdRenewed').length, 1)
    assert.deepEqual(readTexts(again), ['kept\n'])
    assert.equal(readFileSync(join(rig.world.folder, 'id'), 'utf8'), `${again.id}\n`)
  }))

test('offsets that were given out before are not used again, though the log lost them', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    await append(log, 'kept\n')
    const size = log.end
    await append(log, 'known elsewhere\n')
    const { end } = log
    await log.close()
    const [segment = ''] = rig.segments
    rig.put(segment, rig.bytes(segment).subarray(0, size))
    const again = await rig.open({ notBefore: id => (id === log.id ? end : 0) })
    assert.equal(again.end, end)
    await append(again, 'new\n')
    assert.deepEqual(readTexts(again), ['kept\n', 'new\n'])
    assert.ok((readFrames(again)[1]?.position ?? 0) >= end)
    assert.deepEqual(readTexts(await rig.open()), ['kept\n', 'new\n'])
    assert.deepEqual(rig.world.said, [])
  }))

test('a log that is closed takes nothing, and can be read', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    const last = append(log, 'last\n')
    await log.close()
    assert.equal((await last).kind, 'written')
    assert.deepEqual(await append(log, 'late\n'), { kind: 'failed', code: 'CLOSED' })
    assert.deepEqual(readTexts(log), ['last\n'])
  }))

test('other files in the folder do not matter', () =>
  withLogRig(async rig => {
    mkdirSync(join(rig.world.folder, 'more'))
    for (const name of ['x.log', '12.log', '0000000000000000.log.bak']) writeFileSync(join(rig.world.folder, name), 'x')
    const log = await rig.open()
    await append(log, 'a\n')
    assert.deepEqual(readTexts(await rig.open()), ['a\n'])
    assert.ok(existsSync(join(rig.world.folder, '12.log')))
  }))

test('a folder that cannot be used is said in one line', () =>
  withLogRig(async rig => {
    const path = join(rig.world.folder, 'file')
    writeFileSync(path, '')
    await assert.rejects(rig.open({ folder: join(path, 'wal') }), (error: unknown) => {
      assert.ok(error instanceof FcscopeError)
      assert.equal(error.code, 'FCS_STATE_UNUSABLE')
      assert.equal(error.exitStatus, 3)
      assert.match(error.message, /ENOTDIR/)
      return true
    })
  }))
