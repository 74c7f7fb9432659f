// What the worker is told of its partitions, and where each goes on when its place is gone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HeldPartition, nameOf } from '../../../src/sources/kafka/held-partition.ts'
import { HeldPartitions } from '../../../src/sources/kafka/held-partitions.ts'
import { findLostPlace } from '../../../src/sources/kafka/lost-place.ts'

const place = (partition: number, committed: string | null = null) => ({
  topic: 'a-b',
  partition,
  low: '5',
  high: '20',
  committed,
})
const make = (startAt: 'beginning' | 'end' = 'beginning') =>
  new HeldPartitions({ source: 'kafka', startAt, wake: () => {} })
const known = new Set([0, 1, 2].map(partition => nameOf('a-b', partition)))
const kinds = (held: HeldPartitions): readonly string[] =>
  held.takeMoves().map(({ kind, partition }) => `${kind} ${partition}`)

test('the group says where reading goes on, else the options', () => {
  for (const [startAt, position] of [
    ['beginning', 5],
    ['end', 20],
  ] as const) {
    const held = make(startAt)
    held.assign([place(0, '7'), place(1), place(9)], { known, ends: null })
    assert.deepEqual(held.takeMoves(), [
      { kind: 'assigned', partition: 'a-b-0', position: 7, isFromGroup: true, first: 5 },
      { kind: 'assigned', partition: 'a-b-1', position, isFromGroup: false, first: 5 },
      // Added since the start: all of it is new.
      { kind: 'assigned', partition: 'a-b-9', position: 5, isFromGroup: false, first: 5 },
    ])
    assert.deepEqual(held.takeMoves(), [])
  }
})

test('with --once partitions end where they ended at the start', () => {
  const held = make()
  held.assign([place(0), place(1)], { known, ends: new Map([['a-b-0', '12']]) })
  assert.deepEqual(
    [...held.all()].map(({ end }) => end),
    [12, 20],
  )
})

test('partitions that are revoked stay until they are let go', () => {
  const held = make()
  held.assign([place(0), place(1)], { known, ends: null })
  held.takeMoves()
  held.revoke()
  held.revoke()
  assert.deepEqual(kinds(held), ['revoked a-b-0', 'revoked a-b-1'])
  const first = held.of('a-b-0')
  assert.equal(first?.state, 'leaving')
  held.letGo(first as HeldPartition)
  assert.equal(held.size, 1)
})

test('what the worker never heard of is neither revoked nor lost', () => {
  for (const end of ['revoke', 'lose'] as const) {
    const held = make()
    held.assign([place(0)], { known, ends: null })
    held[end]()
    assert.deepEqual(kinds(held), [])
    assert.equal(held.size, 0)
  }
})

test('partitions may be lost after they were revoked', () => {
  const held = make()
  held.assign([place(0)], { known, ends: null })
  held.takeMoves()
  held.revoke()
  held.lose()
  assert.deepEqual(kinds(held), ['revoked a-b-0', 'lost a-b-0'])
  assert.equal(held.size, 0)
})

const gone: readonly [title: string, from: number, to: number, event: string | null][] = [
  ['removed by retention', 3, 5, 'kafkaRecordsGone'],
  ['still there', 10, 10, null],
  ['at the end', 20, 20, null],
  ['behind the end', 21, 20, 'kafkaLogIsShorter'],
]
for (const [title, from, to, event] of gone) {
  test(`a place that is ${title}`, () => {
    const said: string[] = []
    const held = make()
    held.assign([place(0, String(from))], { known, ends: null })
    const partition = held.of('a-b-0')
    assert.ok(partition)
    const log = { write: (_severity: string, name: string) => said.push(name) }
    assert.equal(findLostPlace(partition, { low: 5, high: 20 }, { source: 'kafka', log }), to)
    assert.deepEqual(said, event === null ? [] : [event])
  })
}
