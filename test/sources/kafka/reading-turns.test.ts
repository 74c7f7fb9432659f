// Whose turn it is to be read, who rests, and when there is room.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeldPartitions } from '../../../src/sources/kafka/held-partitions.ts'
import { ReadingTurns } from '../../../src/sources/kafka/reading-turns.ts'
import { messagesOf } from './messages.ts'

/** Four partitions; what is done to them is told. */
function makeTurns(options: { maxBufferedBytes?: number; once?: boolean } = {}) {
  const told: string[] = []
  const held = new HeldPartitions({ source: 'kafka', startAt: 'beginning', wake: () => told.push('wake') })
  const places = [0, 1, 2, 3].map(partition => ({ topic: 't', partition, low: '0', high: '10', committed: null }))
  held.assign(places, { known: new Set(), ends: options.once ? new Map() : null })
  const turns = new ReadingTurns({
    held,
    maxBufferedBytes: options.maxBufferedBytes ?? 1_000_000,
    pause: ({ name }) => told.push(`pause ${name}`),
    resume: ({ name }) => told.push(`resume ${name}`),
  })
  const of = (id: number) => {
    const partition = held.of(`t-${id}`)
    assert.ok(partition)
    return partition
  }
  const fetch = (id: number, offset: number): void => of(id).take(messagesOf({ [offset]: 'x' }), offset + 1)
  /** Whose turn it is, and takes one message away. */
  const read = (): string | null => {
    const partition = turns.next()
    partition?.queue.drop(1)
    return partition?.name ?? null
  }
  held.takeMoves()
  told.length = 0
  return { turns, held, of, fetch, read, told }
}

test('partitions take turns', () => {
  const { of, fetch, read } = makeTurns()
  for (const id of [0, 1, 3]) of(id).begin(0, [])
  for (const offset of [0, 1]) for (const id of [0, 1, 3]) fetch(id, offset)
  assert.deepEqual(Array.from({ length: 7 }, read), ['t-0', 't-1', 't-3', 't-0', 't-1', 't-3', null])
})

test('one that was not begun is not read', () => {
  const { fetch, read } = makeTurns()
  fetch(0, 0)
  assert.equal(read(), null)
})

test('those with stops before them are read alone, and the others rest', () => {
  const { turns, of, fetch, read, told } = makeTurns()
  of(0).begin(0, [])
  of(1).begin(0, [2])
  of(2).begin(5, [2])
  turns.settle()
  turns.settle()
  for (const id of [0, 1, 2]) fetch(id, 0)
  assert.deepEqual([read(), read()], ['t-1', null])
  assert.deepEqual(told, ['pause t-0', 'pause t-2'])
  // What is behind was an aborted transaction's.
  of(1).take([], 2)
  turns.settle()
  assert.deepEqual(told.slice(2), ['resume t-0', 'resume t-2'])
  assert.equal(read(), 't-0')
})

test('a stop behind the end of the log does not hold the others up for ever', () => {
  const { turns, of, fetch, read } = makeTurns()
  of(0).begin(0, [])
  of(1).begin(0, [50])
  fetch(0, 0)
  assert.equal(read(), null)
  of(1).take([], 10)
  turns.settle()
  assert.equal(read(), 't-0')
})

test('with --once a partition rests that was fetched to its end', () => {
  const { turns, of, fetch, read, told } = makeTurns({ once: true })
  of(0).begin(0, [])
  fetch(0, 9)
  turns.settle()
  fetch(0, 10)
  assert.deepEqual(told, ['pause t-0'])
  assert.equal(of(0).isAtEnd, false)
  assert.deepEqual([read(), read()], ['t-0', null])
  assert.equal(of(0).isAtEnd, true)
})

test('there is room until so much waits that can be read', async () => {
  const { turns, of, fetch, read } = makeTurns({ maxBufferedBytes: 800 })
  of(0).begin(0, [])
  fetch(0, 0)
  assert.equal(turns.hasRoom, true)
  fetch(0, 1)
  assert.equal(turns.hasRoom, false)
  const told: string[] = []
  const waiting = turns.room(60_000).then(() => told.push('room'))
  read()
  turns.tellRoom()
  await waiting
  assert.deepEqual(told, ['room'])
  assert.equal(turns.hasRoom, true)
})

test('there is room for what is missing, however much waits', () => {
  const { turns, of, fetch } = makeTurns({ maxBufferedBytes: 800 })
  of(0).begin(0, [])
  for (const offset of [0, 1, 2]) fetch(0, offset)
  of(1).begin(0, [5])
  assert.equal(turns.hasRoom, true)
})
