// Saving and loading at any place is the same as going on.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { generateAll } from '../generate/run-generator.ts'
import { instanceStreams, merge, mergeOrder } from '../property/instance-streams.ts'
import { outcome, type ResumeStep } from './resuming.ts'
import type { TrafficForm } from './traffic-forms.ts'

export const resumeSteps: fc.Arbitrary<ResumeStep[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('take' as const), bytes: fc.integer({ min: 1, max: 900 }) }),
    },
    {
      weight: 3,
      // Up to what silence closes, and what was given out for good.
      arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(64, 320, 1000, 61_000, 901_000) }),
    },
    { weight: 3, arbitrary: fc.constant({ kind: 'close' as const }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'rotate' as const }) },
  ),
  { maxLength: 50 },
)

export function assertResumes(text: string, steps: readonly ResumeStep[], maxOpen?: number): void {
  const bytes = Buffer.from(text)
  const how = { steps, ...(maxOpen === undefined ? {} : { maxOpen }) }
  assert.deepEqual(outcome(bytes, { ...how, resumes: true }), outcome(bytes, { ...how, resumes: false }))
}

/** Generated traffic with pauses, saved and loaded so often, through a few rotations. */
export function assertFormResumes(form: TrafficForm, how: { attempts: number; restarts: number }): void {
  const text = generateAll({ ...form.options, attempts: how.attempts, seed: 5 }).lines.join('')
  const pauses = 10
  const piece = Math.ceil(text.length / how.restarts / pauses)
  const pause: ResumeStep[] = [
    { kind: 'take', bytes: piece },
    { kind: 'wait', ms: 400 },
  ]
  const steps = Array.from({ length: how.restarts }, (_, index): ResumeStep[] => [
    ...Array.from({ length: pauses }, () => pause).flat(),
    { kind: 'close' },
    ...(index % 3 === 1 ? [{ kind: 'rotate' } as const] : []),
  ])
  assertResumes(text, steps.flat())
}

/** Rows of a few instances in any order; sometimes more are open than there may be. */
export const oddRecordsResume = fc.asyncProperty(
  instanceStreams,
  mergeOrder,
  resumeSteps,
  fc.constantFrom(2000, 2),
  async (streams, order, steps, maxOpen) => assertResumes(merge(streams, order), steps, maxOpen),
)
