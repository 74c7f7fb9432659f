// Dead letters wait in the same files wherever they go.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createLetterSink, letterMessages } from '../../src/app/letter-sink.ts'
import { defaultWorkerConfig } from '../../src/app/worker-config.ts'
import type { DeadRecord, LetterSink } from '../../src/sinks/dead-letter/dead-letter-sink.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-letters-'))
after(() => rmSync(folder, { recursive: true }))

function sinkFor(deadLetters: object): LetterSink {
  const { settings } = defaultWorkerConfig(folder, { sources: [{ type: 'stdin' }], deadLetters })
  return createLetterSink({
    settings,
    waiting: folder,
    workerNumber: 0xfeed,
    log: { write: () => {} },
    random: () => 0.5,
    onTooLarge: () => {},
  })
}

const record = (streamId: string, position: number, bytes: Uint8Array): DeadRecord => ({
  reason: 'invalidUtf8',
  source: 'logs',
  streamId,
  stream: 'logs/app.log',
  position,
  bytes,
})
const records = [record('a1', 0, Buffer.from('"\u2028\n')), record('b2', 9, Buffer.of(0xff, 10))]
const batch = { batch: 3, storedMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678) }
const letter = (streamId: string, position: number, text: string | null, base64: string | null) => {
  const place = { source: 'logs', stream: 'logs/app.log', streamId, position }
  return { time: '2026-01-02T03:04:05.678Z', reason: 'invalidUtf8', ...place, text, base64 }
}

test('a letter becomes a message with its stream as the key', () => {
  const sink = sinkFor({ type: 'kafka', brokers: ['127.0.0.1:9'], topic: 'letters' })
  const [delivery, ...others] = sink.stage(batch, records)
  assert.deepEqual([delivery?.sink, delivery?.batch, delivery?.rows, others], [sink.name, 3, 2, []])
  const messages = letterMessages(readFileSync(delivery?.file ?? ''))
  assert.deepEqual(
    messages.map(({ key, value }) => [String(key), JSON.parse(String(value))]),
    [
      ['a1', letter('a1', 0, '"\u2028\n', null)],
      ['b2', letter('b2', 9, null, '/wo=')],
    ],
  )
  assert.ok(messages.every(({ value }) => !value.includes(10)))
  assert.throws(() => letterMessages(Buffer.from('{"streamId":"a"}')), /breaks off .* at byte 0$/)
})

test('what waits for a topic can go to a folder', async () => {
  const path = join(folder, 'letters')
  const [delivery] = sinkFor({ type: 'kafka', brokers: ['127.0.0.1:9'], topic: 'letters' }).stage(batch, records)
  assert.ok(delivery !== undefined)
  const sink = sinkFor({ path })
  await sink.open()
  await sink.deliver(delivery, { mayBeThere: true, signal: new AbortController().signal })
  await sink.stop()
  const [name = '', ...others] = readdirSync(path)
  assert.deepEqual(others, [])
  assert.equal(readFileSync(join(path, name), 'utf8').split('\n').length, 3)
})
