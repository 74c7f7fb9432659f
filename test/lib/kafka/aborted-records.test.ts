// Which records of a fetched partition were aborted. A letter is a producer, its case the kind: small for a record, large for the end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FetchedRecord, hideAborted } from '../../../src/lib/kafka/aborted-records.ts'

const abortKey = new Uint8Array([0, 0, 0, 0])
const commitKey = new Uint8Array([0, 0, 0, 1])

interface Case {
  readonly what: string
  /** From offset `from` on: `a` is a record of producer a, `A` its abort, `+A` its commit, `-` a record outside of transactions. */
  readonly records: string
  readonly from?: number
  /** In the order in which the broker tells them: by their ends. */
  readonly aborted: readonly (readonly [producer: string, firstOffset: number])[]
  /** Offsets that a reader sees. */
  readonly seen: readonly number[]
}

const cases: readonly Case[] = [
  { what: 'nothing was aborted', records: 'a a +A', aborted: [], seen: [0, 1] },
  { what: 'one', records: 'a a A', aborted: [['a', 0]], seen: [] },
  { what: 'one that is not over in what was fetched', records: '- a a', aborted: [['a', 1]], seen: [0] },
  { what: 'one, then one that counts', records: 'a A a +A', aborted: [['a', 0]], seen: [2] },
  { what: 'one that counts, then one', records: 'a +A a A', aborted: [['a', 2]], seen: [0] },
  {
    what: 'two of one producer',
    records: 'a A a +A a A -',
    aborted: [
      ['a', 0],
      ['a', 4],
    ],
    seen: [2, 6],
  },
  {
    what: 'one within another',
    records: 'a b a B A',
    aborted: [
      ['b', 1],
      ['a', 0],
    ],
    seen: [],
  },
  {
    what: 'the last to begin ends first',
    records: 'a b c C B A',
    aborted: [
      ['c', 2],
      ['b', 1],
      ['a', 0],
    ],
    seen: [],
  },
  {
    what: 'one that counts lies among them',
    records: 'a b c C +B A',
    aborted: [
      ['c', 2],
      ['a', 0],
    ],
    seen: [1],
  },
  {
    what: 'several that began before what was fetched',
    records: 'c b a A B C a',
    from: 100,
    aborted: [
      ['a', 60],
      ['b', 40],
      ['c', 50],
    ],
    seen: [106],
  },
  { what: 'records outside of transactions', records: 'a - a - A -', aborted: [['a', 0]], seen: [1, 3, 5] },
  { what: 'a record whose key looks like an abort', records: 'a ! a A', aborted: [['a', 0]], seen: [1] },
]

function recordOf(text: string, offset: number): FetchedRecord {
  const letter = text.replace('+', '')
  const isEnd = /[A-Z]/.test(letter)
  const producerId = letter === '-' || letter === '!' ? '-1' : letter.toLowerCase()
  return {
    offset: String(offset),
    key: isEnd ? (text.startsWith('+') ? commitKey : abortKey) : letter === '!' ? abortKey : null,
    isControlRecord: isEnd,
    batchContext: { producerId, inTransaction: producerId !== '-1' },
  }
}

for (const { what, records, from = 0, aborted, seen } of cases) {
  test(what, () => {
    const messages = records.split(' ').map((text, i) => recordOf(text, from + i))
    const partition = {
      messages,
      abortedTransactions: aborted.map(([producerId, firstOffset]) => ({
        producerId,
        firstOffset: String(firstOffset),
      })),
    }
    hideAborted(partition)
    const left = messages.filter(({ isControlRecord }) => !isControlRecord).map(({ offset }) => Number(offset))
    assert.deepEqual(left, seen)
    assert.deepEqual(partition.abortedTransactions, [])
  })
}

test('records of formats that know no transactions', () => {
  const messages = [{ offset: '0', key: null, isControlRecord: false }]
  hideAborted({ messages, abortedTransactions: null })
  hideAborted({ messages, abortedTransactions: [{ producerId: '1', firstOffset: '0' }] })
  assert.equal(messages[0]?.isControlRecord, false)
})
