// Which stored attempts a bill is about, and when they kept their instances busy (shared facts fc-metrics-billing §D.4).
import { sqlText, sqlTime } from '../../lib/sql-text.ts'

/** Hours that are asked about, by their beginnings: unix ms; null for no bound. */
export interface BillWindow {
  readonly fromMs: number | null
  readonly toMs: number | null
}

export interface NamedFunction {
  readonly functionName: string | null
  readonly serviceName: string | null
}

/** A month of a large store takes its time. */
export const billTimeoutMs = 600_000

/** No invocation runs longer than a day; what began earlier is not in the window any more. */
export const longestMs = 25 * 3_600_000

/** Attempts that may be in the window; those whose beginning nobody knows among them. */
export function inWindow({ fromMs, toMs }: BillWindow): string {
  const from = fromMs === null ? 'true' : `startTime >= ${sqlTime(Math.floor(fromMs - longestMs))}`
  const to = toMs === null ? 'true' : `startTime < ${sqlTime(Math.floor(toMs))}`
  return `(startTime IS NULL OR (${from} AND ${to}))`
}

export function isOneOf(functions: readonly NamedFunction[]): string {
  const text = (value: string | null): string => (value === null ? 'NULL' : sqlText(value))
  const each = functions.map(
    ({ functionName, serviceName }) =>
      `(functionName <=> ${text(functionName)} AND serviceName <=> ${text(serviceName)})`,
  )
  return each.length === 0 ? 'false' : `(${each.join(' OR ')})`
}

/** When an attempt began, unix ms: `beganMs` of billed-attempt.ts. */
export const beganSql = `if(startTime IS NULL,
  toInt64(floor(toUnixTimestamp64Milli(endTime) - coalesce(durationMs, billedMs, 0))), toUnixTimestamp64Milli(startTime))`

/** How long an attempt kept its instance busy, ms: `busyMs` of billed-attempt.ts. */
export const busySql = 'toInt64(ceil(coalesce(billedMs, durationMs)))'

/** Hours since 1970, each by its own beginning, as a condition on `hour`. */
export function isInWindow({ fromMs, toMs }: BillWindow): string {
  const bounds = [
    ...(fromMs === null ? [] : [`hour >= ${Math.floor(fromMs / 3_600_000)}`]),
    ...(toMs === null ? [] : [`hour < ${Math.floor(toMs / 3_600_000)}`]),
  ]
  return bounds.length === 0 ? 'true' : `(hour = -1 OR (${bounds.join(' AND ')}))`
}

/**
 * One row per attempt of `attempts` (what follows FROM) and hour that it is in: `startMs` and `ms` of the whole, `fromMs` and `toMs` of
 * what lies in the hour. `isOwn` in the hour in which it began. Hour -1 holds those without a time. `wanted` is a condition on `hour`.
 */
export function spansOf(attempts: string, wanted: string): string {
  const billed = `SELECT functionName, serviceName, qualifier, instanceID, memoryMB, phase = 'invoke' AS isCall,
      status NOT IN ('throttled', 'platformError') AS isBilled, ${beganSql} AS startMs, ${busySql} AS ms
    FROM ${attempts}`
  const hours = `SELECT *, ifNull(startMs, 0) AS began, began + if(isBilled AND startMs IS NOT NULL, ifNull(ms, 0), 0) AS ended,
      toInt32(if(startMs IS NULL, -1, intDiv(began, 3600000))) AS first,
      toInt32(greatest(first, if(ended > began, intDiv(ended - 1, 3600000), first))) AS last
    FROM (${billed})`
  return `SELECT functionName, serviceName, qualifier, instanceID, memoryMB, isCall, isBilled, startMs, ms, hour, hour = first AS isOwn,
      greatest(began, hour * 3600000) AS fromMs, greatest(fromMs, least(ended, (hour + 1) * 3600000)) AS toMs
    FROM (SELECT *, arrayJoin(range(first, last + 1)) AS hour FROM (${hours})) WHERE ${wanted}`
}
