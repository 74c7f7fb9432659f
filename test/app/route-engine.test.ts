// Lines of files and the like on their way to messages: which key they get, what survives a restart, what is left out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RouteEngine } from '../../src/app/route-engine.ts'
import type { InputFormat } from '../../src/model/batch-options.ts'
import { Ledger } from '../../src/model/ledger.ts'
import { keyOf } from './route/keys-rig.ts'

const maxBatchBytes = 4096

class EngineRig {
  readonly ledger = new Ledger()
  readonly engine: RouteEngine
  readonly reasons: string[] = []

  constructor(maxLineBytes = 1_000_000) {
    this.engine = new RouteEngine({
      kind: 'function',
      keyOf,
      maxLineBytesOf: () => maxLineBytes,
      maxMessageBytes: 1000,
      maxBatchBytes,
      maxBatchLines: 50,
      ledger: this.ledger,
      onDeadLetter: reason => this.reasons.push(reason),
    })
  }

  /** Gives a chunk of a stream; returns how many bytes were taken. */
  take(
    stream: string,
    text: string,
    options: { isLast?: boolean; position?: number; format?: InputFormat } = {},
  ): number {
    const { isLast = false, position = 0, format = 'auto' } = options
    const bytes = Buffer.from(text, 'latin1')
    this.engine.window.set(bytes)
    const chunk = { stream: { id: stream, label: stream }, position, length: bytes.length, isLast }
    return this.engine.take(chunk, format, 'source')
  }

  /** Key and lines of each message, and an empty batch. */
  messages(): string[] {
    const messages = this.engine.messages().map(({ key, value }) => `${key.text}: ${value.toString('latin1')}`)
    this.engine.clearRows()
    return messages
  }
}

const row = (name: string, message: string): string => `{"message":"${message}","functionName":"${name}"}\n`

test('rows go by their function, text by its stream', () => {
  const rig = new EngineRig()
  rig.take('s1', `${row('a', '1')}text\n${row('b', '2')}${row('a', '3')}\n`)
  rig.take('s2', 'other text\n')
  assert.deepEqual(rig.messages(), [
    `/a: ${row('a', '1')}${row('a', '3')}`,
    's1: text\n\n',
    `/b: ${row('b', '2')}`,
    's2: other text\n',
  ])
  assert.deepEqual([rig.ledger.received, rig.ledger.attached, rig.ledger.unaccounted], [6, 6, 0])
})

test('with --format text rows are text', () => {
  const rig = new EngineRig()
  rig.take('s1', row('a', '1'), { format: 'text' })
  assert.deepEqual(rig.messages(), [`s1: ${row('a', '1')}`])
})

test('with --format sls every object is a row', () => {
  const rig = new EngineRig()
  rig.take('s1', '{"functionName":"a"}\n{"functionName"\n', { format: 'sls' })
  assert.deepEqual(rig.messages(), ['/a: {"functionName":"a"}\n', 's1: {"functionName"\n'])
})

test('a line that is not whole is left, but for the last one', () => {
  const rig = new EngineRig()
  assert.equal(rig.take('s1', 'one\ntw'), 4)
  assert.equal(rig.take('s1', 'two', { position: 4, isLast: true }), 3)
  assert.deepEqual(rig.messages(), ['s1: one\ntwo\n'])
})

test('bytes that are not UTF-8 go on as they are', () => {
  const rig = new EngineRig()
  rig.take('s1', '\xff\xfe\r\nnext\n')
  assert.deepEqual(rig.messages(), ['s1: \xff\xfe\r\nnext\n'])
})

test('a line that the topic does not take is a dead letter', () => {
  const rig = new EngineRig(30)
  rig.take('s1', `short\n${'x'.repeat(29)}\n${'y'.repeat(30)}\nshort\n`, { position: 1000 })
  const { deadLetters } = rig.engine.rows()
  assert.deepEqual(
    deadLetters.map(({ reason, streamId, position, bytes }) => ({ reason, streamId, position, length: bytes.length })),
    [{ reason: 'tooLong', streamId: 's1', position: 1000 + 6 + 30, length: 30 }],
  )
  assert.deepEqual(rig.messages(), [`s1: short\n${'x'.repeat(29)}\nshort\n`])
  assert.deepEqual(rig.reasons, ['tooLong'])
  assert.deepEqual([rig.ledger.received, rig.ledger.attached, rig.ledger.deadLettered], [4, 3, 1])
})

test('a line that is longer than any may be is one, and its rest no other', () => {
  const rig = new EngineRig()
  const { length } = rig.engine.window
  assert.equal(rig.take('s1', 'x'.repeat(length)), length)
  assert.equal(rig.take('s1', `${'x'.repeat(100)}\nnext\n`, { position: length }), 106)
  assert.deepEqual(rig.messages(), ['s1: next\n'])
  assert.deepEqual(rig.reasons, ['tooLong'])
})

test('a batch is full of bytes or lines, and then takes no more', () => {
  const rig = new EngineRig()
  const line = `${'x'.repeat(99)}\n`
  assert.equal(rig.take('s1', line.repeat(60)), 50 * 100)
  assert.ok(rig.engine.isFull)
  assert.equal(rig.take('s1', line), 0)
  rig.messages()
  assert.ok(!rig.engine.isFull)
  assert.equal(rig.take('s1', `${'x'.repeat(maxBatchBytes)}\n`), maxBatchBytes + 1)
  assert.ok(rig.engine.isFull)
})

test('text that goes on in another stream keeps its key, also after a restart', () => {
  const rig = new EngineRig()
  rig.take('s1', 'one\n')
  assert.ok(rig.engine.goOn('s1', 's2'))
  assert.ok(!rig.engine.goOn('s1', 's2'), 'once')
  rig.take('s2', 'two\n')
  assert.deepEqual(rig.messages(), ['s1: one\ntwo\n'])
  const next = new EngineRig()
  next.engine.load(rig.engine.save())
  assert.ok(next.engine.goOn('s2', 's3'))
  next.take('s3', 'three\n')
  next.take('s2', 'late\n')
  assert.deepEqual(next.messages(), ['s1: three\nlate\n'])
  assert.equal(next.ledger.received, 4)
})
