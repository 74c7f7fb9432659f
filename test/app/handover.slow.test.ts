// The same with far more runs; FCSCOPE_PROPERTY_RUNS says how many.
import { test } from 'node:test'
import { assertAlways, manyRuns } from '../property/property-runs.ts'
import { oddRecordsGoOn, trafficGoesOn } from './handover-property.ts'

test('odd records of a few instances, through many hands', () => assertAlways(oddRecordsGoOn, manyRuns))
test('generated traffic that comes at its times, through many hands', () => assertAlways(trafficGoesOn, manyRuns))
