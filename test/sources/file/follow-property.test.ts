// Whatever happens to the files: every line comes once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Schedule, steps } from './follow-schedule.ts'
import { Stage } from './follow-stage.ts'

for (const paths of [['*.log*'], ['*.log']]) {
  test(`every line that is written comes once, ${paths} followed`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { maxLength: 60, size: 'max' }),
        fc.constantFrom(64, 1000, 65_536),
        fc.boolean(),
        async (played, windowBytes, once) => {
          const schedule = new Schedule(new Stage({ paths, windowBytes }))
          await schedule.begin()
          for (const step of played) await schedule.play(step)
          await schedule.end(once)
          await schedule.stage.source.stop()
          assert.deepEqual(schedule.stage.texts.toSorted(), schedule.expected.toSorted())
          assert.deepEqual(schedule.stage.saw('contentLost'), [])
        },
      ),
      { numRuns: Number(process.env['RUNS'] ?? 60), endOnFailure: false },
    )
  })
}
