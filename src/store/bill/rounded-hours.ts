// Hours whose times were rounded up run by run outside the store: written as a whole, as those that the store sums up are.
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { StoreConnection, StoreWriter } from '../../model/store-connection.ts'
import { jsonRows } from '../json-rows.ts'
import { attemptsOfHours } from './attempts-of-hours.ts'
import type { StoredBilledAttempt } from './billed-attempts.ts'
import { billTimeoutMs, isOneOf, longestMs, type NamedFunction } from './billed-spans.ts'
import { type HoursToReplace, replaceHours, type UsagePart } from './replace-hours.ts'

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

/** Replaces the rounded rows of some hours. Fails with a `StoreError`. */
export async function writeRoundedHours(
  store: StoreWriter,
  all: Pick<HoursToReplace, 'hours' | 'upTo' | 'completeFrom'> & { readonly instanceHours: readonly InstanceHour[] },
): Promise<void> {
  const { instanceHours, ...others } = all
  const groups = Map.groupBy(instanceHours, ({ hourMs, functionName, serviceName }) =>
    JSON.stringify([hourMs, functionName, serviceName]),
  )
  const rows = [...groups.values()].map(([first, ...more]) => {
    const { hourMs, functionName, serviceName } = first!
    const hour = hourMs === null ? -1 : hourMs / 3_600_000
    return { hour, functionName, serviceName, parts: [first!, ...more].map(partOf) }
  })
  await replaceHours(store, rows, { ...others, isRounded: true })
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
}: InstanceHour): UsagePart {
  const known = Number.isFinite(firstMs) ? firstMs : null
  return { qualifier, memoryMB, firstMs: known, attempts, invocations, noDuration, notBilled, activeMs }
}
