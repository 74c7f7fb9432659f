// Reading files to their present end.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { test } from 'node:test'
import { FcscopeError } from '../../../src/model/fcscope-error.ts'
import { lines, Stage, textsOf } from './follow-stage.ts'

test('once: a file that keeps growing is read to its size at the start', async () => {
  const stage = new Stage({ once: true, windowBytes: 1024 })
  stage.write('a.log', `${lines('a', 100)}the end`)
  await stage.start()
  assert.ok(!stage.source.isDone())
  await stage.readChunk()
  stage.append('a.log', ' that was not\nmore\n')
  await stage.drain()
  assert.ok(stage.source.isDone())
  assert.deepEqual(stage.texts, [...textsOf(lines('a', 100)), 'the end'])
})

test('once: a later run goes on where the last one ended', async () => {
  const stage = new Stage({ once: true })
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.drain()
  stage.commit()
  stage.append('a.log', 'two\n')
  await stage.restart()
  await stage.drain()
  stage.commit()
  await stage.restart()
  await stage.drain()
  assert.ok(stage.source.isDone())
  assert.deepEqual(stage.texts, ['one', 'two'])
  assert.equal(stage.streamIds.length, 1)
})

test('once: a rotation between two runs', async () => {
  const stage = new Stage({ once: true, paths: ['*.log'] })
  stage.write('a.log', lines('a', 100))
  await stage.start()
  await stage.drain()
  stage.commit()
  stage.append('a.log', lines('b', 10))
  stage.rename('a.log', 'a.log.1')
  stage.write('a.log', lines('c', 10))
  await stage.restart()
  await stage.drain()
  assert.ok(stage.source.isDone())
  assert.deepEqual(stage.texts.toSorted(), textsOf(lines('a', 100) + lines('b', 10) + lines('c', 10)).toSorted())
  assert.deepEqual(stage.saw('contentLost'), [])
})

test('once: a file that shrinks while it is read ends where it ends', async () => {
  const stage = new Stage({ once: true, windowBytes: 1024 })
  stage.write('a.log', lines('a', 100))
  await stage.start()
  await stage.readChunk()
  stage.truncate('a.log')
  await stage.drain()
  assert.ok(stage.source.isDone())
  assert.equal(stage.saw('contentLost').length, 1)
})

test('once: nothing to read is done at once', async () => {
  const stage = new Stage({ once: true })
  stage.write('a.log', '')
  mkdirSync(stage.path('b.log'))
  await stage.start()
  await stage.drain()
  assert.ok(stage.source.isDone())
  assert.deepEqual(stage.source.lag(), { bytes: 0, seconds: 0 })
})

test('once: it is not done before it is started', () => {
  assert.ok(!new Stage({ once: true }).source.isDone())
})

test('once: a named file that is not there is an error', async () => {
  const stage = new Stage({ once: true, paths: ['*.log', 'nope.log'] })
  stage.write('a.log', 'one\n')
  await assert.rejects(stage.start(), (error: unknown) => {
    assert.ok(error instanceof FcscopeError)
    assert.equal(error.code, 'FCS_INPUT_MISSING')
    assert.equal(error.exitStatus, 2)
    return true
  })
  await stage.source.stop()
})

test('once: a half line that the worker takes in two steps', async () => {
  const stage = new Stage({ once: true, windowBytes: 64 })
  stage.write('a.log', 'x'.repeat(200))
  await stage.start()
  await stage.drain()
  assert.ok(stage.source.isDone())
  assert.deepEqual(stage.texts, ['x'.repeat(200)])
})

test('following is never done', async () => {
  const stage = new Stage()
  stage.write('a.log', 'one\n')
  await stage.start()
  await stage.drain()
  assert.ok(!stage.source.isDone())
})
