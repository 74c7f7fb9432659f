// What instances did hour by hour, summed up by the engine: exact there, for times are whole milliseconds.
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { jsonRows } from '../json-rows.ts'
import { type BillWindow, billTimeoutMs, inWindow, isOneOf, type NamedFunction, spansOf } from './billed-spans.ts'

export interface HoursWish extends BillWindow {
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
const maxGroupBytes = 150_000_000

/** Fails with a `StoreError`. */
export async function* storedInstanceHours(store: StoreConnection, wish: HoursWish): AsyncIterable<InstanceHour> {
  const pieces = store.stream({ sql: instanceHoursSql(wish), timeoutMs: billTimeoutMs })
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

function instanceHoursSql(wish: HoursWish): string {
  const { boundaries, byInstance, except } = wish
  const spans = spansOf(`${inWindow(wish)} AND NOT ${isOneOf(except)}`, wish)
  const era = (column: string): string =>
    `arrayCount(boundary -> boundary <= ${column}, [${boundaries.join(', ')}]::Array(Int64))`
  const instances = byInstanceSql(spans)
  const known = byInstance ? instances : togetherSql(instances, era('ifNull(first, 0)'))
  return `SELECT * FROM (${known} UNION ALL ${aloneSql(spans, era('ifNull(startMs, 0)'))})
    SETTINGS max_bytes_before_external_group_by = ${maxGroupBytes}`
}
