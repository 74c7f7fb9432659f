import { test } from 'node:test'
import { cutsDoNotMatter, earlyEndsDoNotMatter, everyRecordHasOneFate, kernelDoesNotMatter } from './properties.ts'
import { assertAlways, fewRuns } from './property-runs.ts'

test('it does not matter where the input is cut', () => assertAlways(cutsDoNotMatter, fewRuns))
test('the kernel for ordinary lines finds what the full way finds', () => assertAlways(kernelDoesNotMatter, fewRuns))
test('every record has one fate and one object', () => assertAlways(everyRecordHasOneFate, fewRuns))
test('it does not matter that an End came before its Start', () => assertAlways(earlyEndsDoNotMatter, fewRuns))
