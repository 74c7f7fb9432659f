import { test } from 'node:test'
import { assertAlways, manyRuns } from '../property/property-runs.ts'
import { oddRecords } from './following-property.ts'

test('odd records of a few instances, in any order, with pauses and restarts anywhere', async () => {
  await assertAlways(oddRecords, manyRuns)
})
