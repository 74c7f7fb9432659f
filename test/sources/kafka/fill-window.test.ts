// How messages become chunks: cuts, stops, rests, records without bytes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { numbersPerStream, type PartitionChunk, recordPosition } from '../../../src/model/partitioned-source.ts'
import { WindowFiller } from '../../../src/sources/kafka/fill-window.ts'
import type { HeldPartition } from '../../../src/sources/kafka/held-partition.ts'
import { MessageRenderer } from '../../../src/sources/kafka/render-message.ts'
import { messagesOf, reading, type Values } from './messages.ts'

const makeFiller = () => new WindowFiller(new MessageRenderer({ timed: 'none', keysAreFields: false }))

/** A chunk as data. */
function shown(chunk: PartitionChunk, window: Uint8Array) {
  const { numbers, ends, skipped, isCut, count } = chunk.records
  assert.equal(numbers.length, count)
  assert.equal(ends.length, count)
  const text = Buffer.from(window.subarray(0, chunk.length)).toString('latin1')
  return { text, numbers: [...numbers], ends: [...ends], skipped, isCut, position: chunk.position }
}

/** Chunks until there is nothing, each taken whole. */
function readAll(partition: HeldPartition, windowBytes: number) {
  const filler = makeFiller()
  const window = new Uint8Array(windowBytes)
  const chunks: ReturnType<typeof shown>[] = []
  while (partition.isReadable) {
    const chunk = filler.fill(partition, window)
    chunks.push(shown(chunk, window))
    filler.advance(chunk, chunk.length)
  }
  return chunks
}

const whole = { skipped: 0, isCut: false }

test('messages stand one behind the other', () => {
  assert.deepEqual(readAll(reading({ 5: 'one', 6: 'two\n', 9: 'three' }), 100), [
    { text: 'one\ntwo\nthree\n', numbers: [5, 6, 9], ends: [4, 8, 14], position: recordPosition(5, 0), ...whole },
  ])
})

test('a message that does not fit comes with the next chunk', () => {
  assert.deepEqual(readAll(reading({ 0: 'one', 1: 'two' }), 7), [
    { text: 'one\n', numbers: [0], ends: [4], position: 0, ...whole },
    { text: 'two\n', numbers: [1], ends: [4], position: recordPosition(1, 0), ...whole },
  ])
})

test('a message that fits no window is cut', () => {
  assert.deepEqual(readAll(reading({ 2: 'abcdefgh', 3: 'x' }), 4), [
    { text: 'abcd', numbers: [2], ends: [4], skipped: 0, isCut: true, position: recordPosition(2, 0) },
    { text: 'efgh', numbers: [2], ends: [4], skipped: 4, isCut: true, position: recordPosition(2, 4) },
    { text: '\nx\n', numbers: [2, 3], ends: [1, 3], skipped: 8, isCut: false, position: recordPosition(2, 8) },
  ])
})

test('messages without a value are records without bytes', () => {
  assert.deepEqual(readAll(reading({ 0: null, 1: 'a', 2: null, 3: null }), 2), [
    { text: 'a\n', numbers: [0, 1, 2, 3], ends: [0, 2, 2, 2], position: 0, ...whole },
  ])
  assert.deepEqual(readAll(reading({ 4: null }), 2), [
    { text: '', numbers: [4], ends: [0], position: recordPosition(4, 0), ...whole },
  ])
})

test('no chunk crosses a stop', () => {
  const stops = [2, 3, 100]
  assert.deepEqual(
    readAll(reading({ 0: 'a', 1: 'b', 2: 'c', 4: 'd', 5: 'e' }, 0, stops), 100).map(({ numbers }) => numbers),
    [[0, 1], [2], [4, 5]],
  )
})

test('a stop in a gap is one between its neighbours', () => {
  assert.deepEqual(
    readAll(reading({ 0: 'a', 9: 'b' }, 0, [5]), 100).map(({ numbers }) => numbers),
    [[0], [9]],
  )
})

