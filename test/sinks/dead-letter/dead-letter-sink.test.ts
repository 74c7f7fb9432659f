import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import fc from 'fast-check'
import { deadLetterReasons } from '../../../src/model/dead-letter.ts'
import {
  DeadLetterSink,
  type DeadRecord,
  type StoredDeadLetter,
} from '../../../src/sinks/dead-letter/dead-letter-sink.ts'

const root = mkdtempSync(join(tmpdir(), 'fcscope-dead-'))
after(() => rmSync(root, { recursive: true }))
const batch = { batch: 12, storedMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678) }

let events: string[] = []
const own = {
  maxBytes: 2000,
  workerNumber: 0xfeed,
  log: { write: (_severity: string, event: string) => void events.push(event) },
}

let folder = ''
let waiting = ''
let sink: DeadLetterSink
beforeEach(() => {
  const top = mkdtempSync(join(root, 'x-'))
  folder = join(top, 'deep', 'dead-letters')
  waiting = join(top, 'spill')
  mkdirSync(waiting)
  events = []
  sink = new DeadLetterSink({ folder, waiting, ...own })
})

const record = (bytes: Uint8Array, says: Partial<DeadRecord> = {}): DeadRecord => ({
  reason: 'invalidJson',
  source: 'logs',
  streamId: '00000000000000a1',
  stream: 'logs/app.log',
  position: 2 ** 40,
  bytes,
  ...says,
})

const lettersIn = (file: string): StoredDeadLetter[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

test('a batch without dead letters has no file', () => {
  assert.deepEqual(sink.stage(batch, []), [])
  assert.deepEqual(readdirSync(waiting), [])
})

test('a letter says why, whence, when, and what came', () => {
  const [delivery] = sink.stage(batch, [
    record(Buffer.from('{"订单"')),
    record(Buffer.from([0xff, 0x0a]), { reason: 'invalidUtf8' }),
  ])
  assert.ok(delivery !== undefined)
  const { file, ...rest } = delivery
  const bytes = statSync(file).size
  assert.deepEqual(rest, { sink: 'deadLetters', batch: 12, part: 'records', rows: 2, bytes, storedMs: batch.storedMs })
  const common = {
    time: '2026-01-02T03:04:05.678Z',
    source: 'logs',
    stream: 'logs/app.log',
    streamId: '00000000000000a1',
    position: 2 ** 40,
  }
  assert.deepEqual(lettersIn(file), [
    { ...common, reason: 'invalidJson', text: '{"订单"', base64: null },
    { ...common, reason: 'invalidUtf8', text: null, base64: '/wo=' },
  ])
})

test('whatever came is what is kept', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
        ),
        { minLength: 1 },
      ),
      fc.constantFrom(...deadLetterReasons),
      (all, reason) => {
        const [delivery] = sink.stage(
          batch,
          all.map(bytes => record(bytes, { reason, stream: 'a"\n\u2028' })),
        )
        const letters = lettersIn(delivery!.file)
        assert.deepEqual(
          letters.map(({ text, base64 }) => (text === null ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text))),
          all.map(bytes => Buffer.from(bytes)),
        )
      },
    ),
  )
})

test('delivered: one file per batch, for its owner only, in a folder that is made', async () => {
  const [delivery] = sink.stage(batch, [record(Buffer.from('x'))])
  await sink.deliver(delivery!)
  assert.deepEqual(readdirSync(folder), ['20260102T030405-0000feed-12.jsonl'])
  assert.equal(statSync(join(folder, '20260102T030405-0000feed-12.jsonl')).mode & 0o777, 0o600)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  assert.deepEqual(readdirSync(waiting), [])
})

test('delivered twice: the second time there is nothing to do', async () => {
  const [delivery] = sink.stage(batch, [record(Buffer.from('x'))])
  await sink.deliver(delivery!)
  await sink.deliver(delivery!)
  assert.equal(readdirSync(folder).length, 1)
})

test('a file that is nowhere cannot be delivered', async () => {
  const [delivery] = sink.stage(batch, [record(Buffer.from('x'))])
  rmSync(delivery!.file)
  await assert.rejects(sink.deliver(delivery!), { code: 'ENOENT' })
})

test('staged again after a commit that failed: the same file', () => {
  const [first] = sink.stage(batch, [record(Buffer.from('first'))])
  const [second] = sink.stage(batch, [record(Buffer.from('second'))])
  assert.equal(first?.file, second?.file)
  assert.deepEqual(
    lettersIn(second!.file).map(({ text }) => text),
    ['second'],
  )
})

test('a goal that cannot be written is an error, and the file stays', async () => {
  mkdirSync(join(folder, '..'), { recursive: true })
  writeFileSync(folder, 'in the way')
  const [delivery] = sink.stage(batch, [record(Buffer.from('x'))])
  await assert.rejects(sink.deliver(delivery!), { code: 'EEXIST' })
  assert.ok(existsSync(delivery!.file))
})

/** Memory as a disk of its own, on systems that have it. */
const otherDisk = '/dev/shm'
const noOtherDisk =
  (!existsSync(otherDisk) || statSync(otherDisk).dev === statSync(tmpdir()).dev) && 'there is no second disk here'

test('a goal on another disk', { skip: noOtherDisk }, async t => {
  const far = mkdtempSync(join(otherDisk, 'fcscope-dead-'))
  t.after(() => rmSync(far, { recursive: true }))
  const across = new DeadLetterSink({ folder: join(far, 'letters'), waiting, ...own })
  const [delivery] = across.stage(batch, [record(Buffer.from('x'))])
  await across.deliver(delivery!)
  await across.deliver(delivery!)
  assert.deepEqual(readdirSync(join(far, 'letters')), ['20260102T030405-0000feed-12.jsonl'])
  const file = join(far, 'letters', '20260102T030405-0000feed-12.jsonl')
  assert.deepEqual(
    lettersIn(file).map(({ text }) => text),
    ['x'],
  )
  assert.equal(statSync(file).mode & 0o777, 0o600)
})

test('beyond the bound the oldest files go, which is said; the newest stays whatever its size', async () => {
  const nameOf = (second: number): string => `20260102T0304${second < 10 ? '0' : ''}${second}-0000feed-${second}.jsonl`
  const bury = async (second: number, bytes: number): Promise<void> => {
    const storedMs = Date.UTC(2026, 0, 2, 3, 4, second)
    const [delivery] = sink.stage({ batch: second, storedMs }, [record(Buffer.alloc(bytes, 'x'))])
    assert.ok(delivery)
    await sink.deliver(delivery)
  }
  for (const second of [9, 10, 11]) await bury(second, 500)
  assert.deepEqual([readdirSync(folder).length, events], [2, ['deadLettersRemoved']])
  assert.deepEqual(readdirSync(folder).toSorted(), [nameOf(10), nameOf(11)])
  await bury(12, 5000)
  assert.deepEqual(readdirSync(folder), [nameOf(12)])
  // What is there already counts as well.
  sink = new DeadLetterSink({ folder, waiting, ...own })
  await bury(13, 500)
  assert.deepEqual(readdirSync(folder), [nameOf(13)])
})
