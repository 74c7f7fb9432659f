// Attempts that are given out early and corrected end up as those that were given out once, when everything was known.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { generateAll } from '../generate/run-generator.ts'
import { instanceStreams, merge, mergeOrder } from '../property/instance-streams.ts'
import { assertAlways, fewRuns } from '../property/property-runs.ts'
import { type Followed, type FollowStep, follow } from './following.ts'
import { type AttemptJson, reconstruct } from './run-batch.ts'
import { faultForms, trafficForms } from './traffic-forms.ts'

/** In any order, and without what only a follower knows: how often an attempt was corrected. */
const sorted = (attempts: readonly AttemptJson[]): string[] =>
  attempts.map(attempt => JSON.stringify({ ...attempt, revision: 1 })).sort()

async function assertSameAsBatch(text: string, steps: readonly FollowStep[]): Promise<Followed> {
  const followed = follow(Buffer.from(text), steps)
  const batch = await reconstruct({ inputs: [text] })
  // The number of a text stream is its name in a batch, and its id in the worker: ids of attempts without a request id differ.
  const nameless = (attempt: AttemptJson): AttemptJson =>
    attempt.requestId === null ? { ...attempt, traceId: '', spanId: '' } : attempt
  assert.deepEqual(sorted(followed.attempts.map(nameless)), sorted(batch.attempts.map(nameless)))
  assert.deepEqual(followed.ledger, batch.ledger)
  return followed
}

/** Pieces of about so many bytes, with a pause behind each. */
function pausing(length: number, bytes: number, ms: number): FollowStep[] {
  const steps: FollowStep[] = []
  for (let at = 0; at < length; at += bytes) steps.push({ kind: 'take', bytes }, { kind: 'wait', ms })
  return steps
}

for (const { name, options } of [...trafficForms, ...faultForms]) {
  test(`${name}: given out again and again`, async () => {
    const text = generateAll({ ...options, attempts: 150, seed: 3 }).lines.join('')
    for (const ms of [50, 1000]) await assertSameAsBatch(text, pausing(text.length, 700, ms))
  })

  test(`${name}: through rotation and restarts`, async () => {
    const text = generateAll({ ...options, attempts: 100, seed: 4 }).lines.join('')
    const steps = pausing(text.length, 900, 400).flatMap((step, index): FollowStep[] => {
      if (index % 5 === 2) return [step, { kind: 'rotate' }]
      return index % 23 === 3 ? [step, { kind: 'restart' }] : [step]
    })
    await assertSameAsBatch(text, steps)
  })
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('take' as const), bytes: fc.integer({ min: 1, max: 900 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(64, 320, 1000, 61_000) }),
    },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'restart' as const }, { kind: 'rotate' as const }) },
  ),
  { maxLength: 60 },
)

test('odd records of a few instances, in any order, with pauses and restarts anywhere', async () => {
  const property = fc.asyncProperty(instanceStreams, mergeOrder, steps, async (streams, order, when) => {
    await assertSameAsBatch(merge(streams, order), when)
  })
  await assertAlways(property, { ...fewRuns, limitMs: 8000 })
})

test('what did not change is not given out again', () => {
  const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
  const text = `FC Invoke Start RequestId: ${id}\nhello\nFC Invoke End RequestId: ${id}\n`
  const { revisions } = follow(Buffer.from(text), [
    { kind: 'take', bytes: 1000 },
    { kind: 'wait', ms: 1000 },
    { kind: 'wait', ms: 1000 },
    { kind: 'restart' },
    { kind: 'wait', ms: 1000 },
  ])
  assert.deepEqual([...revisions.values()], [1])
})

test('a line that comes late is a revision', () => {
  const id = '1-65a24fa0-0b44b15d-431a6b32cc8c'
  const text = `FC Invoke Start RequestId: ${id}\nFC Invoke End RequestId: ${id}\n2025-01-15T12:00:00Z ${id} [INFO] late\n`
  const first = text.indexOf('2025')
  const { attempts, revisions } = follow(Buffer.from(text), [
    { kind: 'take', bytes: first },
    { kind: 'wait', ms: 1000 },
  ])
  assert.deepEqual([...revisions.values()], [2])
  assert.deepEqual(
    attempts.map(({ revision, lines, linesAfterEnd }) => [revision, lines, linesAfterEnd]),
    [[2, 1, 1]],
  )
})
