// Attempts of a batch as messages: which key, what value, and when there are enough.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AttemptMessages, RowsAndMessages } from '../../src/app/attempt-messages.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import { AttemptRows } from '../../src/sinks/clickhouse/attempt-rows.ts'
import { AttemptJsonWriter } from '../../src/sinks/stdout/attempt-json.ts'
import { usual } from '../sinks/prometheus/metrics-rig.ts'

const attempt = (says: Partial<Attempt>): Attempt => ({ ...usual, ...says })

function lineOf(one: Attempt): string {
  const writer = new AttemptJsonWriter()
  writer.write(one)
  return writer.json.bytes.toString('utf8', 0, writer.json.length).trimEnd()
}

const whole = { mayKnowLess: false }

const read = (messages: AttemptMessages): readonly (readonly string[])[] =>
  messages.records().map(({ key, value }) => [String(key), String(value)])

const of: [name: string, says: Partial<Attempt>, key: string][] = [
  ['the request', { requestId: '1-ä', instanceID: 'c-1' }, '1-ä'],
  ['the instance where no request is known', { requestId: null, instanceID: 'c-1' }, 'c-1'],
  ['the span where nothing is', { requestId: null, instanceID: null, spanId: '00f067aa0ba902b7' }, '00f067aa0ba902b7'],
]
for (const [name, says, key] of of) {
  test(`the key is ${name}`, () => {
    const messages = new AttemptMessages()
    messages.add(attempt(says), whole)
    assert.deepEqual(read(messages), [[key, lineOf(attempt(says))]])
  })
}

test('messages are those of the batch, in the order of giving out, and then gone', () => {
  const messages = new AttemptMessages()
  const rows = new AttemptRows()
  const both = new RowsAndMessages(rows, messages)
  const origin = {
    position: '',
    firstStoredMs: 0,
    priorHours: 0,
    mayKnowLess: false,
    isPassingOver: false,
    identityWords: new Int32Array(6),
    hasPlatformIds: true,
    lineSpans: [],
  }
  const second = attempt({ requestId: '1-b', revision: 2, errorMessage: 'a\nb' })
  both.add(attempt({ requestId: '1-a' }), { ...origin, revision: 1 })
  both.add(second, { ...origin, revision: 2 })
  both.withdraw({
    requestId: '1-a',
    phase: 'invoke',
    attempt: 1,
    position: '',
    revision: 3,
    firstStoredMs: 0,
    priorHours: 0,
    mayKnowLess: false,
    isPassingOver: false,
  })
  assert.equal(both.rows, 3)
  assert.deepEqual(read(messages), [
    ['1-a', lineOf(attempt({ requestId: '1-a' }))],
    ['1-b', lineOf(second)],
    ['1-a', '{"requestId":"1-a","attempt":1,"phase":"invoke","revision":3,"withdrawn":true}'],
  ])
  messages.clear()
  assert.deepEqual(read(messages), [])
  messages.add(second, whole)
  assert.deepEqual(read(messages), [['1-b', lineOf(second)]])
})

test('what others may know more of has revision 0, and stays what it is for the store', () => {
  const messages = new AttemptMessages()
  const lesser = attempt({ requestId: '1-a', revision: 2 })
  const origin = { position: '', revision: 3, firstStoredMs: 0, priorHours: 0, mayKnowLess: true, isPassingOver: false }
  messages.add(lesser, origin)
  messages.withdraw({ requestId: '1-a', phase: 'invoke', attempt: 0, ...origin })
  assert.equal(lesser.revision, 2)
  assert.deepEqual(
    read(messages).map(([, value = '']) => JSON.parse(value).revision),
    [0, 0],
  )
})

test('what was most likely given out before is a row, and no message', () => {
  const messages = new AttemptMessages()
  const rows = new AttemptRows()
  const both = new RowsAndMessages(rows, messages)
  const origin = { position: '', revision: 1, firstStoredMs: 0, priorHours: 0, mayKnowLess: true, isPassingOver: true }
  both.add(attempt({ requestId: '1-a' }), {
    ...origin,
    identityWords: new Int32Array(6),
    hasPlatformIds: true,
    lineSpans: [],
  })
  both.withdraw({ requestId: '1-a', phase: 'invoke', attempt: 0, ...origin })
  assert.deepEqual([rows.rows, read(messages)], [2, []])
})

test('a batch is full with 32 MiB of messages', () => {
  const messages = new AttemptMessages()
  const both = new RowsAndMessages(new AttemptRows(), messages)
  const large = attempt({ errorMessage: 'x'.repeat(1024 * 1024) })
  for (let n = 0; n < 31; n += 1) messages.add(large, whole)
  assert.equal(both.isFull, false)
  messages.add(large, whole)
  assert.equal(both.isFull, true)
  messages.clear()
  assert.equal(both.isFull, false)
})
