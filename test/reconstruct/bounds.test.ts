// Rule 11 of the contract, docs/semantics.md §9: what happens where there is too much of something.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reconstruct } from '../app/run-batch.ts'
import { end, metricsRow, playScenarios, row, start } from './scenario.ts'

/** Ids of every length around the places where they are stored in another way. */
const longIds = [31, 32, 35, 36, 39, 40, 41, 63, 64, 65, 127, 128, 129, 255, 256].map(length =>
  `1-65a24fa0-${'0b44b15d431a6b32cc8c'.repeat(20)}`.slice(0, length),
)

playScenarios([
  ...longIds.map(id => ({
    name: `an id of ${id.length} bytes is an id like others`,
    records: [start(id), 'x', end(id), start(`${id.slice(0, -1)}z`), end(id), start(id), end(id)],
    attempts: [
      { requestId: id, attempt: 0, lines: 1, flags: ['duplicateMarkers', 'retried'] },
      { requestId: id, attempt: 1, lines: 0, flags: ['retried'] },
      { requestId: `${id.slice(0, -1)}z`, status: 'incomplete' },
    ],
  })),
  {
    name: 'beyond maxOpen the oldest open attempt is given out',
    records: [start('a'), start('b'), start('c'), end('b'), end('c')],
    maxOpen: 2,
    attempts: [
      { requestId: 'a', status: 'incomplete', closedBy: 'evicted', flags: ['missingEnd', 'evicted'], revision: 1 },
      { requestId: 'b', status: 'ok', flags: [] },
      { requestId: 'c', status: 'ok', flags: [] },
    ],
  },
  {
    name: 'the End of an evicted attempt that still waits is its End',
    records: [start('a'), start('b'), start('c'), end('a')],
    maxOpen: 2,
    attempts: [
      { requestId: 'a', status: 'ok', closedBy: 'end', flags: ['lateEnd', 'evicted'] },
      { requestId: 'b', closedBy: 'eof' },
      { requestId: 'c', closedBy: 'eof' },
    ],
  },
  {
    name: 'an evicted attempt makes room on its stream, too',
    records: [start('a'), start('b'), 'of b', end('b')],
    maxOpen: 1,
    attempts: [{ lines: 0, closedBy: 'evicted' }, { lines: 1 }],
    ledger: { unattached: 0 },
  },
])

test('more than 256 bytes of an id are still that id', async () => {
  const id = `1-65a24fa0-${'0b44b15d431a6b32cc8c'.repeat(20)}`.slice(0, 300)
  const { attempts, ledger } = await reconstruct({ inputs: [`${start(id)}\n${end(id)}\n`] })
  assert.equal(ledger.unaccounted, 0)
  assert.equal(attempts.length, 1)
})

test('very many attempts of one id are numbered, and fast', async () => {
  const count = 20_000
  const records: string[] = []
  for (let i = 0; i < count; i++) records.push(start('a'), end('a'))
  const startMs = performance.now()
  const { attempts, ledger } = await reconstruct({ inputs: [records.map(record => `${record}\n`).join('')] })
  assert.ok(performance.now() - startMs < 10_000)
  assert.equal(ledger.attached, count * 2)
  assert.deepEqual(
    attempts.map(attempt => attempt.attempt),
    attempts.map((_, index) => index),
  )
  assert.equal(attempts.length, count)
})

test('very many open attempts of one id on as many instances, and their rows', async () => {
  const count = 5_000
  const records: string[] = []
  for (let i = 0; i < count; i++) records.push(row(i * 10, start('a'), { instanceID: `c-${i}` }))
  for (let i = 0; i < count; i++) records.push(metricsRow('a', i * 10, 5, { instanceID: `c-${i}` }))
  const startMs = performance.now()
  const { ledger } = await reconstruct({ inputs: [records.map(record => `${record}\n`).join('')] })
  assert.ok(performance.now() - startMs < 10_000)
  assert.equal(ledger.received, count * 2)
  assert.equal(ledger.unaccounted, 0)
})

test('very many attempts without an id on one stream', async () => {
  const count = 10_000
  const records = Array.from({ length: count }, () => `${start('None')}\n`).join('')
  const startMs = performance.now()
  const { ledger } = await reconstruct({ inputs: [records, `${`${end('None')}\n`.repeat(count)}`], maxOpen: 100_000 })
  assert.ok(performance.now() - startMs < 10_000)
  assert.equal(ledger.unaccounted, 0)
})

test('very many open attempts on one instance, with lines of nobody between them', async () => {
  const count = 10_000
  const records: string[] = []
  for (let i = 0; i < count; i++) records.push(row(i, start(`id-${i}`)), row(i, 'whose?'))
  const startMs = performance.now()
  const { ledger } = await reconstruct({ inputs: [records.map(record => `${record}\n`).join('')], maxOpen: 100_000 })
  assert.ok(performance.now() - startMs < 10_000)
  assert.deepEqual([ledger.attached, ledger.unattached], [count + 1, count - 1])
})
