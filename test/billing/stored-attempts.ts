// Attempts of all kinds in a few hours around the end of a month, as rows of a store and as lines of files, and what their bill is.
import fc from 'fast-check'
import { openPriceBook } from '../../src/app/bill/price-books.ts'
import { AttemptHours } from '../../src/billing/attempt-hours.ts'
import { estimate } from '../../src/billing/estimate.ts'
import { type InstanceLife, UsageGatherer } from '../../src/billing/gather-usage.ts'
import type { MeasuredAttempt } from '../../src/billing/what-if/run-histories.ts'
import { createFunctionLookup } from '../../src/config/function-lookup.ts'
import { sqlText } from '../../src/lib/sql-text.ts'
import { type BusyHours, behindLastHour, firstHour } from '../../src/model/busy-hours.ts'
import type { InstanceHour } from '../../src/model/instance-hour.ts'
import type { StoreWriter } from '../../src/model/store-connection.ts'
import { beijing, functionOf } from './case.ts'

export const beganMs = beijing('2026-01-31T21:00:00')
export const book = openPriceBook('fc3-cn')
export const functions = [
  functionOf({ functionName: 'a', vCPU: 0.35, memoryMB: 1536, diskMB: 10_240, effectiveFromMs: beganMs + 5_000_000 }),
  functionOf({ functionName: 'a', vCPU: 0.5, memoryMB: 1024, diskMB: 512 }),
  functionOf({ functionName: "b'", qualifier: 'prod', vCPU: 2, memoryMB: null }),
  functionOf({ functionName: "b'", vCPU: 1, memoryMB: 512 }),
  functionOf({ functionName: 'g', vCPU: 8, memoryMB: 65_536, gpu: { type: 'ada', memoryMB: 49_152 } }),
  functionOf({ functionName: 'unknown', vCPU: null }),
]
export const parts = { book, functions, configOf: createFunctionLookup(functions) }

const ms = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.double({ min: 0, max: 9_000_000, noNaN: true }))
export const attempt: fc.Arbitrary<MeasuredAttempt> = fc
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

/** A row of the table `attempts`; null for one that takes the attempt away. */
export interface StoredRow {
  readonly id: number
  /** Part of the identity. */
  readonly phase: string
  readonly attempt: MeasuredAttempt | null
  readonly revision: number
  /** 0 for what counts where there is nothing else. */
  readonly generation: number
  readonly priorHours: BusyHours
}

const columns = `functionName Nullable(String), serviceName Nullable(String), qualifier Nullable(String), instanceID Nullable(String),
  phase String, status String, startTime Nullable(Int64), endTime Nullable(Int64), durationMs Nullable(Float64),
  billedMs Nullable(Float64), memoryMB Nullable(Float64), maxMemoryUsedMB Nullable(Float64), requestId String, revision UInt32,
  generation UInt32, deleted UInt8, priorFromHour UInt32, priorToHour UInt32`

/** In one insert. */
export async function insertRows(store: StoreWriter, rows: readonly StoredRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map(({ id, phase, attempt: of, revision, generation, priorHours }) => {
    const others = [
      sqlText(`r-${id}`),
      revision,
      generation,
      of === null ? 1 : 0,
      firstHour(priorHours),
      behindLastHour(priorHours),
    ]
    return `(${[...valuesOf({ ...(of ?? nothing), phase }), ...others].join(', ')})`
  })
  await store.run(`INSERT INTO attempts (requestId, revision, generation, deleted, priorFromHour, priorToHour, phase, functionName,
      serviceName, qualifier, instanceID, status, startTime, endTime, durationMs, billedMs, memoryMB, maxMemoryUsedMB, firstStoredAt)
    SELECT requestId, revision, generation, deleted, priorFromHour, priorToHour, phase, functionName, serviceName, qualifier, instanceID,
      status, fromUnixTimestamp64Milli(startTime, 'UTC'), fromUnixTimestamp64Milli(endTime, 'UTC'), durationMs, billedMs, memoryMB,
      maxMemoryUsedMB, toDateTime64('2026-02-01 00:00:00', 3, 'UTC')
    FROM values(${sqlText(columns)}, ${values.join(', ')}) SETTINGS optimize_on_insert = 0`)
}

const nothing: MeasuredAttempt = {
  functionName: null,
  serviceName: null,
  qualifier: null,
  instanceID: null,
  phase: 'invoke',
  status: 'ok',
  startTimeMs: null,
  endTimeMs: null,
  durationMs: null,
  billedMs: null,
  memoryMB: null,
  maxMemoryUsedMB: null,
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

export const life: fc.Arbitrary<InstanceLife> = fc.record({
  functionName: fc.constantFrom('a', 'g'),
  instanceID: fc.constantFrom('a-null-i', 'g-null-j', 'none'),
  mode: fc.constantFrom('onDemand', 'provisioned'),
  fromMs: fc.integer({ min: beganMs, max: beganMs + 3_600_000 }),
  toMs: fc.integer({ min: beganMs + 3_600_000, max: beganMs + 6 * 3_600_000 }),
})

export async function billOf(
  hours: Iterable<InstanceHour> | AsyncIterable<InstanceHour>,
  { lives, month }: { lives: readonly InstanceLife[]; month: string | null },
): Promise<string> {
  const gatherer = new UsageGatherer({ ...parts, month })
  for await (const hour of hours) gatherer.add(hour)
  for (const each of lives) gatherer.addLife(each)
  const left = gatherer.leftOut()
  const figures = estimate(gatherer.hours(), { book, hasDiscount: true, billsAllDisk: true })
  return JSON.stringify([figures, left.map(each => JSON.stringify(each)).toSorted()], null, 1)
}

export function ofFiles(attempts: readonly MeasuredAttempt[]): Iterable<InstanceHour> {
  const hours = new AttemptHours(parts)
  for (const each of attempts) hours.add(each)
  return hours.hours()
}
