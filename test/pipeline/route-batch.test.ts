// Lines that wait to be routed, and the messages that they become.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { RouteKey } from '../../src/model/route.ts'
import { RouteBatch } from '../../src/pipeline/route-batch.ts'
import { MessageRoom, messagesOf } from '../../src/pipeline/route-messages.ts'

const keyOf = (text: string): RouteKey => ({ text, bytes: Buffer.from(text), partition: 0 })

/** A line with the text of its key; the key of `a1` is `a`. Given in chunks. */
function batchOf(chunks: readonly (readonly string[])[], hasLastEnd = true): RouteBatch {
  const batch = new RouteBatch()
  let number = 0
  for (const [index, lines] of chunks.entries()) {
    const isLast = index === chunks.length - 1
    const window = Buffer.from(`skipped\n${lines.join('\n')}${isLast && !hasLastEnd ? '' : '\n'}`)
    let at = 'skipped\n'.length
    for (const line of lines) {
      batch.add(keyOf(line.slice(0, 1)), at, at + line.length, number)
      at += line.length + 1
      number += 1
    }
    batch.takeBytes(window)
  }
  return batch
}

const written = (batch: RouteBatch, options: { from?: number; maxBytes?: number } = {}): string[] =>
  messagesOf(batch, { from: 0, maxBytes: 100, room: new MessageRoom(), ...options }).map(
    ({ key, value }) => `${key.text}=${value}`,
  )

test('lines of a key become one message, in their order', () => {
  assert.deepEqual(
    written(
      batchOf([
        ['a1', 'b1', 'a2'],
        ['a3', 'b2'],
      ]),
    ),
    ['a=a1\na2\na3\n', 'b=b1\nb2\n'],
  )
})

test('a message holds as many lines as there is room for', () => {
  const batch = batchOf([['a1', 'a2', 'b1', 'a3']])
  assert.deepEqual(written(batch, { maxBytes: 6 }), ['a=a1\na2\n', 'a=a3\n', 'b=b1\n'])
  assert.deepEqual(written(batch, { maxBytes: 1 }), ['a=a1\n', 'a=a2\n', 'a=a3\n', 'b=b1\n'])
})

test('a last line without a line end gets one', () => {
  assert.deepEqual(written(batchOf([['a1'], ['a2', 'a3']], false)), ['a=a1\na2\na3\n'])
})

test('an empty line is a line', () => {
  const batch = new RouteBatch()
  batch.add(keyOf('a'), 0, 0, 0)
  batch.add(keyOf('a'), 1, 2, 1)
  batch.takeBytes(Buffer.from('\nx\n'))
  assert.deepEqual(written(batch), ['a=\nx\n'])
})

test('what is in the topic already is left out', () => {
  const batch = batchOf([['a1', 'b1', 'a2', 'b2']])
  assert.deepEqual(written(batch, { from: 2 }), ['a=a2\n', 'b=b2\n'])
  assert.deepEqual(written(batch, { from: 4 }), [])
})

test('a record that was read in part is dropped, and comes again', () => {
  const batch = batchOf([['a1', 'b1', 'a2']])
  batch.dropFrom(1)
  assert.deepEqual(written(batch), ['a=a1\n'])
  batch.add(keyOf('b'), 0, 2, 1)
  batch.takeBytes(Buffer.from('b1\n'))
  assert.deepEqual(written(batch), ['a=a1\n', 'b=b1\n'])
  batch.dropFrom(0)
  assert.deepEqual(written(batch), [])
})

test('a batch that was cleared is as good as new', () => {
  const batch = batchOf([['a1', 'b1']])
  batch.clear()
  assert.deepEqual(written(batch), [])
  batch.add(keyOf('c'), 0, 2, 7)
  batch.takeBytes(Buffer.from('c1\n'))
  assert.deepEqual(written(batch), ['c=c1\n'])
})

test('keys that were made twice are the same key', () => {
  const lines = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'grapheme' })), { maxLength: 60 })
  const chunked = lines.map(list => list.map(([key, text]) => key + text.replaceAll('\n', '')))
  fc.assert(
    fc.property(
      fc.array(chunked, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 80 }),
      (chunks, maxBytes) => {
        const byKey = new Map<string, string>()
        const sizes: number[] = []
        // Characters beyond ASCII are longer than their text: such chunks are cut by bytes.
        const ascii = chunks.map(list => list.map(line => line.replace(/[^ -~]/g, '?')))
        for (const message of messagesOf(batchOf(ascii), { from: 0, maxBytes, room: new MessageRoom() })) {
          byKey.set(message.key.text, (byKey.get(message.key.text) ?? '') + message.value.toString())
          sizes.push(message.value.toString().split('\n').length > 2 ? message.value.length : 0)
        }
        const wanted = Object.groupBy(ascii.flat(), line => line.slice(0, 1))
        assert.deepEqual(
          Object.fromEntries(byKey),
          Object.fromEntries(
            Object.entries(wanted).map(([key, list]) => [key, (list ?? []).map(line => `${line}\n`).join('')]),
          ),
        )
        assert.ok(sizes.every(size => size <= maxBytes))
      },
    ),
  )
})
