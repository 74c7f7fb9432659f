// What is given out early and corrected ends up as what is given out once, when everything is known.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { LedgerReport } from '../../src/model/ledger.ts'
import { instanceStreams, merge, mergeOrder } from '../property/instance-streams.ts'
import { type Followed, type FollowStep, follow } from './following.ts'
import { type AttemptJson, reconstruct } from './run-batch.ts'

/** In any order, and without what only a follower knows: how often an attempt was corrected. */
const sorted = (attempts: readonly AttemptJson[]): string[] =>
  attempts.map(attempt => JSON.stringify({ ...attempt, revision: 1 })).sort()

/** What a record of an attempt that is open is a copy of is not decided for good: both are attached, then. */
const settled = ({ attached, duplicate, ...rest }: LedgerReport): object => ({ ...rest, taken: attached + duplicate })

/** Follows `text` in these steps, and compares with a batch of all of it. */
export async function assertSameAsBatch(text: string, steps: readonly FollowStep[]): Promise<Followed> {
  const followed = follow(Buffer.from(text), steps)
  const batch = await reconstruct({ inputs: [text] })
  // The number of a text stream is its name in a batch, and its id in the worker: ids of attempts without a request id differ.
  const nameless = (attempt: AttemptJson): AttemptJson =>
    attempt.requestId === null ? { ...attempt, traceId: '', spanId: '' } : attempt
  assert.deepEqual(sorted(followed.attempts.map(nameless)), sorted(batch.attempts.map(nameless)))
  assert.deepEqual(settled(followed.ledger), settled(batch.ledger))
  return followed
}

/** Together shorter than what is waited for late records: after that, decisions are taken for good. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('take' as const), bytes: fc.integer({ min: 1, max: 900 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(64, 320, 1000) }),
    },
    { weight: 1, arbitrary: fc.constantFrom({ kind: 'restart' as const }, { kind: 'rotate' as const }) },
  ),
  { maxLength: 60 },
)

/** Rows of a few instances in any order, followed with pauses, restarts and rotations anywhere. */
export const oddRecords = fc.asyncProperty(instanceStreams, mergeOrder, steps, async (streams, order, when) => {
  await assertSameAsBatch(merge(streams, order), when)
})
