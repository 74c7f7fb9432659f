// A partition that goes from hand to hand, in memory.
import { test } from 'node:test'
import { assertAlways, fewRuns, manyRuns } from '../property/property-runs.ts'
import { oddRecordsGoOn } from './handover-property.ts'

test('odd records of a few instances, through many hands', () =>
  assertAlways(oddRecordsGoOn, { ...manyRuns, limitMs: 100000 }))
