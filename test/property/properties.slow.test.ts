// The properties with far more runs; FCSCOPE_PROPERTY_RUNS says how many.
import { test } from 'node:test'
import {
  cutsDoNotMatter,
  earlyEndsDoNotMatter,
  everyRecordHasOneFate,
  kernelDoesNotMatter,
  mergingDoesNotMatter,
} from './properties.ts'
import { assertAlways, manyRuns } from './property-runs.ts'

test('it does not matter where the input is cut', () => assertAlways(cutsDoNotMatter, manyRuns))
test('the kernel for ordinary lines finds what the full way finds', () => assertAlways(kernelDoesNotMatter, manyRuns))
test('every record has one fate and one object', () => assertAlways(everyRecordHasOneFate, manyRuns))
test('it does not matter that an End came before its Start', () => assertAlways(earlyEndsDoNotMatter, manyRuns))
test('it does not matter how the streams of instances were merged', () => assertAlways(mergingDoesNotMatter, manyRuns))