test('nothing is read from the end on', () => {
  const partition = reading({ 0: 'a', 1: 'b', 2: 'c' })
  partition.end = 2
  assert.deepEqual(
    readAll(partition, 100).map(({ text }) => text),
    ['a\nb\n'],
  )
  assert.equal(partition.isAtEnd, true)
})

test('reading begins at its number, whatever is fetched', () => {
  assert.deepEqual(
    readAll(reading({ 3: 'a', 4: 'b', 5: 'c' }, 4), 100).map(({ numbers }) => numbers),
    [[4, 5]],
  )
  assert.deepEqual(
    readAll(reading({ 3: 'a', 7: 'b', 9: 'c' }, 8), 100).map(({ numbers }) => numbers),
    [[9]],
  )
})

test('messages that come twice are read once', () => {
  const partition = reading({ 0: 'a', 1: 'b' })
  partition.take(messagesOf({ 0: 'a', 1: 'b' }), 2)
  partition.take(messagesOf({ 1: 'b', 2: 'c' }), 3)
  assert.deepEqual(
    readAll(partition, 100).map(({ numbers }) => numbers),
    [[0, 1, 2]],
  )
})

test('a new stream begins after so many numbers, as the continuation of the one before', () => {
  const last = numbersPerStream - 1
  const filler = makeFiller()
  const window = new Uint8Array(100)
  const partition = reading({ [last]: 'a', [last + 1]: 'b', [last + 2]: 'c' }, last)
  const first = filler.fill(partition, window)
  filler.advance(first, first.length)
  const second = filler.fill(partition, window)
  assert.deepEqual([...first.records.numbers], [last])
  assert.equal(first.continues, undefined)
  assert.deepEqual([...second.records.numbers], [last + 1, last + 2])
  assert.equal(second.position, 0)
  assert.notEqual(second.stream.id, first.stream.id)
  assert.equal(second.continues, first.stream.id)
})

test('streams are told apart by source, topic and partition, and stay the same', () => {
  const stream = reading({ 0: 'a' }).streamOf(0)
  assert.deepEqual(stream, { id: stream.id, label: 'logs-3' })
  assert.match(stream.id, /^(?!0{16})[0-9a-f]{16}$/)
  assert.equal(reading({ 0: 'a' }).streamOf(numbersPerStream - 1).id, stream.id)
  assert.notEqual(reading({ 0: 'a' }).streamOf(numbersPerStream).id, stream.id)
})

interface Rest {
  readonly title: string
  readonly values: Values
  readonly windowBytes: number
  /** Bytes that are taken of the first chunk. */
  readonly taken: number
  readonly next: Partial<ReturnType<typeof shown>>
}

const rests: readonly Rest[] = [
  {
    title: 'nothing was taken',
    values: { 0: 'a', 1: 'b' },
    windowBytes: 50,
    taken: 0,
    next: { text: 'a\nb\n', numbers: [0, 1], skipped: 0, position: 0 },
  },
  {
    title: 'some records were taken',
    values: { 0: 'a', 1: null, 2: 'b' },
    windowBytes: 50,
    taken: 2,
    next: { text: 'b\n', numbers: [2], skipped: 0, position: recordPosition(2, 0) },
  },
  {
    title: 'some lines of a record were taken',
    values: { 0: 'a', 1: 'b\nc\nd', 2: 'e' },
    windowBytes: 50,
    taken: 4,
    next: { text: 'c\nd\ne\n', numbers: [1, 2], ends: [4, 6], skipped: 2, position: recordPosition(1, 2) },
  },
  {
    title: 'some lines of a cut record were taken',
    values: { 1: 'b\nccc\nd' },
    windowBytes: 5,
    taken: 2,
    next: { text: 'ccc\nd', numbers: [1], ends: [5], skipped: 2, isCut: true, position: recordPosition(1, 2) },
  },
  {
    title: 'a cut record without a line end was taken whole',
    values: { 1: 'abcdef' },
    windowBytes: 5,
    taken: 5,
    next: { text: 'f\n', numbers: [1], ends: [2], skipped: 5, isCut: false, position: recordPosition(1, 5) },
  },
]

