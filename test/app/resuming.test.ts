import { test } from 'node:test'
import { assertAlways, fewRuns } from '../property/property-runs.ts'
import { assertFormResumes, oddRecordsResume } from './resuming-property.ts'
import { trafficForms } from './traffic-forms.ts'

for (const form of trafficForms) {
  test(`${form.name}: saved and loaded on the way`, () => assertFormResumes(form, { attempts: 80, restarts: 4 }))
}

test('odd records of a few instances, saved and loaded anywhere', async () => {
  await assertAlways(oddRecordsResume, fewRuns)
})
