// How partitions are divided: all of them, evenly, and with as few moves as that allows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import kafkajs from 'kafkajs'
import { type Assignment, divide, type Member, stickyAssigner } from '../../../src/sources/kafka/sticky-assigner.ts'

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const member = (id: string, had: Assignment = {}, topics: readonly string[] = ['t']): Member => ({ id, topics, had })
const divided = (members: readonly Member[], partitions: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    [...divide(members, new Map(Object.entries(partitions).map(([topic, count]) => [topic, range(count)])))].map(
      ([id, assignment]) => [id, { ...assignment }],
    ),
  )

const cases: readonly [
  title: string,
  members: readonly Member[],
  partitions: Readonly<Record<string, number>>,
  wanted: Readonly<Record<string, Assignment>>,
][] = [
  ['one member has all', [member('a')], { t: 3 }, { a: { t: [0, 1, 2] } }],
  ['new members take turns', [member('b'), member('a')], { t: 3 }, { a: { t: [0, 2] }, b: { t: [1] } }],
  [
    'who comes gets what others have too much',
    [member('a', { t: [0, 1, 2, 3] }), member('b')],
    { t: 4 },
    { a: { t: [0, 1] }, b: { t: [2, 3] } },
  ],
  [
    'who stays keeps what it had',
    [member('a', { t: [1, 3] }), member('c', { t: [4] })],
    { t: 5 },
    { a: { t: [1, 3, 2] }, c: { t: [4, 0] } },
  ],
  [
    'more members than partitions',
    [member('a', { t: [0] }), member('b'), member('c', { t: [1] })],
    { t: 2 },
    { a: { t: [0] }, b: {}, c: { t: [1] } },
  ],
  [
    'two who say that they had the same',
    [member('a', { t: [0, 1] }), member('b', { t: [0, 1] })],
    { t: 2 },
    { a: { t: [0] }, b: { t: [1] } },
  ],
  ['what is not there any more is not given', [member('a', { t: [0, 7] })], { t: 1 }, { a: { t: [0] } }],
  [
    'a topic goes to those who read it',
    [member('a', {}, ['t', 'u']), member('b', {}, ['t'])],
    { t: 2, u: 2 },
    { a: { t: [0], u: [0, 1] }, b: { t: [1] } },
  ],
]
for (const [title, members, partitions, wanted] of cases) {
  test(title, () => assert.deepEqual(divided(members, partitions), wanted))
}

test('every partition has one member, none has two more than another, and most stay', () => {
  const input = fc.record({
    count: fc.integer({ min: 0, max: 30 }),
    sizes: fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 1, maxLength: 6 }),
  })
  fc.assert(
    fc.property(input, ({ count, sizes }) => {
      let from = 0
      const members = sizes.map((size, i) => {
        const had = range(size).map(each => from + each)
        from += size
        return member(`m${i}`, { t: had })
      })
      const assignments = divide(members, new Map([['t', range(count)]]))
      const all = [...assignments.values()].flatMap(({ t = [] }) => t)
      assert.deepEqual(
        all.toSorted((a, b) => a - b),
        range(count),
      )
      const sizesNow = [...assignments.values()].map(({ t = [] }) => t.length)
      assert.ok(Math.max(...sizesNow) - Math.min(...sizesNow) <= 1)
      const least = Math.floor(count / members.length)
      for (const { id, had } of members) {
        const stillThere = (had['t'] ?? []).filter(each => each < count)
        const kept = (assignments.get(id)?.['t'] ?? []).filter(each => stillThere.includes(each))
        assert.ok(kept.length >= Math.min(stillThere.length, least), id)
      }
    }),
  )
})

test('members tell each other what they had, and a leader understands them', async () => {
  const joins: string[] = []
  const assigner = stickyAssigner({
    protocol: kafkajs.AssignerProtocol,
    beforeJoin: () => joins.push('joins'),
    had: () => ({ t: [1] }),
  })({
    groupId: 'g',
    // Only this is asked of it.
    cluster: { findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }] } as never,
    logger: {} as never,
  })
  const own = assigner.protocol({ topics: ['t'] })
  const other = kafkajs.AssignerProtocol.MemberMetadata.encode({
    version: 0,
    topics: ['t'],
    userData: Buffer.from('no JSON'),
  })
  const assignments = await assigner.assign({
    members: [
      { memberId: 'a', memberMetadata: other },
      { memberId: 'b', memberMetadata: own.metadata },
    ],
    topics: ['t'],
  })
  const read = assignments.map(({ memberId, memberAssignment }) => {
    const decoded = kafkajs.AssignerProtocol.MemberAssignment.decode(memberAssignment)
    return [memberId, decoded?.assignment]
  })
  assert.deepEqual(read, [
    ['a', { t: [0] }],
    ['b', { t: [1] }],
  ])
  assert.deepEqual(joins, ['joins'])
})
