// The files of one log are read in the order in which they were written, and each goes on where the one before ended.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { lines, Stage, type StageOptions, textsOf } from './follow-stage.ts'

/** The first lines of pieces of a log: `one 0 …`. */
const firstLine = (text: string): string => textsOf(text)[0] ?? ''
const one = lines('one', 300)
const two = lines('two', 300)
const three = lines('three', 300)
const four = lines('four', 300)
const tuning = { turnBytes: 2048 }

const inOrder = async (stage: Stage, ...texts: string[]): Promise<void> => {
  assert.deepEqual(stage.texts, texts.flatMap(textsOf))
  assert.deepEqual(stage.chain(textsOf(texts.at(-1) ?? '').at(-1) ?? ''), texts.map(firstLine))
}

for (const once of [true, false]) {
  const options: StageOptions = { once, tuning, windowBytes: 4096 }

  test(`a log that was rotated before anybody looked, ${once ? 'once' : 'following'}`, async () => {
    const stage = new Stage(options)
    for (const [name, text] of [
      ['a.log', four],
      ['a.log.1', three],
      ['a.log.2', two],
      ['a.log.3', one],
    ] as const) {
      stage.write(name, text)
    }
    await stage.start()
    await stage.drain()
    await inOrder(stage, one, two, three, four)
  })

  test(`its older files are archives, ${once ? 'once' : 'following'}`, async () => {
    const stage = new Stage(options)
    stage.write('a.log', four)
    stage.write('a.log.1', three)
    stage.write('a.log.2.gz', gzipSync(two))
    stage.write('a.log.3.gz', gzipSync(one))
    await stage.start()
    await stage.drain()
    await inOrder(stage, one, two, three, four)
  })

  test(`an archive that is a copy holds nobody up, ${once ? 'once' : 'following'}`, async () => {
    const stage = new Stage(options)
    stage.write('a.log', two)
    stage.write('a.log.1', one)
    stage.write('a.log.1.gz', gzipSync(one))
    await stage.start()
    await stage.drain()
    await inOrder(stage, one, two)
  })
}

test('other logs have their turns meanwhile', async () => {
  const stage = new Stage({ tuning, windowBytes: 1024 })
  stage.write('a.log', two)
  stage.write('a.log.1', one)
  stage.write('b.log', three)
  await stage.start()
  await stage.drain()
  const labels = stage.lines.map(({ label }) => label.slice(stage.folder.length + 1))
  assert.ok(labels.indexOf('b.log') < labels.lastIndexOf('a.log.1'))
  assert.ok(labels.lastIndexOf('a.log.1') < labels.indexOf('a.log'))
  assert.deepEqual([...stage.former.keys()].length, 1)
})

for (const paths of [['*.log*'], ['*.log']]) {
  test(`renamed with a tail that nobody has seen, ${paths} followed`, async () => {
    const stage = await new Stage({ paths, tuning, windowBytes: 4096 }).start()
    stage.append('a.log', one.slice(0, 5000))
    stage.pass()
    await stage.drain()
    stage.append('a.log', one.slice(5000))
    stage.rename('a.log', 'a.log.1')
    stage.append('a.log', two)
    stage.pass()
    await stage.drain()
    await inOrder(stage, one, two)
  })

  test(`renamed three times between two looks, ${paths} followed`, async () => {
    const stage = await new Stage({ paths, tuning, windowBytes: 4096 }).start()
    stage.append('a.log', one)
    stage.pass()
    await stage.readChunk()
    stage.rename('a.log', 'a.log.1')
    stage.append('a.log', two)
    stage.touch('a.log', 10)
    stage.rename('a.log.1', 'a.log.2')
    stage.rename('a.log', 'a.log.1')
    stage.append('a.log', three)
    stage.touch('a.log', 20)
    stage.pass()
    await stage.drain()
    await inOrder(stage, one, two, three)
  })

  test(`copied and truncated with a tail that nobody has seen, ${paths} followed`, async () => {
    const stage = await new Stage({ paths, tuning, windowBytes: 4096 }).start()
    stage.append('a.log', one.slice(0, 5000))
    stage.pass()
    await stage.drain()
    stage.append('a.log', one.slice(5000))
    stage.copy('a.log', 'a.log.1')
    stage.truncate('a.log')
    stage.append('a.log', two)
    stage.pass()
    await stage.drain()
    await inOrder(stage, one, two)
  })

  test(`a copy that was seen half-made, ${paths} followed`, async () => {
    const stage = await new Stage({ paths, tuning, windowBytes: 4096 }).start()
    stage.append('a.log', one.slice(0, 5000))
    stage.pass()
    await stage.drain()
    stage.append('a.log', one.slice(5000))
    const bytes = stage.bytes('a.log')
    stage.write('a.log.1', bytes.subarray(0, 4096))
    stage.pass()
    stage.append('a.log.1', bytes.subarray(4096))
    stage.truncate('a.log')
    stage.append('a.log', two)
    await stage.drain()
    await inOrder(stage, one, two)
  })

  test(`rotated while the worker was down, ${paths} followed`, async () => {
    const stage = await new Stage({ paths, tuning, windowBytes: 4096 }).start()
    stage.append('a.log', one)
    stage.pass()
    await stage.readChunk()
    stage.commit()
    stage.rename('a.log', 'a.log.1')
    stage.append('a.log', two)
    await stage.restart()
    await stage.drain()
    await inOrder(stage, one, two)
  })
}

test('logs of two processes are two logs', async () => {
  const stage = new Stage()
  stage.write('a-1.log', one)
  stage.write('a-2.log', two)
  await stage.start()
  await stage.drain()
  assert.deepEqual([...stage.former], [])
})

test('the rest of a file that was compressed meanwhile comes before newer files, also when it had to be read again', async () => {
  const stage = new Stage({ windowBytes: 64 * 1024 })
  const long = lines('two', 100_000)
  const seen = long.slice(0, long.indexOf('\n', long.length / 2) + 1)
  stage.write('a.log.1', one)
  stage.write('a.log', seen)
  stage.touch('a.log', 10)
  await stage.start()
  await stage.drain()
  stage.commit()
  const streamId = stage.lines.at(-1)?.streamId ?? ''
  await stage.source.stop()
  stage.remove('a.log.1')
  stage.remove('a.log')
  stage.write('a.log.3.gz', gzipSync(one))
  stage.write('a.log.2.gz', gzipSync(long))
  stage.write('a.log.1', three)
  stage.write('a.log', four)
  for (const [index, name] of ['a.log.2.gz', 'a.log.1', 'a.log'].entries()) stage.touch(name, 10 * (index + 1))
  await stage.restart()
  await stage.source.readAgain(streamId, 0, new Uint8Array(64 * 1024), 64 * 1024)
  // Reading goes on while the archives are being looked into.
  for (let turns = 0; stage.texts.length < 100_900 && turns < 10_000; turns += 1) {
    await stage.readChunk()
    await new Promise(resolve => setImmediate(resolve))
  }
  await inOrder(stage, one, long, three, four)
})
