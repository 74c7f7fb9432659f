// Following plain files that only grow: appends, half lines, starts, and what the bytes of a file may look like.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lines, Stage } from './follow-stage.ts'

test('appended lines come once', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\ntwo\n')
  await stage.start()
  await stage.drain()
  stage.append('a.log', 'three\n')
  stage.pass(100)
  await stage.drain()
  stage.pass(100)
  await stage.drain()
  assert.deepEqual(stage.texts, ['one', 'two', 'three'])
  assert.deepEqual(
    stage.lines.map(({ position }) => position),
    [0, 4, 8],
  )
  assert.equal(stage.streamIds.length, 1)
})

test('half a line waits for its rest', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\ntw')
  await stage.start()
  await stage.drain()
  assert.deepEqual(stage.texts, ['one'])
  stage.pass()
  assert.equal(await stage.readChunk(), null)
  stage.append('a.log', 'o')
  stage.pass()
  await stage.drain()
  stage.append('a.log', '\n')
  stage.pass()
  await stage.drain()
  assert.deepEqual(stage.texts, ['one', 'two'])
})

test('files that are not there yet are waited for, which is said once', async () => {
  const stage = new Stage({ paths: ['a.log', 'sub/*.log'] })
  await stage.start()
  stage.pass()
  stage.pass()
  assert.equal(stage.saw('nothingMatches').length, 1)
  stage.write('a.log', 'one\n')
  stage.write('sub/b.log', 'two\n')
  stage.pass()
  await stage.drain()
  assert.deepEqual(stage.texts.toSorted(), ['one', 'two'])
})

test('a named file that is not there is looked for as often as others', async () => {
  const stage = new Stage({ paths: ['a.log'] })
  await stage.start()
  stage.pass(100)
  stage.write('a.log', 'one\n')
  stage.pass(100)
  await stage.drain()
  assert.deepEqual(stage.texts, ['one'])
})

test('wake is called when something came, and not otherwise', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.drain()
  const before = stage.wakes
  stage.pass()
  assert.equal(stage.wakes, before)
  stage.append('a.log', 'two\n')
  stage.pass()
  assert.equal(stage.wakes, before + 1)
})

test('a file that was idle for long is looked at within a second', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.drain()
  stage.pass(3_600_000)
  stage.append('a.log', 'two\n')
  for (let ms = 0; ms < 1000; ms += 100) stage.pass(100)
  await stage.drain()
  assert.deepEqual(stage.texts, ['one', 'two'])
})

test('a byte order mark is skipped and counted', async () => {
  const stage = new Stage()
  stage.write('a.log', '\ufeffone\n')
  stage.write('b.log', '\ufeff')
  await stage.start()
  await stage.drain()
  stage.append('b.log', 'two\n')
  stage.pass()
  await stage.drain()
  assert.deepEqual(
    stage.lines.map(({ position, text }) => [position, text]),
    [
      [3, 'one'],
      [3, 'two'],
    ],
  )
})

test('half a byte order mark decides nothing until it is whole, or nothing comes', async () => {
  const stage = new Stage()
  stage.write('a.log', Buffer.from([0xef, 0xbb]))
  stage.write('b.log', Buffer.from([0xef, 0xbb]))
  await stage.start()
  await stage.drain()
  stage.append('a.log', Buffer.from([0xbf, 0x61, 0x0a]))
  await stage.settle()
  stage.append('b.log', 'b\n')
  await stage.settle()
  assert.deepEqual(
    stage.lines.map(({ position, text }) => [position, text]),
    [
      [3, 'a'],
      [0, '\ufffdb'],
    ],
  )
})

test('bytes are given as they are', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\r\n\r\n\0\u2028two\r\n')
  await stage.start()
  await stage.drain()
  assert.deepEqual(stage.texts, ['one\r', '\r', '\0\u2028two\r'])
})

test('a line longer than the window comes in one piece once the window is large enough', async () => {
  const stage = new Stage({ windowBytes: 1000 })
  const long = 'x'.repeat(300_000)
  stage.write('a.log', `one\n${long}\ntwo\n`)
  stage.write('b.log', lines('b', 500))
  await stage.start()
  await stage.drain()
  const own = stage.lines.filter(({ label }) => label.endsWith('a.log')).map(({ text }) => text)
  assert.deepEqual(own, ['one', long, 'two'])
})

