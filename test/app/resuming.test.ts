import { test } from 'node:test'
import { assertAlways, fewRuns } from '../property/property-runs.ts'
import type { ResumeStep } from './resuming.ts'
import { assertFormResumes, assertResumes, oddRecordsResume } from './resuming-property.ts'
import { trafficForms } from './traffic-forms.ts'

for (const form of trafficForms) {
  test(`${form.name}: saved and loaded on the way`, () => assertFormResumes(form, { attempts: 50, restarts: 3 }))
}

test('odd records of a few instances, saved and loaded anywhere', async () => {
  await assertAlways(oddRecordsResume, { ...fewRuns, limitMs: 1500 })
})

test('in the middle of a line that is too long', () => {
  const text = `2025-01-15T12:00:00Z [INFO] before\n${'x'.repeat(9 * 1024 * 1024)}\n2025-01-15T12:00:01Z [INFO] behind\n`
  const steps: ResumeStep[] = [1, 2, 3, 4, 5, 6, 7, 8].flatMap(() => [
    { kind: 'take', bytes: 1_300_000 },
    { kind: 'close' },
  ])
  assertResumes(text, steps)
})
