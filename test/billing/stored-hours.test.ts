// A store sums up what files are read for: both must come to the same bill, whatever stands in them.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { storedHours } from '../../src/app/bill/stored-hours.ts'
import { type MeasuredAttempt, RunHistories } from '../../src/billing/what-if/run-histories.ts'
import { busyHoursOf } from '../../src/model/busy-hours.ts'
import type { RunHistory } from '../../src/model/run-history.ts'
import type { StoreWriter } from '../../src/model/store-connection.ts'
import { storedRunHistories } from '../../src/store/bill/run-history.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openTemporary, withoutChdb } from '../store/temporary-store.ts'
import { beijing } from './case.ts'
import { attempt, beganMs, billOf, insertRows, life, ofFiles, parts } from './stored-attempts.ts'

async function fill(store: StoreWriter, attempts: readonly MeasuredAttempt[]): Promise<void> {
  await store.run('TRUNCATE TABLE attempts')
  // What was said of each before must not count.
  const before = attempts.map(of => ({
    ...of,
    functionName: 'a',
    durationMs: 1_000_000,
    status: 'ok',
    startTimeMs: beganMs,
  }))
  const row = { generation: 1, priorHours: 0 }
  await insertRows(
    store,
    before.map((of, id) => ({ ...row, id, phase: of.phase, attempt: of, revision: 1 })),
  )
  await insertRows(
    store,
    attempts.map((of, id) => ({
      ...row,
      id,
      phase: of.phase,
      attempt: of,
      revision: 2,
      priorHours: busyHoursOf(before[id]!),
    })),
  )
}

/** The size of the instance was told in the next month only. */
const knownInNextMonth = {
  attempts: [
    {
      functionName: 'a',
      serviceName: null,
      qualifier: null,
      instanceID: 'a-null-i',
      phase: 'invoke',
      status: 'ok',
      startTimeMs: beijing('2026-02-01T00:00:00'),
      endTimeMs: null,
      durationMs: null,
      billedMs: 2114,
      memoryMB: 512,
      maxMemoryUsedMB: null,
    },
  ],
  lives: [
    {
      functionName: 'a',
      instanceID: 'a-null-i',
      mode: 'onDemand' as const,
      fromMs: beijing('2026-01-31T21:30:00'),
      toMs: beijing('2026-01-31T23:30:00'),
    },
  ],
  month: '2026-01' as const,
}

describe('a bill of a store', { skip: withoutChdb }, () => {
  test('is that of the same attempts in files', async t => {
    const { store, close } = await openTemporary()
    t.after(close)
    await migrate(store, { retentionDays: 3650 })
    const runs = fc.record({
      attempts: fc.array(attempt, { maxLength: 30 }),
      lives: fc.array(life, { maxLength: 2 }),
      month: fc.constantFrom(null, '2026-01', '2026-02'),
    })
    await fc.assert(
      fc.asyncProperty(runs, async ({ attempts, ...of }) => {
        await fill(store, attempts)
        const stored = storedHours(store, { ...parts, month: of.month, byInstance: of.lives.length > 0 })
        assert.equal(await billOf(stored, of), await billOf(ofFiles(attempts), of))
      }),
      { numRuns: 40, interruptAfterTimeLimit: 20_000, examples: [[knownInNextMonth]] },
    )
  })

  test('tells how a function ran as its attempts in files do', async t => {
    const { store, close } = await openTemporary()
    t.after(close)
    await migrate(store, { retentionDays: 3650 })
    const eras = [
      { fromMs: null, slowMs: null },
      { fromMs: beganMs + 3_600_000, slowMs: 4000 },
      { fromMs: beganMs + 7_200_000, slowMs: 2_500_000 },
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { maxLength: 30 }), async attempts => {
        await fill(store, attempts)
        const ofFiles = new RunHistories(eras, 512)
        for (const each of attempts) if (each.functionName === "b'") ofFiles.add(each)
        const wish = { functionName: "b'", serviceName: null, eras, limitMB: 512, fromMs: null, toMs: null }
        const stored = await storedRunHistories(store, wish)
        assert.deepEqual(stored.map(rounded), ofFiles.histories().map(rounded))
      }),
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
    )
  })
})

/** A mean depends on the order of adding up in its last digits. */
const rounded = (history: RunHistory): RunHistory => ({
  ...history,
  meanMs: history.meanMs === null ? null : Number(history.meanMs.toPrecision(12)),
})