for (const { title, values, windowBytes, taken, next } of rests) {
  test(`the rest comes again: ${title}`, () => {
    const partition = reading(values)
    const filler = makeFiller()
    const window = new Uint8Array(windowBytes)
    filler.advance(filler.fill(partition, window), taken)
    const again = shown(filler.fill(partition, window), window)
    assert.deepEqual({ ...again, ...next }, again)
  })
}

test('a window that grew takes a record that was cut before', () => {
  const partition = reading({ 0: 'abcdef' })
  const filler = makeFiller()
  filler.advance(filler.fill(partition, new Uint8Array(4)), 0)
  const window = new Uint8Array(100)
  assert.equal(shown(filler.fill(partition, window), window).text, 'abcdef\n')
})

test('a chunk of a partition that is about to go is let be', () => {
  const partition = reading({ 0: 'a', 1: 'b' })
  const filler = makeFiller()
  const chunk = filler.fill(partition, new Uint8Array(100))
  partition.state = 'leaving'
  partition.queue.clear()
  filler.advance(chunk, 2)
  assert.equal(partition.queue.isEmpty, true)
})

test('every byte has one position, whatever windows and workers do', () => {
  const value = fc.option(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\xff'), maxLength: 12 }), { nil: null })
  const input = fc.record({
    values: fc.array(value, { minLength: 1, maxLength: 30 }),
    gaps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 30, maxLength: 30 }),
    windowBytes: fc.integer({ min: 1, max: 40 }),
    stops: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 3 }),
    shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 }),
    cuts: fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 5 }),
  })
  fc.assert(
    fc.property(input, ({ values, gaps, windowBytes, stops, shares, cuts }) => {
      let number = 0
      const wanted = new Map<number, string>()
      const byNumber = values.map((text, i) => {
        number += gaps[i]!
        const bytes = text === null ? '' : text.endsWith('\n') ? text : `${text}\n`
        for (let at = 0; at < bytes.length; at += 1) wanted.set(recordPosition(number, at), bytes[at]!)
        return [number, text] as const
      })
      const sorted = [...new Set(stops)].toSorted((a, b) => a - b)
      const partition = reading({}, 0, sorted)
      for (let from = 0, i = 0; from < byNumber.length; i += 1) {
        const part = byNumber.slice(from, from + cuts[i % cuts.length]!)
        partition.take(messagesOf(Object.fromEntries(part)), part.at(-1)![0] + 1)
        from += part.length
      }
      const filler = makeFiller()
      const window = new Uint8Array(windowBytes)
      const got = new Map<number, string>()
      for (let i = 0; partition.isReadable; i += 1) {
        const chunk = filler.fill(partition, window)
        const { text, numbers, ends, skipped, isCut } = shown(chunk, window)
        assert.equal(ends.at(-1), chunk.length)
        assert.ok(sorted.every(stop => numbers[0]! >= stop || numbers.at(-1)! < stop))
        // A worker takes what it likes, but everything of a piece without a line end.
        const share = Math.ceil(chunk.length * shares[i % shares.length]!)
        const taken = isCut && !text.includes('\n') ? chunk.length : Math.max(share, 1)
        numbers.forEach((each, record) => {
          const begin = record === 0 ? -skipped : ends[record - 1]!
          for (let at = Math.max(begin, 0); at < Math.min(ends[record]!, taken); at += 1)
            got.set(recordPosition(each, at - begin), text[at]!)
        })
        filler.advance(chunk, Math.min(taken, chunk.length))
      }
      assert.deepEqual(got, wanted)
    }),
    { numRuns: 500 },
  )
})
