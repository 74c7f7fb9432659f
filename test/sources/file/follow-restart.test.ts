// Finding streams again: after restarts, after the worker lost its state, and to read ranges again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { lines, Stage, textsOf } from './follow-stage.ts'

const text = lines('a', 200)
const more = lines('b', 50)

test('what was not committed comes again, at the same positions of the same stream', async () => {
  const stage = new Stage({ windowBytes: 1024 })
  stage.write('a.log', text)
  await stage.start()
  await stage.drain(3)
  stage.commit()
  await stage.drain(3)
  const before = stage.lines
  await stage.restart()
  await stage.drain()
  assert.deepEqual(stage.lines.slice(0, before.length), before)
  assert.deepEqual(stage.texts, textsOf(text))
})

test('a stream keeps its id when its file grows beyond the first KiB and is renamed', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.drain()
  stage.commit()
  stage.append('a.log', text)
  stage.pass()
  await stage.drain()
  stage.commit()
  stage.rename('a.log', 'a.log.1')
  await stage.restart()
  stage.append('a.log.1', 'two\n')
  await stage.settle()
  assert.deepEqual(stage.texts, ['one', ...textsOf(text), 'two'])
  assert.equal(stage.streamIds.length, 1)
})

test('another device number, as after a reboot', async () => {
  const stage = new Stage()
  stage.write('a.log', text)
  stage.write('b.log', 'short\n')
  await stage.start()
  await stage.drain()
  stage.commit()
  const rebooted = [...stage.stored.values()].map(each => ({
    ...each,
    memo: each.memo.replace(/"key":"\d+:/, '"key":"9999:'),
  }))
  await stage.source.stop()
  stage.append('a.log', more)
  await stage.restart({ stored: rebooted })
  await stage.settle()
  assert.deepEqual(stage.texts.toSorted(), [...textsOf(text + more), 'short'].toSorted())
})

const states: [name: string, prepare: (stage: Stage) => Promise<void>][] = [
  ['nothing happened', async () => undefined],
  ['renamed', async stage => stage.rename('a.log', 'a.log.1')],
  [
    'copied and truncated',
    async stage => {
      stage.copy('a.log', 'a.log.1')
      stage.truncate('a.log')
      stage.append('a.log', more)
      await stage.settle()
    },
  ],
  [
    'compressed',
    async stage => {
      stage.rename('a.log', 'a.log.1')
      await stage.settle()
      stage.write('a.log.1.gz', gzipSync(text))
      stage.remove('a.log.1')
      await stage.settle()
    },
  ],
]

for (const paths of [['*.log*'], ['*.log']]) {
  for (const [name, prepare] of states) {
    const read = async (): Promise<Stage> => {
      const stage = new Stage({ paths })
      stage.write('a.log', text)
      await stage.start()
      await stage.drain()
      await prepare(stage)
      await stage.settle()
      stage.commit()
      return stage
    }

    test(`ranges are read again: ${name}, ${paths} followed`, async () => {
      const stage = await read()
      const [id = ''] = stage.streamIds
      for (const isRestarted of [false, true]) {
        if (isRestarted) await stage.restart()
        const window = new Uint8Array(5000)
        for (const [from, length] of [
          [0, 100],
          [100, 4000],
          [4100, 1000],
          [50, 10],
        ] as const) {
          assert.equal(await stage.source.readAgain(id, from, window, length), length)
          assert.equal(Buffer.from(window.subarray(0, length)).toString(), text.slice(from, from + length))
        }
        assert.equal(await stage.source.readAgain('0123456789abcdef', 0, window, 10), 0)
      }
      await stage.settle()
      assert.equal(stage.lines.filter(({ streamId }) => streamId === id).length, 200)
    })

    test(`the worker lost its state: ${name}, ${paths} followed`, async () => {
      const stage = await read()
      const before = stage.lines
      const stored = [...stage.stored.values()].map(each => ({ ...each, position: 0 }))
      stage.committed = []
      await stage.restart({ stored })
      await stage.settle()
      // What nobody follows any more and was read to its end is not looked for; the rest comes as it came before.
      const sorted = (all: typeof before): readonly string[] =>
        all.map(line => `${line.streamId} ${line.position} ${line.text}`).toSorted()
      assert.deepEqual(sorted(stage.lines), sorted(before))
    })
  }
}

test('a range of a file that is gone is not there', async () => {
  const stage = new Stage()
  stage.write('a.log', text)
  await stage.start()
  await stage.drain()
  stage.commit()
  stage.remove('a.log')
  await stage.settle()
  stage.commit()
  await stage.restart()
  const [id = ''] = stage.streamIds
  assert.equal(await stage.source.readAgain(id, 0, new Uint8Array(100), 100), 0)
})

test('a range of a deleted file that is still open is there', async () => {
  const stage = new Stage()
  stage.write('a.log', text)
  await stage.start()
  await stage.drain()
  stage.remove('a.log')
  stage.pass()
  const [id = ''] = stage.streamIds
  assert.equal(await stage.source.readAgain(id, 0, new Uint8Array(100), 100), 100)
})

test('archives that are rotated while they are read again', async () => {
  const stage = new Stage()
  const texts = ['one', 'two', 'three'].map(name => lines(name, 8000))
  for (const [index, piece] of texts.entries()) stage.write(`a.log.${3 - index}.gz`, gzipSync(piece))
  await stage.start()
  await stage.settle()
  stage.commit()
  const ids = stage.streamIds
  await stage.restart()
  let turns = 0
  for (const [index, piece] of texts.entries()) {
    let found = ''
    const window = new Uint8Array(20_000)
    while (found.length < piece.length) {
      const count = await stage.source.readAgain(ids[index] ?? '', found.length, window, window.length)
      assert.notEqual(count, 0, `nothing behind ${found.length} of ${index}`)
      found += Buffer.from(window.subarray(0, count)).toString()
      // All files get the next number; sometimes it is seen.
      for (const place of [3, 2, 1]) stage.rename(`a.log.${place + turns}.gz`, `a.log.${place + turns + 1}.gz`)
      turns += 1
      if (turns % 2 === 0) stage.pass()
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.equal(found, piece)
  }
})

test('an inode that is used again is another stream', async () => {
  const stage = await new Stage({ paths: ['*.log'] }).start()
  for (let i = 0; i < 5; i += 1) {
    stage.write('a.log', `same\n${i}\n`)
    await stage.settle()
    stage.commit()
    stage.remove('a.log')
    await stage.settle()
    stage.commit()
    await stage.restart()
  }
  assert.equal(stage.lines.length, 10)
  assert.equal(stage.streamIds.length, 5)
})
