// Whatever happens to followed files: every line comes once. Many tries.
import { test } from 'node:test'
import { assertAlways, manyRuns } from '../../property/property-runs.ts'
import { everyLineComesOnce } from './follow-schedule.ts'

test('every line that is written comes once', () => assertAlways(everyLineComesOnce, manyRuns))
