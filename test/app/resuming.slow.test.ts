import { test } from 'node:test'
import { assertAlways, manyRuns } from '../property/property-runs.ts'
import { assertFormResumes, oddRecordsResume } from './resuming-property.ts'
import { faultForms, trafficForms } from './traffic-forms.ts'

for (const form of [...trafficForms, ...faultForms]) {
  test(`${form.name}: saved and loaded all the time`, () => assertFormResumes(form, { attempts: 200, restarts: 30 }))
}

test('odd records of a few instances, saved and loaded anywhere', async () => {
  await assertAlways(oddRecordsResume, manyRuns)
})
