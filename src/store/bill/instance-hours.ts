// What instances did hour by hour, summed up by the engine: exact there, for times are whole milliseconds.
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { jsonRows } from '../json-rows.ts'
import { attemptsOfHours } from './attempts-of-hours.ts'
import {
  type BillWindow,
  billTimeoutMs,
  inWindow,
  isInWindow,
  isOneOf,
  type NamedFunction,
  spansOf,
} from './billed-spans.ts'

export interface HoursWish extends BillWindow {
  /** Only these, hours since 1970, and none of those without a time; null for all of the window. */
  readonly hours: readonly number[] | null
  /** Unix ms; what began before one of them and what began after it is told apart. */
  readonly boundaries: readonly number[]
  /** False: instances are told together where nothing but their identity tells them apart. */
  readonly byInstance: boolean
  /** Functions that are left out. */
  readonly except: readonly NamedFunction[]
}

interface Row extends Omit<InstanceHour, 'hourMs' | 'firstMs'> {
  /** Hours since 1970; -1 when nobody knows. */
  readonly hour: number
  readonly firstMs: number | null
}

const hourMs = 3_600_000

/** Grouping goes to disk behind so many bytes: well below what a reader may take. */
export const maxGroupBytes = 150_000_000

/** Fails with a `StoreError`. */
export async function* storedInstanceHours(store: StoreConnection, wish: HoursWish): AsyncIterable<InstanceHour> {
  if (wish.hours?.length === 0) return
  const pieces = store.stream({
    sql: `${instanceHoursSql(wish)} SETTINGS max_bytes_before_external_group_by = ${maxGroupBytes}`,
    timeoutMs: billTimeoutMs,
  })
  for await (const rows of jsonRows<Row>(pieces)) {
    for (const { hour, firstMs, ...row } of rows)
      yield { ...row, hourMs: hour < 0 ? null : hour * hourMs, firstMs: firstMs ?? Number.POSITIVE_INFINITY }
  }
}

const counts = `countIf(isOwn AND isBilled) AS attempts, countIf(isOwn AND isBilled AND isCall) AS invocations,
  countIf(isOwn AND isBilled AND ms IS NULL) AS noDuration, countIf(isOwn AND NOT isBilled) AS notBilled`

/**
 * Of one instance, overlapping attempts are counted once; the largest memory and the first name do not depend on any order. Attempts
 * whose instance nobody knows are on their own: they are told together where nothing tells them apart, and their times add up.
 */
const instancesSql = (
  spans: string,
  era: string,
): string => `SELECT functionName, serviceName, minIf(qualifier, isBilled) AS qualifier, instanceID, hour,
    minIf(startMs, isBilled) AS firstMs, maxIf(memoryMB, isBilled) AS memoryMB, ${counts},
    toUInt64(if(instanceID IS NULL, sumIf(toMs - fromMs, isBilled), intervalLengthSumIf(fromMs, toMs, isBilled AND toMs > fromMs))) AS activeMs
  FROM (SELECT *, if(instanceID IS NULL, (qualifier, memoryMB, isBilled, ${era}), (NULL, NULL, false, 0)) AS own FROM (${spans}))
  GROUP BY functionName, serviceName, instanceID, hour, own`

const togetherSql = (instances: string, era: string): string => `SELECT functionName, serviceName, qualifier,
    CAST(NULL, 'Nullable(String)') AS instanceID, hour, min(first) AS firstMs, memoryMB, sum(of.1) AS attempts, sum(of.2) AS invocations,
    sum(of.3) AS noDuration, sum(of.4) AS notBilled, sum(of.5) AS activeMs
  FROM (SELECT functionName, serviceName, qualifier, hour, memoryMB, firstMs AS first,
      (attempts, invocations, noDuration, notBilled, activeMs) AS of FROM (${instances}))
  GROUP BY functionName, serviceName, qualifier, memoryMB, hour, ${era}`

/** What instances did, one row per instance or what stands for several, and hour. */
export function instanceHoursSql(wish: HoursWish): string {
  const { boundaries, byInstance } = wish
  const spans = spansOf(attemptsOf(wish), hoursOf(wish))
  const era = (column: string): string =>
    `arrayCount(boundary -> boundary <= ${column}, [${boundaries.join(', ')}]::Array(Int64))`
  const instances = instancesSql(spans, era('ifNull(startMs, 0)'))
  return byInstance ? instances : togetherSql(instances, era('ifNull(first, 0)'))
}

function attemptsOf(wish: HoursWish): string {
  const isWanted = `NOT ${isOneOf(wish.except)}`
  if (wish.hours === null) return `invocations WHERE ${inWindow(wish)} AND ${isWanted}`
  return `(${attemptsOfHours(wish.hours)}) WHERE ${isWanted}`
}

function hoursOf(wish: HoursWish): string {
  const { hours } = wish
  return hours === null ? isInWindow(wish) : `hour IN (${hours.join(', ')}) AND ${isInWindow(wish)}`
}
