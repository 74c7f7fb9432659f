// How a member stays out of the next generation: step by step, with a group that is played.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { KafkaRemark } from '../../../src/lib/kafka/kafka-log.ts'
import { RebalanceHold } from '../../../src/sources/kafka/rebalance-hold.ts'

const heartbeatMs = 1000
const sessionTimeoutMs = 5000

/** A hold, and what it told. */
function makeHold(context: TestContext) {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const told: string[] = []
  const state = { isHolding: true, nowMs: 1_000_000, answer: 'REBALANCE_IN_PROGRESS' as string | null, beats: 0 }
  const hold = new RebalanceHold({
    isHolding: () => state.isHolding,
    onRevoked: () => told.push('revoked'),
    onLost: () => {
      told.push('lost')
      state.isHolding = false
    },
    onJoining: () => told.push('joining'),
    nowMs: () => state.nowMs,
    heartbeatMs,
    sessionTimeoutMs,
  })
  hold.useHeartbeat(async () => {
    state.beats += 1
    if (state.answer !== null) throw Object.assign(new Error('no'), { type: state.answer })
  })
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += heartbeatMs) {
      state.nowMs += heartbeatMs
      context.mock.timers.tick(heartbeatMs)
      // The answer comes a little later.
      await settle()
    }
  }
  return { hold, told, state, pass }
}

/** Lets promises follow. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i += 1) await Promise.resolve()
}

const isNotYet = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'REBALANCE_IN_PROGRESS'

const unknownMember: KafkaRemark = {
  severity: 'error',
  namespace: 'Runner',
  text: 'The coordinator is not aware of this member, re-joining the group: no',
  topic: null,
  partition: null,
}

test('a member that holds nothing joins at once', context => {
  const { hold, told, state } = makeHold(context)
  state.isHolding = false
  hold.begin()
  hold.assertMayJoin()
  assert.deepEqual(told, ['joining'])
})

test('one that holds something joins when it was let go, and stays a member meanwhile', async context => {
  const { hold, told, state, pass } = makeHold(context)
  hold.begin()
  for (let i = 0; i < 3; i += 1) assert.throws(() => hold.assertMayJoin(), isNotYet)
  await settle()
  await pass(20 * heartbeatMs)
  assert.equal(state.beats, 21)
  state.isHolding = false
  hold.assertMayJoin()
  hold.joined()
  await pass(3 * heartbeatMs)
  assert.equal(state.beats, 21)
  assert.deepEqual(told, ['revoked', 'joining'])
})

test('also when kafkajs joins again without a word', context => {
  const { hold, told } = makeHold(context)
  assert.throws(() => hold.assertMayJoin(), isNotYet)
  assert.deepEqual(told, ['revoked'])
})

test('and when the group did not even change', async context => {
  const { hold, told, state, pass } = makeHold(context)
  state.answer = null
  hold.begin()
  await pass(20 * heartbeatMs)
  assert.deepEqual(told, ['revoked'])
})

for (const answer of ['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION']) {
  test(`what is held is lost when the group says ${answer}`, async context => {
    const { hold, told, state, pass } = makeHold(context)
    hold.begin()
    await pass(2 * heartbeatMs)
    state.answer = answer
    await pass(heartbeatMs)
    hold.assertMayJoin()
    assert.deepEqual(told, ['revoked', 'lost', 'joining'])
  })
}

test('what is held is lost when the group is not heard of for a session', async context => {
  const { hold, told, state, pass } = makeHold(context)
  state.answer = 'REQUEST_TIMED_OUT'
  hold.begin()
  await pass(sessionTimeoutMs)
  assert.deepEqual(told, ['revoked'])
  await pass(heartbeatMs)
  assert.deepEqual(told, ['revoked', 'lost'])
})

test('and when nobody could ever tell', async context => {
  const { hold, told, pass } = makeHold(context)
  hold.useHeartbeat(null)
  hold.begin()
  await pass(sessionTimeoutMs + heartbeatMs)
  assert.deepEqual(told, ['revoked', 'lost'])
})

test('what is held is lost at once when the session was over before', context => {
  const { hold, told } = makeHold(context)
  hold.hear(unknownMember)
  hold.assertMayJoin()
  assert.deepEqual(told, ['lost', 'joining'])
})

test('a member that was stopped does not join any more', context => {
  const { hold, told } = makeHold(context)
  hold.begin()
  hold.stop()
  assert.throws(
    () => hold.assertMayJoin(),
    (error: unknown) => error instanceof Error && 'retriable' in error && error.retriable === false,
  )
  assert.deepEqual(told, ['revoked'])
})
