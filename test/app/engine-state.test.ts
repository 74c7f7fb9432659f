// What an engine saves that reads partitions: whoever loads it reads them again.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WorkerEngine } from '../../src/app/worker-engine.ts'
import { type PartitionChunk, recordPosition } from '../../src/model/partitioned-source.ts'
import { usualEngine } from './usual-engine.ts'

const row = (message: string): string =>
  `{"__time__":"1736928000","__topic__":"FCLogs:f","functionName":"f","instanceID":"i","message":"${message}"}\n`
const [done, open] = ['5b2a2720-8b6b-4d34-ada3-b3edc63bce5b', '6c2a2720-8b6b-4d34-ada3-b3edc63bce5c']
const traffic = [
  row(`FC Invoke Start RequestId: ${done}`),
  row(`FC Invoke End RequestId: ${done}`),
  row(`FC Invoke Start RequestId: ${open}`),
].join('')

function createEngine(given: string[] = [], counted: string[] = []): WorkerEngine {
  const engine = new WorkerEngine({
    ...usualEngine,

    attemptRows: {
      rows: 0,
      add: ({ requestId }, { revision }) => given.push(`${requestId?.slice(0, 2)} ${revision}`),
      withdraw: () => {},
    },
    attemptCounter: {
      take: ({ requestId }, { isFirst }) => {
        counted.push(`${requestId?.slice(0, 2)} ${isFirst ? 'first' : 'again'}`)
        return true
      },
      measure: () => {},
      passOver: () => true,
    },
  })
  engine.setTime(Date.UTC(2026, 0, 1))
  return engine
}

function take(engine: WorkerEngine, text: string, partition: string | null): void {
  const length = Buffer.from(text).copy(engine.window)
  const stream = { id: `00000000000000a${partition ?? '9'}`, label: 'logs' }
  const chunk = { stream, position: 0, length, isLast: false }
  const records = {
    count: 1,
    ends: Uint32Array.of(length),
    numbers: Float64Array.of(5),
    skipped: 0,
    isCut: false,
  }
  const shared = (name: string): PartitionChunk => ({
    ...chunk,
    position: recordPosition(5, 0),
    records: { ...records, partition: name },
  })
  assert.equal(engine.take(partition === null ? chunk : shared(partition), 'sls', 'k'), length)
  engine.giveClosed()
}

const loaded = (from: WorkerEngine, given: string[] = [], counted: string[] = []): WorkerEngine => {
  const engine = createEngine(given, counted)
  engine.load(Buffer.from(from.save()))
  engine.abandon(home => home !== '')
  return engine
}

test('of partitions only what was given out is saved', () => {
  const before = createEngine()
  take(before, traffic, '1')
  const given: string[] = []
  const counted: string[] = []
  const engine = loaded(before, given, counted)
  assert.deepEqual([engine.openAttempts, engine.hasWaiting], [0, false])
  assert.deepEqual(engine.ledger.report(), before.ledger.report())
  take(engine, traffic, '1')
  // Somebody else may have given it out in between, knowing less: it is a revision, and not counted as another one.
  assert.deepEqual([given, counted], [['5b 2'], ['5b again']])
  assert.equal(engine.openAttempts, 1)
})

test('what is of no partition is saved whole, also beside what is of one', () => {
  for (const partitions of [[null], [null, '1'], ['1', null]]) {
    const before = createEngine()
    for (const partition of partitions) take(before, traffic, partition)
    const engine = loaded(before)
    // The stream of an instance is that of whoever spoke of it last.
    assert.equal(engine.openAttempts, partitions.at(-1) === null ? 1 : 0, partitions.join())
    assert.ok(engine.save().length > loaded(createEngine()).save().length)
  }
})

test('an engine that has seen nothing is saved with its time', () => {
  const engine = loaded(createEngine())
  take(engine, row(`FC Invoke Start RequestId: ${open}`), null)
  engine.giveDue()
  assert.equal(engine.openAttempts, 1, 'not silent for years')
})
