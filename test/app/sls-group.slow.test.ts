// fcscope and a consumer written with an official SDK in one consumer group of a Logstore, while rows come in without end: shards
// are divided between them, either gets all of them when the other dies or stops, and every row is consumed.
import assert from 'node:assert/strict'
import { before, describe, type TestContext, test } from 'node:test'
import { missingSdk, prepareConsumer, type Sdk } from '../services/sls-consumer.ts'
import { missingFake } from '../sources/sls/sls-fake.ts'
import { withoutChdb } from '../store/temporary-store.ts'
import type { AttemptJson } from './run-batch.ts'
import { compareConsumed } from './sls-group/compare-consumed.ts'
import { SharedGroup, shards } from './sls-group/shared-group.ts'
import { query } from './worker/stored.ts'

const divisions = {
  both: { fcscope: shards / 2, sdk: shards / 2 },
  fcscope: { fcscope: shards, sdk: 0 },
  sdk: { fcscope: 0, sdk: shards },
} as const

/** Whose shards they are now. What follows relies on rows that were consumed where `isFollowed`. */
interface Step {
  readonly what: string
  readonly act: (group: SharedGroup) => unknown
  readonly division: keyof typeof divisions
  readonly isFollowed: boolean
}

const steps: readonly Step[] = [
  { what: 'fcscope comes first', act: group => group.start('fcscope'), division: 'fcscope', isFollowed: true },
  { what: 'the SDK joins', act: group => group.start('sdk'), division: 'both', isFollowed: true },
  { what: 'the SDK is killed', act: group => group.end('sdk', 'SIGKILL'), division: 'fcscope', isFollowed: true },
  { what: 'the SDK comes back', act: group => group.start('sdk'), division: 'both', isFollowed: true },
  { what: 'fcscope is killed', act: group => group.end('fcscope', 'SIGKILL'), division: 'sdk', isFollowed: true },
  { what: 'fcscope comes back', act: group => group.start('fcscope'), division: 'both', isFollowed: true },
  { what: 'the SDK stops', act: group => group.end('sdk', 'SIGTERM'), division: 'fcscope', isFollowed: false },
  { what: 'the SDK comes again', act: group => group.start('sdk'), division: 'both', isFollowed: false },
  { what: 'fcscope stops', act: group => group.end('fcscope', 'SIGTERM'), division: 'sdk', isFollowed: false },
  { what: 'fcscope comes again', act: group => group.start('fcscope'), division: 'both', isFollowed: true },
]

/** Nobody has said what the service does with the farewell of a consumer that stops: an empty heartbeat. */
const cases: readonly { readonly sdk: Sdk; readonly answer: string; readonly flags: readonly string[] }[] = [
  { sdk: 'go', answer: 'frees the shards at once', flags: [] },
  { sdk: 'python', answer: 'keeps them until the time is over', flags: ['--release-on-empty-heartbeat=false'] },
]

describe('fcscope and an official SDK in one group', { skip: missingFake || withoutChdb, concurrency: true }, () => {
  const commands = new Map<Sdk, readonly string[]>()
  before(() => {
    for (const { sdk } of cases) if (missingSdk(sdk) === false) commands.set(sdk, prepareConsumer(sdk))
  })

  for (const { sdk, answer, flags } of cases) {
    test(`${sdk}; a farewell ${answer}`, { skip: missingSdk(sdk), timeout: 300_000 }, async t => {
      const group = await SharedGroup.open(t, commands.get(sdk) ?? [], flags)
      group.traffic.start()
      for (const step of steps) await take(t, group, step)
      await group.traffic.stop()
      await group.consumed()
      await mustBeRight(group)
      await group.end('fcscope', 'SIGTERM')
      await group.stage.clear()
    })
  }
})

async function take(t: TestContext, group: SharedGroup, { what, act, division, isFollowed }: Step): Promise<void> {
  await act(group)
  const ms = await group.divided(divisions[division])
  t.diagnostic(`${what}: ${(ms / 1000).toFixed(1)} s until the shards are divided (${division})`)
  if (isFollowed) await group.consumed()
}

async function mustBeRight(group: SharedGroup): Promise<void> {
  const { stage, traffic, kills } = group
  const lines = await query<{ id: string; n: string }>(
    stage.folder,
    "SELECT splitByChar(' ', Body)[2] AS id, count() AS n FROM otel_logs GROUP BY id",
  )
  const attempts = await query<AttemptJson>(stage.folder, 'SELECT * FROM invocations')
  const stored = new Map(lines.map(({ id, n }) => [id, Number(n)]))
  const printed = new Set(group.printed.map(({ id }) => id))
  const faults = compareConsumed({ sent: traffic.sent, printed, stored, attempts, kills })
  assert.deepEqual(faults.slice(0, 12), [], `${faults.length} faults in ${stage.folder}`)
  // What was taken from it was always asked for, and given up in order.
  assert.deepEqual(group.events.filter(({ event }) => event === 'slsShardsLost').length, 0)
  // Every row, those included that the store has not as lines.
  const metrics = await group.metrics()
  const counted = metrics.sum('fcscope_records_total')
  const sent = traffic.sent.flat().length
  const twice = kills.reduce((sum, { from, to }) => sum + to - from, 0)
  assert.equal(metrics.sum('fcscope_unaccounted_records'), 0)
  const both = counted + printed.size - sent
  assert.ok(both >= 0 && both <= twice, `${counted} by fcscope, ${printed.size} by the SDK, ${sent} sent`)
}
