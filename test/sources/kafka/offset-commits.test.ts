// What the group is told, and when: with a group that is played.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeldPartition } from '../../../src/sources/kafka/held-partition.ts'
import { OffsetCommits } from '../../../src/sources/kafka/offset-commits.ts'

type Answer = 'taken' | 'UNKNOWN_MEMBER_ID' | 'COORDINATOR_LOAD_IN_PROGRESS'

function makeCommits(answers: Answer[] = []) {
  const sent: string[] = []
  const said: string[] = []
  const state = { isOpen: true, nowMs: 0 }
  const commits = new OffsetCommits({
    source: 'kafka',
    group: 'g',
    sender: () =>
      state.isOpen
        ? async offsets => {
            const shown = (offsets?.topics ?? []).flatMap(({ topic, partitions }) =>
              partitions.map(({ partition, offset }) => `${topic}-${partition}=${offset}`),
            )
            sent.push(shown.join(' '))
            state.nowMs += 100
            await Promise.resolve()
            const answer = answers.shift() ?? 'taken'
            if (answer !== 'taken') throw Object.assign(new Error(answer), { type: answer })
          }
        : null,
    log: { write: (_severity, event) => said.push(event) },
  })
  const flush = (ms = 10_000): Promise<void> => commits.flush({ untilMs: state.nowMs + ms, nowMs: () => state.nowMs })
  return { commits, sent, said, state, flush }
}

const partition = (id: number, committed: string | null = null): HeldPartition =>
  new HeldPartition('kafka', { topic: 't', partition: id, low: '0', high: '100', committed })

test('partitions are told of together, with the newest of what was noted', async () => {
  const { commits, sent, flush } = makeCommits()
  const [a, b] = [partition(0), partition(1)]
  commits.note(a, 5)
  commits.note(b, 7)
  commits.note(a, 9)
  await flush()
  await flush()
  assert.deepEqual(sent, ['t-0=9 t-1=7'])
  commits.stop()
})

test('nothing goes backwards, and nothing is said twice', async () => {
  const { commits, sent, flush } = makeCommits()
  const [a, b] = [partition(0, '20'), partition(1)]
  commits.note(a, 10)
  commits.note(a, 20)
  commits.note(b, 10)
  await flush()
  commits.note(b, 9)
  commits.note(b, 10)
  await flush()
  assert.deepEqual(sent, ['t-1=10'])
  commits.stop()
})

test('what the group was made to forget is told again', async () => {
  const { commits, sent, flush } = makeCommits()
  const a = partition(0, '20')
  commits.tellAgain(a, 20)
  await flush()
  commits.tellAgain(a, -1)
  await flush()
  assert.deepEqual(sent, ['t-0=20'])
  commits.stop()
})

test('what fails is tried again, with what came since', async () => {
  const { commits, sent, flush } = makeCommits(['COORDINATOR_LOAD_IN_PROGRESS'])
  const a = partition(0)
  commits.note(a, 5)
  const flushed = flush()
  commits.note(a, 6)
  await flushed
  assert.deepEqual(sent, ['t-0=5', 't-0=6'])
  commits.stop()
})

test('until there is no time left', async () => {
  const { commits, sent, flush } = makeCommits(['COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_LOAD_IN_PROGRESS'])
  commits.note(partition(0), 5)
  await flush(50)
  assert.deepEqual(sent, ['t-0=5'])
  commits.stop()
})

test('a group that does not know this member is not told again', async () => {
  const { commits, sent, said, flush } = makeCommits(['UNKNOWN_MEMBER_ID'])
  commits.note(partition(0), 5)
  await flush()
  await flush()
  assert.deepEqual(sent, ['t-0=5'])
  assert.deepEqual(said, [])
  commits.stop()
})

test('without a way to the group nothing waits', async () => {
  const { commits, sent, state, flush } = makeCommits()
  state.isOpen = false
  commits.note(partition(0), 5)
  await flush()
  assert.deepEqual(sent, [])
  commits.stop()
})

test('what was given up is not told any more', async () => {
  const { commits, sent, flush } = makeCommits()
  const [a, b] = [partition(0), partition(1)]
  commits.note(a, 5)
  commits.note(b, 5)
  commits.forget([a])
  await flush()
  assert.deepEqual(sent, ['t-1=5'])
  commits.stop()
})
