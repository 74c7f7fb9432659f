// Following compressed files: rotation that compresses, archives that grow, and ones that are broken.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { lines, Stage, textsOf } from './follow-stage.ts'

const first = lines('first', 3000)
const second = lines('second', 100)
const short = 'one\ntwo\n'
const half = (text: string): string => text.slice(0, text.length / 2)
const compressors = [
  ['gzip', gzipSync, 'gz'],
  ['zstd', zstdCompressSync, 'zst'],
] as const

/** As gzip and logrotate do it: the compressed file has the time of the plain one, which is deleted. */
function compress(stage: Stage, name: string, kind: (typeof compressors)[number]): void {
  const [, pack, ending] = kind
  stage.compress(name, `${name}.${ending}`, bytes => pack(bytes))
}

const sorted = (...texts: string[]): readonly string[] => texts.flatMap(textsOf).toSorted()

for (const kind of compressors) {
  const [name, pack, ending] = kind

  test(`${name} is read to its end, by content and not by name`, async () => {
    const stage = new Stage({ windowBytes: 4096 })
    stage.write('a.log', pack(`\ufeff${first}the end`))
    await stage.start()
    await stage.drain()
    assert.deepEqual(stage.texts, [...textsOf(first), 'the end'])
    assert.equal(stage.lines[0]?.position, 3)
    assert.equal(stage.source.lag().bytes, 0)
  })

  for (const paths of [['*.log*'], ['*.log']]) {
    test(`${name} of a file that was read, ${paths} followed, is not read again`, async () => {
      const stage = await new Stage({ paths }).start()
      stage.append('a.log', first)
      stage.pass()
      await stage.drain()
      stage.rename('a.log', 'a.log.1')
      stage.append('a.log', second)
      await stage.settle()
      compress(stage, 'a.log.1', kind)
      await stage.settle()
      stage.commit()
      await stage.restart()
      await stage.settle()
      assert.deepEqual(stage.texts.toSorted(), sorted(first, second))
      assert.deepEqual(stage.saw('contentLost'), [])
    })

    for (const text of [first, short]) {
      const length = text === short ? 'short' : 'long'
      test(`${name} of a ${length} file that was half read when we stopped, ${paths} followed`, async () => {
        const stage = await new Stage({ paths }).start()
        stage.append('a.log', half(text))
        stage.pass()
        await stage.drain()
        stage.commit()
        await stage.source.stop()
        stage.append('a.log', text.slice(text.length / 2))
        stage.rename('a.log', 'a.log.1')
        compress(stage, 'a.log.1', kind)
        stage.append('a.log', second)
        await stage.restart()
        await stage.settle()
        assert.deepEqual(stage.texts.toSorted(), sorted(text, second))
        assert.equal(stage.streamIds.length, 2)
      })
    }
  }

  test(`${name} is resumed where it was left`, async () => {
    const stage = new Stage({ windowBytes: 4096 })
    stage.write(`a.log.${ending}`, pack(first))
    await stage.start()
    await stage.drain(10)
    stage.commit()
    assert.ok(stage.committed.length > 100)
    await stage.restart()
    await stage.drain()
    assert.deepEqual(stage.texts, textsOf(first))
    stage.commit()
    await stage.restart()
    await stage.settle()
    assert.equal(stage.lines.length, 3000)
    assert.equal(stage.streamIds.length, 1)
  })

  test(`${name} that is still being written is read as far as it goes, and on when it has grown`, async () => {
    const stage = new Stage()
    const packed = pack(first)
    stage.write(`a.log.${ending}`, packed.subarray(0, packed.length / 2))
    await stage.start()
    await stage.drain()
    const before = stage.lines.length
    assert.deepEqual(stage.texts, textsOf(first).slice(0, before))
    stage.append(`a.log.${ending}`, packed.subarray(packed.length / 2))
    await stage.settle()
    assert.deepEqual(stage.texts, textsOf(first))
    assert.deepEqual(stage.saw('archiveBroken'), [])
  })

  test(`${name} that is appended to is read on`, async () => {
    const stage = new Stage()
    stage.write(`a.log.${ending}`, pack(first))
    await stage.start()
    await stage.drain()
    stage.commit()
    stage.append(`a.log.${ending}`, pack(second))
    await stage.settle()
    assert.deepEqual(stage.texts, [...textsOf(first), ...textsOf(second)])
    assert.equal(stage.streamIds.length, 1)
  })

  test(`broken ${name} gives what can be read, says so, and loses no half line`, async () => {
    const stage = new Stage()
    const packed = pack(first)
    stage.write(`a.log.${ending}`, packed.subarray(0, packed.length / 2))
    await stage.start()
    await stage.drain()
    const before = stage.lines.length
    for (let i = 0; i < 70; i += 1) {
      stage.pass()
      await stage.drain()
    }
    assert.equal(stage.saw('archiveBroken').length, 1)
    assert.ok(first.startsWith(stage.texts.join('\n')))
    assert.ok(stage.lines.length === before || stage.lines.length === before + 1)
  })

  test(`once: broken ${name} gives what can be read, says so, and is done`, async () => {
    const stage = new Stage({ once: true })
    const packed = pack(first)
    stage.write(`a.log.${ending}`, packed.subarray(0, packed.length / 2))
    await stage.start()
    await stage.drain()
    assert.ok(stage.source.isDone())
    assert.equal(stage.saw('archiveBroken').length, 1)
    assert.ok(first.startsWith(stage.texts.join('\n')))
  })

  test(`once: ${name} beside the plain file that it is a copy of`, async () => {
    const stage = new Stage({ once: true, windowBytes: 4096 })
    stage.write('a.log', first)
    stage.write(`a.log.1.${ending}`, pack(first))
    stage.write(`b.log.${ending}`, pack(second))
    await stage.start()
    await stage.drain()
    assert.ok(stage.source.isDone())
    assert.deepEqual(stage.texts.toSorted(), sorted(first, second))
  })
}

