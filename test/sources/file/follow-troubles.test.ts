// Files that cannot be read, that are too many, whose content is lost, and what else must not stop the others.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { lines, Stage, textsOf } from './follow-stage.ts'

/** Somebody who is subject to permissions, if we are not. */
async function asNobody(act: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(65_534)
  try {
    await act()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

test('a file that may not be read is said once, tried again, and stops nobody', async () => {
  const stage = new Stage()
  chmodSync(dirname(stage.folder), 0o755)
  stage.write('a.log', 'one\n')
  stage.write('b.log', 'two\n')
  chmodSync(stage.path('a.log'), 0)
  await asNobody(async () => {
    await stage.start()
    await stage.settle()
  })
  assert.deepEqual(stage.texts, ['two'])
  assert.deepEqual(stage.saw('fileTroubled'), [{ source: 'files', path: stage.path('a.log'), code: 'EACCES' }])
  chmodSync(stage.path('a.log'), 0o644)
  await asNobody(() => stage.settle())
  assert.deepEqual(stage.texts, ['two', 'one'])
  assert.equal(stage.saw('fileRecovered').length, 1)
})

test('folders, pipes and links to nothing are not followed', async () => {
  const stage = new Stage()
  mkdirSync(stage.path('folder.log'))
  execFileSync('mkfifo', [stage.path('pipe.log')])
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.settle()
  assert.deepEqual(stage.texts, ['one'])
  assert.deepEqual(
    stage.saw('fileTroubled').map(({ code }) => code),
    ['NOT_A_FILE', 'NOT_A_FILE'],
  )
})

test('a path that becomes a folder', async () => {
  const stage = new Stage({ paths: ['a.log'] })
  stage.write('a.log', 'one\nhalf')
  await stage.start()
  await stage.drain()
  stage.remove('a.log')
  mkdirSync(stage.path('a.log'))
  await stage.settle()
  assert.deepEqual(stage.texts, ['one', 'half'])
})

test('excluded files are not followed', async () => {
  const stage = new Stage({ paths: ['**/*.log*'], options: { exclude: ['*.gz', 'old/**', 'b.log'] } })
  for (const name of ['a.log', 'b.log', 'a.log.1.gz', 'old/a.log', 'x/old/a.log', 'old.log'])
    stage.write(name, `${name}\n`)
  await stage.start()
  await stage.settle()
  assert.deepEqual(stage.texts.toSorted(), ['a.log', 'old.log'])
})

test('a file whose name has pattern characters can be named', async () => {
  const stage = new Stage({ paths: ['app[1].log'] })
  stage.write('app[1].log', 'one\n')
  await stage.start()
  await stage.drain()
  assert.deepEqual(stage.texts, ['one'])
})

test('a file that is truncated without a copy is said, and read on from its beginning', async () => {
  const stage = new Stage()
  stage.write('a.log', lines('a', 100))
  await stage.start()
  await stage.drain()
  stage.append('a.log', 'unread\n')
  stage.pass()
  stage.truncate('a.log')
  stage.append('a.log', 'new\n')
  await stage.settle()
  assert.deepEqual(stage.texts, [...textsOf(lines('a', 100)), 'new'])
  const [event] = stage.saw('contentLost')
  assert.equal(event?.['missingBytes'], 7)
  assert.equal(event?.['path'], stage.path('a.log'))
  assert.equal(stage.saw('contentLost').length, 1)
})

test('a file that is written again longer than before between two looks', async () => {
  const stage = new Stage()
  stage.write('a.log', lines('a', 100))
  await stage.start()
  await stage.drain()
  stage.write('a.log', lines('b', 200))
  await stage.settle()
  assert.deepEqual(stage.texts, textsOf(lines('a', 100) + lines('b', 200)))
  assert.equal(stage.streamIds.length, 2)
})

test('a file that is written again with the same size between two looks', async () => {
  const stage = new Stage()
  stage.write('a.log', lines('a', 100))
  await stage.start()
  await stage.drain()
  stage.write('a.log', lines('b', 100))
  stage.touch('a.log', 10_000)
  await stage.settle()
  assert.deepEqual(stage.texts, textsOf(lines('a', 100) + lines('b', 100)))
})

test('a file that is written again while it is being read', async () => {
  const stage = new Stage({ windowBytes: 1024 })
  stage.write('a.log', lines('a', 100))
  await stage.start()
  await stage.readChunk()
  const before = stage.lines.length
  stage.write('a.log', lines('b', 200))
  await stage.settle()
  assert.deepEqual(stage.texts, [...textsOf(lines('a', 100)).slice(0, before), ...textsOf(lines('b', 200))])
})

test('a writer that does not append leaves a hole, which is no line', async () => {
  const stage = new Stage()
  stage.write('a.log', '')
  const fd = openSync(stage.path('a.log'), 'r+')
  writeSync(fd, lines('a', 100))
  await stage.start()
  await stage.drain()
  stage.truncate('a.log')
  writeSync(fd, 'b\n')
  closeSync(fd)
  await stage.settle()
  assert.deepEqual(stage.texts.slice(100), ['b'])
  assert.equal(stage.lines.at(-1)?.position, lines('a', 100).length)
})

test('a file that vanished while we were down is said, once', async () => {
  const stage = new Stage()
  stage.write('a.log', lines('a', 100))
  await stage.start()
  await stage.drain()
  stage.commit()
  await stage.source.stop()
  stage.remove('a.log')
  await stage.restart()
  await stage.settle()
  assert.equal(stage.saw('contentLost').length, 1)
  assert.equal(stage.saw('contentLost')[0]?.['missingBytes'], 0)
  stage.commit()
  await stage.restart()
  await stage.settle()
  assert.equal(stage.saw('contentLost').length, 1)
})

test('files beyond maxFiles wait until there is room, which is said', async () => {
  const stage = new Stage({ options: { maxFiles: 2 } })
  for (const name of ['a', 'b', 'c']) stage.write(`${name}.log`, `${name}\n`)
  await stage.start()
  await stage.settle()
  assert.deepEqual(stage.texts.toSorted(), ['a', 'b'])
  assert.equal(stage.saw('filesRefused').length, 1)
  assert.equal(stage.saw('filesRefused')[0]?.['refused'], 1)
  stage.remove('a.log')
  await stage.settle()
  assert.deepEqual(stage.texts.toSorted(), ['a', 'b', 'c'])
})

test('more files than the system lets us open', () => {
  const stage = new Stage()
  for (let i = 0; i < 150; i += 1) stage.write(`${i}.log`, lines(`${i}`, 3))
  const program = new URL('follow-many.ts', import.meta.url).pathname
  const command = `ulimit -n 80 && exec "${process.execPath}" "${program}" "${stage.folder}"`
  assert.equal(execFileSync('bash', ['-c', command], { encoding: 'utf8' }), '600 lines, 0 troubles\n')
})

test('streams of files that are gone are forgotten beyond the bound, oldest first', async () => {
  const stage = await new Stage({ options: { maxFiles: 2 } }).start()
  for (let i = 0; i < 8; i += 1) {
    stage.write('a.log', lines(`a${i}`, 30))
    await stage.settle()
    stage.remove('a.log')
    await stage.settle()
  }
  assert.equal(stage.lines.length, 240)
  assert.ok(stage.saw('streamsForgotten').length > 0)
  stage.commit()
  assert.equal(stage.streamIds.length, 8)
  // Twice as many as are followed at once, and what was stored of the others goes.
  assert.deepEqual([...stage.stored.keys()], stage.streamIds.slice(-4))
})

test('what was stored and cannot be understood is said, and costs a second reading only', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.drain()
  stage.commit()
  const broken = [...stage.stored.values()].map(each => ({ ...each, memo: '{"v":1,"__proto__":{}}' }))
  await stage.restart({ stored: broken })
  await stage.drain()
  assert.equal(stage.saw('memoUnreadable').length, 1)
  assert.deepEqual(stage.texts, ['one', 'one'])
  assert.equal(stage.streamIds.length, 1)
})

test('a path too long for a memo is found by its inode', async () => {
  const folder = Array.from({ length: 12 }, () => '"'.repeat(200)).join('/')
  const stage = new Stage({ paths: [`${folder}/*.log`] })
  stage.write(`${folder}/a.log`, 'one\n')
  await stage.start()
  await stage.drain()
  stage.commit()
  stage.append(`${folder}/a.log`, 'two\n')
  await stage.restart()
  await stage.drain()
  assert.deepEqual(stage.texts, ['one', 'two'])
})
