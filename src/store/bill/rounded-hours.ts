// Hours whose times were rounded up run by run outside the store: written as a whole, as those that the store sums up are.
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { StoreConnection, StoreWriter } from '../../model/store-connection.ts'
import { jsonRows } from '../json-rows.ts'
import { usageParts } from '../schema/usage-hours.ts'
import { sqlText } from '../sql-text.ts'
import { attemptsOfHours } from './attempts-of-hours.ts'
import type { StoredBilledAttempt } from './billed-attempts.ts'
import { billTimeoutMs, isOneOf, longestMs, type NamedFunction } from './billed-spans.ts'

/** A run that goes on into an hour began this long before it, or is cut there. */
const before = Math.ceil(longestMs / 3_600_000)

/** All attempts that have to do with some hours (since 1970). Fails with a `StoreError`. */
export async function* attemptsAroundHours(
  store: StoreConnection,
  wish: { readonly hours: readonly number[]; readonly functions: readonly NamedFunction[] },
): AsyncIterable<StoredBilledAttempt> {
  const earlier = wish.hours.flatMap(hour => Array.from({ length: before + 1 }, (_, index) => hour - index))
  const sql = `SELECT functionName, serviceName, qualifier, instanceID, phase, status,
      toUnixTimestamp64Milli(startTime) AS startTimeMs, toUnixTimestamp64Milli(endTime) AS endTimeMs,
      durationMs, billedMs, memoryMB
    FROM (${attemptsOfHours([...new Set(earlier)])}) WHERE ${isOneOf(wish.functions)}`
  for await (const rows of jsonRows<StoredBilledAttempt>(store.stream({ sql, timeoutMs: billTimeoutMs }))) yield* rows
}

/** Replaces the rounded rows of some hours (since 1970). Fails with a `StoreError`. */
export async function writeRoundedHours(
  store: StoreWriter,
  all: { readonly hours: readonly number[]; readonly instanceHours: readonly InstanceHour[]; readonly upTo: number },
): Promise<void> {
  const { hours, instanceHours, upTo } = all
  const rows = Map.groupBy(instanceHours, ({ hourMs, functionName, serviceName }) =>
    JSON.stringify([hourMs, functionName, serviceName]),
  )
  const lines = [...rows.values()].map(([first, ...others]) => {
    const { hourMs, functionName, serviceName } = first!
    return JSON.stringify({
      hour: (hourMs ?? 0) / 3_600_000,
      functionName,
      serviceName,
      fresh: [first!, ...others].map(partOf),
    })
  })
  const structure = `hour UInt32, functionName Nullable(String), serviceName Nullable(String), fresh ${usageParts}`
  const list = hours.join(', ')
  // The engine finds no columns in no lines.
  const fresh =
    lines.length === 0
      ? ''
      : `SELECT * FROM format(JSONEachRow, ${sqlText(structure)}, ${sqlText(lines.join('\n'))}) UNION ALL `
  await store.run(`INSERT INTO usage_hours (hour, functionName, serviceName, isRounded, parts, upTo)
    SETTINGS async_insert = 0
    SELECT hour, functionName, serviceName, true, groupArrayArray(fresh), ${upTo} FROM (
      ${fresh}SELECT hour, functionName, serviceName, CAST([], ${sqlText(usageParts)}) AS fresh FROM usage_hours FINAL
      WHERE isRounded AND hour IN (${list}))
    WHERE hour IN (${list}) GROUP BY hour, functionName, serviceName`)
}

function partOf({
  qualifier,
  memoryMB,
  firstMs,
  attempts,
  invocations,
  noDuration,
  notBilled,
  activeMs,
}: InstanceHour): object {
  const known = Number.isFinite(firstMs) ? firstMs : null
  return { qualifier, memoryMB, firstMs: known, attempts, invocations, noDuration, notBilled, activeMs }
}