test('an empty archive is nothing', async () => {
  const stage = new Stage({ once: true })
  stage.write('a.log', gzipSync(''))
  await stage.start()
  await stage.drain()
  assert.ok(stage.source.isDone())
  assert.deepEqual(stage.texts, [])
})

test('archives that begin alike and go on differently are different', async () => {
  const stage = new Stage()
  stage.write('a.log.1.gz', gzipSync(`${first}a\n`))
  stage.write('a.log.2.gz', gzipSync(`${first}b\n`))
  stage.write('a.log.3.gz', gzipSync(`${first}b\n`))
  await stage.start()
  await stage.settle()
  assert.deepEqual(stage.texts.toSorted(), sorted(first, first, 'a', 'b'))
})

test('startAt end leaves archives alone, before and after a restart', async () => {
  const stage = new Stage({ options: { startAt: 'end' } })
  stage.write('a.log.1.gz', gzipSync(first))
  await stage.start()
  await stage.settle()
  stage.commit()
  stage.rename('a.log.1.gz', 'a.log.2.gz')
  await stage.restart()
  await stage.settle()
  stage.write('a.log.1.gz', gzipSync(second))
  await stage.settle()
  assert.deepEqual(stage.texts, textsOf(second))
})

test('copies that are shifted along are not unpacked again', async () => {
  const stage = new Stage()
  stage.write('a.log.1.gz', gzipSync(first))
  stage.write('a.log.2.gz', gzipSync(first))
  await stage.start()
  await stage.settle()
  stage.commit()
  stage.rename('a.log.2.gz', 'a.log.3.gz')
  stage.rename('a.log.1.gz', 'a.log.2.gz')
  await stage.settle()
  stage.commit()
  await stage.restart()
  await stage.settle()
  assert.deepEqual(stage.texts, textsOf(first))
})

test('an archive that becomes a plain file in the same inode', async () => {
  const stage = new Stage()
  stage.write('a.log', gzipSync(first))
  await stage.start()
  await stage.settle()
  stage.write('a.log', second)
  await stage.settle()
  assert.deepEqual(stage.texts.toSorted(), sorted(first, second))
})

test('a plain file that becomes an archive in the same inode', async () => {
  const stage = new Stage()
  stage.write('a.log', second)
  await stage.start()
  await stage.settle()
  stage.write('a.log', gzipSync(first))
  await stage.settle()
  assert.deepEqual(stage.texts.toSorted(), sorted(first, second))
})

test('plain files go on while an archive is read', async () => {
  const stage = new Stage({ windowBytes: 4096, tuning: { turnBytes: 8192 } })
  stage.write('big.log.gz', gzipSync(first))
  stage.write('a.log', second)
  await stage.start()
  await stage.source.prepared
  for (let i = 0; i < 8; i += 1) await stage.readChunk()
  assert.ok(stage.lines.some(({ label }) => label.endsWith('/a.log')))
  assert.ok(stage.lines.some(({ label }) => label.endsWith('.gz')))
})

test('an archive that grows while its end is read', async () => {
  const stage = new Stage()
  stage.write('a.log.gz', gzipSync(second))
  await stage.start()
  await stage.source.prepared
  const window = new Uint8Array(65_536)
  const chunk = await stage.source.read(window)
  assert.ok(chunk?.isLast)
  stage.append('a.log.gz', gzipSync(first))
  stage.pass()
  stage.source.advance(chunk, chunk.length)
  await stage.settle()
  assert.deepEqual(stage.texts, textsOf(first))
})

test('stop while an archive is looked into', async () => {
  const stage = new Stage()
  stage.write('a.log.gz', gzipSync(first))
  await stage.start()
  await stage.source.stop()
  assert.equal(stage.source.read(new Uint8Array(10)), null)
})
