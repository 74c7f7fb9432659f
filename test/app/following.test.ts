// Attempts that are given out early and corrected end up as those that were given out once, when everything was known.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateAll } from '../generate/run-generator.ts'
import { assertAlways, fewRuns } from '../property/property-runs.ts'
import { type FollowStep, follow } from './following.ts'
import { assertSameAsBatch, oddRecords } from './following-property.ts'
import { faultForms, trafficForms } from './traffic-forms.ts'

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

test('odd records of a few instances, in any order, with pauses and restarts anywhere', async () => {
  await assertAlways(oddRecords, { ...fewRuns, limitMs: 8000 })
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

test('a row of another instance than the attempt that is open waits for a while, and no longer', () => {
  const id = '65a24fa0-7e42-4ee5-8a5c-0b44b15d431a'
  const common = { __time__: '1736942400', functionName: 'f' }
  const rows = [
    { ...common, __topic__: 'FCLogs:f', instanceID: 'c-1', message: `FC Invoke Start RequestId: ${id}` },
    {
      ...common,
      __topic__: 'FCRequestMetrics:/f',
      instanceID: 'c-2',
      requestId: id,
      invocationStartTimestamp: '1736942400003',
      durationMs: '12.5',
    },
  ]
  const text = rows.map(row => `${JSON.stringify(row)}\n`).join('')
  const { revisions } = follow(Buffer.from(text), [
    { kind: 'take', bytes: text.length },
    { kind: 'wait', ms: 61_000 },
    { kind: 'wait', ms: 61_000 },
  ])
  assert.equal(revisions.size, 2)
})
