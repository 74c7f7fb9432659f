// What is said about failures, and how seldom; and moves that are taken back before the worker hears of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SlsError, type SlsFailureKind } from '../../../src/sources/sls/client/sls-api.ts'
import { MoveQueue } from '../../../src/sources/sls/move-queue.ts'
import { Troubles } from '../../../src/sources/sls/troubles.ts'

const failure = (kind: SlsFailureKind, code = 'Code'): SlsError =>
  new SlsError({ code, status: 500, requestId: 'R1', kind, message: 'why' })

function watched(): { troubles: Troubles; said: string[]; pass: (ms: number) => void } {
  let now = 0
  const said: string[] = []
  const log = {
    write: (_severity: string, event: string, _text: object, fields: Readonly<Record<string, unknown>> = {}) => {
      said.push(
        `${event} ${String(fields['task'] ?? fields['code'])} ${String(fields['shards'] ?? fields['count'] ?? '')}`.trim(),
      )
    },
  }
  const troubles = new Troubles({ log, source: 'logs', monotonicMs: () => now })
  return { troubles, said, pass: ms => (now += ms) }
}

test('one failure is nothing, three in a row are told, and that it works again', () => {
  const { troubles, said, pass } = watched()
  troubles.failed('pull', failure('retry'), 1)
  troubles.succeeded('pull', 1)
  for (let i = 0; i < 3; i += 1) troubles.failed('pull', failure('retry'), 1)
  for (let i = 0; i < 50; i += 1) troubles.failed('pull', failure('retry'), 2)
  assert.deepEqual(said, ['slsFailing pull 1'])
  pass(60_000)
  troubles.failed('pull', failure('retry'), 2)
  troubles.succeeded('pull', 1)
  assert.deepEqual(said.splice(0), ['slsFailing pull 1', 'slsFailing pull 2'])
  troubles.succeeded('pull', 2)
  troubles.succeeded('pull', 2)
  assert.deepEqual(said, ['slsRecovered pull'])
})

test('what does not pass by itself is told at once', () => {
  const { troubles, said } = watched()
  troubles.failed('heartbeat', failure('denied'))
  assert.deepEqual(said, ['slsFailing heartbeat 1'])
})

test('limits of the service are counted, and told once a minute', () => {
  const { troubles, said, pass } = watched()
  for (let i = 0; i < 10; i += 1) troubles.failed('pull', failure('quota', 'ShardReadQuotaExceed'), i)
  pass(60_000)
  troubles.failed('pull', failure('quota', 'ReadQuotaExceed'), 0)
  assert.deepEqual(said, ['slsThrottled ShardReadQuotaExceed 1', 'slsThrottled ReadQuotaExceed 10'])
})

test('a shard that is not ours any more does not fail', () => {
  const { troubles, said } = watched()
  for (let i = 0; i < 3; i += 1) troubles.failed('checkpoint', failure('retry'), 1)
  troubles.forget(1)
  for (let i = 0; i < 2; i += 1) troubles.failed('checkpoint', failure('retry'), 2)
  assert.deepEqual(said, ['slsFailing checkpoint 1'])
})

test('an assignment is taken back as long as nobody has heard of it', () => {
  let wakes = 0
  const moves = new MoveQueue(() => {
    wakes += 1
  })
  const assigned = { kind: 'assigned', partition: '1', position: 5, isFromGroup: true, first: 0 } as const
  moves.push(assigned)
  assert.deepEqual(moves.take(), [assigned])
  assert.equal(moves.withdraw('1'), false)
  moves.push({ kind: 'lost', partition: '1' })
  moves.push(assigned)
  moves.push({ ...assigned, partition: '2' })
  assert.equal(moves.withdraw('1'), true)
  assert.equal(moves.isPending('1'), true)
  assert.deepEqual(
    moves.take().map(({ kind, partition }) => `${kind} ${partition}`),
    ['lost 1', 'assigned 2'],
  )
  assert.equal(moves.isEmpty, true)
  assert.equal(wakes, 4)
})
