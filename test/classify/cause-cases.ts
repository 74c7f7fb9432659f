// One line per case: which causes an attempt's signals must give.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCauses } from '../../src/classify/find-causes.ts'
import { judge } from '../../src/classify/judge.ts'
import type { AttemptSignals } from '../../src/model/attempt-signals.ts'
import type { CauseCode } from '../../src/model/cause.ts'
import type { Sentence } from '../../src/model/error-detail.ts'
import { printed, signalsWith, withoutEnd } from './signals.ts'

/** The causes in their order; all pieces of `evidence` must stand in the evidence of the first. */
export const causes = (
  name: string,
  changes: Partial<AttemptSignals>,
  expected: readonly CauseCode[],
  evidence: string[] = [],
) =>
  test(name, () => {
    const signals = signalsWith(changes)
    const found = findCauses(signals, judge(signals), 'en')
    assert.deepEqual(
      found.map(cause => cause.code),
      expected,
    )
    const first = found[0]?.evidence.join('\n') ?? ''
    for (const piece of evidence) assert.ok(first.includes(piece), `${piece} in ${first}`)
  })

/** An attempt of which only one sentence of the platform is known. */
export const platform = (sentence: Sentence, message: string, code: string | null = null): Partial<AttemptSignals> => ({
  ...withoutEnd,
  hasStart: false,
  lines: 1,
  errors: [printed({ sentence, message, code })],
})
