// Whatever happens to followed files: every line comes once. Many tries.
import { test } from 'node:test'
import { assertAlways, manyRuns } from '../../property/property-runs.ts'
import { everyLineComesOnce } from './follow-schedule.ts'
import { everyLineComesInOrder } from './rotation-schedule.ts'

test('every line that is written comes once', () => assertAlways(everyLineComesOnce, manyRuns))

test('every line of a log that is copied and truncated comes in order', () =>
  assertAlways(everyLineComesInOrder, manyRuns))
