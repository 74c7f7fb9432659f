// A write-ahead log after a kill, a loss of power, a fault of the disk.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assertAlways, fewRuns } from '../../property/property-runs.ts'
import { append, type LogRig, readTexts, withLogRig } from './log-rig.ts'

const only = (rig: LogRig): string => rig.segments[0] ?? ''

test('a kill in the middle of an append leaves what was acknowledged, and nothing else', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    const kept = ['first\n', 'second, with the mark FCW1 in it\n', `${'third '.repeat(20)}\n`]
    for (const text of kept) await append(log, text, { key: text })
    const good = log.end
    await append(log, 'this one was never acknowledged\n', { key: 'last' })
    await log.close()
    const whole = rig.bytes(only(rig))
    for (let size = good; size < whole.length; size += 1) {
      rig.put(only(rig), whole.subarray(0, size))
      const again = await rig.open()
      assert.deepEqual(readTexts(again), kept, `cut at ${size}`)
      assert.equal(rig.size(only(rig)), good)
      assert.equal((await append(again, 'sent again\n', { key: 'last' })).kind, 'written')
      assert.deepEqual(readTexts(await rig.open()), [...kept, 'sent again\n'])
      await again.close()
    }
    const cuts = rig.world.events('tornFrameCut')
    assert.equal(cuts.length, whole.length - good - 1)
    assert.deepEqual(rig.world.events('damagedFramesSkipped'), [])
  }))

test('a kill in the middle of a group leaves a front part of it', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    const texts = Array.from({ length: 6 }, (_, i) => `line ${i} ${'x'.repeat(i * 11)}\n`)
    await Promise.all(texts.map(text => append(log, text)))
    await log.close()
    const whole = rig.bytes(only(rig))
    let count = 0
    for (let size = 0; size <= whole.length; size += 1) {
      rig.put(only(rig), whole.subarray(0, size))
      const again = await rig.open()
      const read = readTexts(again)
      assert.deepEqual(read, texts.slice(0, read.length))
      assert.ok(read.length >= count)
      count = read.length
      await again.close()
    }
    assert.equal(count, texts.length)
  }))

test('a damaged frame in the middle is skipped and said, the others are there', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    const texts = ['first\n', 'second, with FCW1 in it\n', 'third\n', 'fourth\n']
    const offsets: number[] = []
    for (const text of texts) {
      offsets.push(log.end)
      await append(log, text)
    }
    await log.close()
    const whole = rig.bytes(only(rig))
    const [, from = 0, to = 0] = offsets
    for (let at = from; at < to; at += 1) {
      for (const bit of [0, 7]) {
        const damaged = Buffer.from(whole)
        damaged.writeUInt8((damaged[at] ?? 0) ^ (1 << bit), at)
        rig.put(only(rig), damaged)
        rig.world.said.length = 0
        const again = await rig.open()
        assert.deepEqual(readTexts(again), ['first\n', 'third\n', 'fourth\n'], `bit ${bit} of byte ${at}`)
        assert.deepEqual(rig.world.events('damagedFramesSkipped'), [{ source: 'test', from, to }])
        await again.close()
      }
    }
  }))

test('any damage costs the frames that it touches, and no other', () =>
  withLogRig(async rig => {
    const log = await rig.open({ segmentBytes: 900 })
    const frames: { text: string; from: number; to: number }[] = []
    for (let i = 0; i < 40; i += 1) {
      const text = `line ${i} ${'FCW1'.repeat(i % 5)}\n`
      const from = log.end
      await append(log, text)
      frames.push({ text, from, to: log.end })
    }
    await log.close()
    const names = rig.segments
    const whole = names.map(name => rig.bytes(name))
    const place = fc.record({
      segment: fc.nat(names.length - 2),
      at: fc.nat(800),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 120 }),
    })
    const property = fc.asyncProperty(place, async ({ segment, at, bytes }) => {
      names.forEach((name, i) => {
        const copy = Buffer.from(whole[i] ?? Buffer.alloc(0))
        if (i === segment) copy.set(bytes.subarray(0, Math.max(0, copy.length - at)), Math.min(at, copy.length))
        rig.put(name, copy)
      })
      const again = await rig.open()
      const read = readTexts(again)
      await again.close()
      const from = Number(names[segment]?.slice(0, 16)) + at
      const untouched = frames.filter(frame => frame.to <= from || frame.from >= from + bytes.length)
      // Bytes may be what they were before.
      const missing = untouched.filter(frame => !read.includes(frame.text))
      assert.deepEqual(missing, [])
      assert.deepEqual(
        read,
        frames.map(frame => frame.text).filter(text => read.includes(text)),
      )
    })
    await assertAlways(property, fewRuns)
  }))

test('segments that are gone or cut short are a hole', () =>
  withLogRig(async rig => {
    const log = await rig.open({ segmentBytes: 200 })
    for (let i = 0; i < 12; i += 1) await append(log, `line ${i}\n`)
    await log.close()
    const [first = '', second = ''] = rig.segments
    rig.put(first, rig.bytes(first).subarray(0, 70))
    rig.put(second, new Uint8Array(0))
    const texts = readTexts(await rig.open())
    assert.equal(texts[0], 'line 0\n')
    assert.equal(texts.at(-1), 'line 11\n')
    assert.ok(texts.length < 12)
  }))

test('what could not be cut off a segment does not stand for what came after it', () =>
  withLogRig(rig =>
    withLogRig(async other => {
      for (const [each, texts] of [
        [rig, ['a\n', 'b\n', 'c\n', 'd\n']],
        [other, ['a\n', 'b\n', 'X\n', 'Y\n']],
      ] as const) {
        const log = await each.open({ segmentBytes: 100 })
        for (const text of texts) await append(log, text)
        await log.close()
      }
      const [first = '', second = ''] = rig.segments
      rig.put(first, Buffer.concat([rig.bytes(first), other.bytes(second)]))
      assert.deepEqual(readTexts(await rig.open()), ['a\n', 'b\n', 'c\n', 'd\n'])
    }),
  ))

test('a segment of nothing but rubbish holds nobody up', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    await log.close()
    rig.put('0000000000000000.log', Buffer.from('FCW1'.repeat(200_000)))
    const again = await rig.open()
    assert.deepEqual(readTexts(again), [])
    await append(again, 'a\n')
    assert.deepEqual(readTexts(await rig.open()), ['a\n'])
  }))

test('frames of another log in a payload are text', () =>
  withLogRig(async rig => {
    const log = await rig.open()
    await append(log, 'x\n')
    await append(log, rig.bytes(only(rig)).toString('latin1'))
    await append(log, 'y\n')
    await log.close()
    const bytes = rig.bytes(only(rig))
    // The head of the second frame: now the search goes through its payload.
    bytes.writeUInt8(0, log.begin + 57 + 5)
    rig.put(only(rig), bytes)
    assert.deepEqual(readTexts(await rig.open()), ['x\n', 'y\n'])
  }))
