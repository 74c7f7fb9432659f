// A store sums up what files are read for: both must come to the same bill, whatever stands in them.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { openPriceBook } from '../../src/app/bill/price-books.ts'
import { storedHours } from '../../src/app/bill/stored-hours.ts'
import { AttemptHours } from '../../src/billing/attempt-hours.ts'
import { monthOf } from '../../src/billing/beijing-clock.ts'
import { estimate } from '../../src/billing/estimate.ts'
import { type InstanceLife, UsageGatherer } from '../../src/billing/gather-usage.ts'
import { type MeasuredAttempt, RunHistories } from '../../src/billing/what-if/run-histories.ts'
import { createFunctionLookup } from '../../src/config/function-lookup.ts'
import type { InstanceHour } from '../../src/model/instance-hour.ts'
import type { RunHistory } from '../../src/model/run-history.ts'
import type { StoreWriter } from '../../src/model/store-connection.ts'
import { storedRunHistories } from '../../src/store/bill/run-history.ts'
import { migrate } from '../../src/store/migrate.ts'
import { sqlText } from '../../src/store/sql-text.ts'
import { openTemporary, withoutChdb } from '../store/temporary-store.ts'
import { beijing, functionOf } from './case.ts'

const beganMs = beijing('2026-01-31T21:00:00')
const book = openPriceBook('fc3-cn')
const functions = [
  functionOf({ functionName: 'a', vCPU: 0.35, memoryMB: 1536, diskMB: 10_240, effectiveFromMs: beganMs + 5_000_000 }),
  functionOf({ functionName: 'a', vCPU: 0.5, memoryMB: 1024, diskMB: 512 }),
  functionOf({ functionName: "b'", qualifier: 'prod', vCPU: 2, memoryMB: null }),
  functionOf({ functionName: "b'", vCPU: 1, memoryMB: 512 }),
  functionOf({ functionName: 'g', vCPU: 8, memoryMB: 65_536, gpu: { type: 'ada', memoryMB: 49_152 } }),
  functionOf({ functionName: 'unknown', vCPU: null }),
]
const parts = { book, functions, configOf: createFunctionLookup(functions) }

const ms = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.double({ min: 0, max: 9_000_000, noNaN: true }))
const attempt: fc.Arbitrary<MeasuredAttempt> = fc
  .record({
    functionName: fc.constantFrom('a', "b'", 'g', 'unknown', null),
    serviceName: fc.constantFrom(null, null, 's'),
    qualifier: fc.constantFrom(null, 'prod', 'LATEST'),
    instance: fc.constantFrom(null, 'i', 'j'),
    phase: fc.constantFrom('invoke', 'invoke', 'preStop'),
    status: fc.constantFrom('ok', 'timeout', 'throttled', 'platformError'),
    startTimeMs: fc.option(fc.integer({ min: beganMs, max: beganMs + 6 * 3_600_000 }), { freq: 8 }),
    endTimeMs: fc.option(fc.integer({ min: beganMs, max: beganMs + 6 * 3_600_000 })),
    durationMs: fc.option(ms, { freq: 6 }),
    billedMs: fc.option(ms),
    memoryMB: fc.constantFrom(null, 512, 3072),
    maxMemoryUsedMB: fc.constantFrom(null, 12.5, 460.8, 512, 513),
  })
  .map(({ instance, ...of }) => ({
    ...of,
    instanceID: instance === null ? null : `${of.functionName}-${of.serviceName}-${instance}`,
  }))

const columns = `functionName Nullable(String), serviceName Nullable(String), qualifier Nullable(String), instanceID Nullable(String),
  phase String, status String, startTime Nullable(Int64), endTime Nullable(Int64), durationMs Nullable(Float64),
  billedMs Nullable(Float64), memoryMB Nullable(Float64), maxMemoryUsedMB Nullable(Float64), requestId String, revision UInt32`

async function fill(store: StoreWriter, attempts: readonly MeasuredAttempt[]): Promise<void> {
  await store.run('TRUNCATE TABLE attempts')
  if (attempts.length === 0) return
  // What was said of each before must not count.
  const before = attempts.map(of => ({
    ...of,
    functionName: 'a',
    durationMs: 1_000_000,
    status: 'ok',
    startTimeMs: beganMs,
  }))
  for (const [index, revision] of [before, attempts].entries()) {
    const rows = revision.map((of, i) => `(${[...valuesOf(of), sqlText(`r-${i}`), String(index + 1)].join(', ')})`)
    await store.run(`INSERT INTO attempts (requestId, revision, phase, functionName, serviceName, qualifier, instanceID, status,
        startTime, endTime, durationMs, billedMs, memoryMB, maxMemoryUsedMB, firstStoredAt)
      SELECT requestId, revision, phase, functionName, serviceName, qualifier, instanceID, status,
        fromUnixTimestamp64Milli(startTime, 'UTC'), fromUnixTimestamp64Milli(endTime, 'UTC'), durationMs, billedMs, memoryMB, maxMemoryUsedMB,
        toDateTime64('2026-02-01 00:00:00', 3, 'UTC')
      FROM values(${sqlText(columns)}, ${rows.join(', ')})`)
  }
}

const valuesOf = (of: MeasuredAttempt): readonly string[] =>
  [of.functionName, of.serviceName, of.qualifier, of.instanceID, of.phase, of.status]
    .map(textOf)
    .concat(
      [of.startTimeMs, of.endTimeMs, of.durationMs, of.billedMs, of.memoryMB, of.maxMemoryUsedMB].map(value =>
        value === null ? 'NULL' : String(value),
      ),
    )
const textOf = (value: string | null): string => (value === null ? 'NULL' : sqlText(value))

const life: fc.Arbitrary<InstanceLife> = fc.record({
  functionName: fc.constantFrom('a', 'g'),
  instanceID: fc.constantFrom('a-null-i', 'g-null-j', 'none'),
  mode: fc.constantFrom('onDemand', 'provisioned'),
  fromMs: fc.integer({ min: beganMs, max: beganMs + 3_600_000 }),
  toMs: fc.integer({ min: beganMs + 3_600_000, max: beganMs + 6 * 3_600_000 }),
})

async function billOf(
  hours: Iterable<InstanceHour> | AsyncIterable<InstanceHour>,
  { lives, month }: { lives: readonly InstanceLife[]; month: string | null },
): Promise<string> {
  const gatherer = new UsageGatherer(parts)
  for await (const hour of hours) gatherer.add(hour)
  for (const each of lives) gatherer.addLife(each)
  const wanted = gatherer.hours().filter(({ hourMs }) => month === null || monthOf(hourMs) === month)
  const left = gatherer.leftOut().filter(({ day }) => month === null || day === null || day.startsWith(month))
  const figures = estimate(wanted, { book, hasDiscount: true, billsAllDisk: true })
  return JSON.stringify([figures, left.map(each => JSON.stringify(each)).toSorted()], null, 1)
}

function ofFiles(attempts: readonly MeasuredAttempt[]): Iterable<InstanceHour> {
  const hours = new AttemptHours(parts)
  for (const each of attempts) hours.add(each)
  return hours.hours()
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
      { numRuns: 40, interruptAfterTimeLimit: 20_000 },
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