test('once: a window that is small again does not end a long line', async () => {
  for (const once of [false, true]) {
    const stage = new Stage({ once })
    stage.write('a.log', `${'x'.repeat(200)}\n`)
    await stage.start()
    for (const bytes of [64, 64, 128, 64, 300]) {
      const chunk = await stage.source.read(new Uint8Array(bytes))
      assert.equal(chunk?.length, Math.min(bytes, 201))
      assert.equal(chunk?.position, 0)
      if (chunk !== null) stage.source.advance(chunk, bytes === 300 ? 201 : 0)
    }
    assert.equal(await stage.source.read(new Uint8Array(64)), null)
    await stage.source.stop()
  }
})

test('half a line longer than the window waits as well', async () => {
  const stage = new Stage({ windowBytes: 1000 })
  stage.write('a.log', 'x'.repeat(4000))
  await stage.start()
  await stage.drain()
  stage.append('a.log', '\n')
  stage.pass()
  await stage.drain()
  assert.deepEqual(stage.texts, ['x'.repeat(4000)])
})

test('startAt end leaves what was there at the very first start', async () => {
  const stage = new Stage({ options: { startAt: 'end' } })
  stage.write('a.log', 'old\nolder, half')
  await stage.start()
  await stage.drain()
  stage.commit()
  stage.append('a.log', ' and half\n')
  stage.write('b.log', 'new\n')
  stage.pass()
  await stage.drain()
  // The half line at the end was not old when it became whole.
  assert.deepEqual(stage.texts.toSorted(), ['new', 'older, half and half'])
  stage.commit()
  await stage.restart()
  stage.write('c.log', 'newer\n')
  stage.append('a.log', 'more\n')
  stage.pass()
  await stage.drain()
  assert.deepEqual(stage.texts.slice(2).toSorted(), ['more', 'newer'])
})

test('startAt end is remembered before anything was read', async () => {
  const stage = new Stage({ options: { startAt: 'end' } })
  stage.write('a.log', lines('old', 100))
  await stage.start()
  stage.commit()
  stage.append('a.log', 'new\n')
  await stage.restart()
  await stage.drain()
  assert.deepEqual(stage.texts, ['new'])
})

test('files have their turns', async () => {
  const stage = new Stage({ windowBytes: 4096, tuning: { turnBytes: 16_384 } })
  stage.write('a.log', lines('a', 10_000))
  stage.write('b.log', lines('b', 10))
  await stage.start()
  for (let i = 0; i < 8; i += 1) await stage.readChunk()
  assert.equal(stage.lines.filter(({ label }) => label.endsWith('b.log')).length, 10)
})

test('now and then the answer is a promise', async () => {
  const stage = new Stage({ windowBytes: 4096, tuning: { pauseBytes: 16_384 } })
  stage.write('a.log', lines('a', 1000))
  await stage.start()
  const kinds = new Set<string>()
  const window = new Uint8Array(4096)
  for (;;) {
    const answer = stage.source.read(window)
    kinds.add(answer instanceof Promise ? 'promise' : 'value')
    const chunk = await answer
    if (chunk === null) break
    stage.source.advance(chunk, chunk.length)
  }
  assert.deepEqual([...kinds].toSorted(), ['promise', 'value'])
})

test('lag counts unread bytes and their time', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\n')
  await stage.start()
  assert.equal(stage.source.lag().bytes, 4)
  await stage.drain()
  stage.pass()
  assert.deepEqual(stage.source.lag(), { bytes: 0, seconds: 0 })
  stage.append('a.log', 'two\n')
  stage.pass(500)
  stage.nowMs += 1500
  assert.deepEqual(stage.source.lag(), { bytes: 4, seconds: 2 })
})

test('stop is safe before the start and twice, and nothing is read after it', async () => {
  const stage = new Stage()
  await stage.source.stop()
  await stage.source.stop()
  assert.equal(stage.source.read(new Uint8Array(10)), null)
})

test('the timer looks and wakes', async context => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const stage = new Stage({ tuning: { hasTimer: true } })
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.drain()
  stage.append('a.log', 'two\n')
  stage.nowMs += 100
  context.mock.timers.tick(100)
  assert.equal(stage.wakes, 1)
  await stage.source.stop()
})
