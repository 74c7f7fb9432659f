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

/** Of one instance, overlapping attempts are counted once; the largest memory and the first name do not depend on any order. */
const byInstanceSql = (
  spans: string,
): string => `SELECT functionName, serviceName, minIf(qualifier, isBilled) AS qualifier,
    instanceID, hour, minIf(startMs, isBilled) AS firstMs, maxIf(memoryMB, isBilled) AS memoryMB, ${counts},
    toUInt64(intervalLengthSumIf(fromMs, toMs, isBilled AND toMs > fromMs)) AS activeMs
  FROM (SELECT * FROM (${spans}) WHERE instanceID IS NOT NULL) GROUP BY functionName, serviceName, instanceID, hour`

/** Attempts whose instance nobody knows are on their own. In a WHERE beside it, `instanceID` would be what is selected. */
const aloneSql = (spans: string, era: string): string => `SELECT functionName, serviceName, qualifier,
    CAST(NULL, 'Nullable(String)') AS instanceID, hour, minIf(startMs, isBilled) AS firstMs, memoryMB, ${counts},
    toUInt64(sumIf(toMs - fromMs, isBilled)) AS activeMs
  FROM (SELECT * FROM (${spans}) WHERE instanceID IS NULL) GROUP BY functionName, serviceName, qualifier, memoryMB, hour, isBilled, ${era}`

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
  const instances = byInstanceSql(spans)
  const known = byInstance ? instances : togetherSql(instances, era('ifNull(first, 0)'))
  return `SELECT * FROM (${known} UNION ALL ${aloneSql(spans, era('ifNull(startMs, 0)'))})`
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
