// Hours of `usage_hours` are replaced as a whole.
import { usagePart } from '../schema/usage-hours.ts'
import { maxGroupBytes } from './instance-hours.ts'

export interface HoursToReplace {
  /** Hours since 1970. */
  readonly hours: readonly number[]
  /** SQL of rows with `hour`, `functionName`, `serviceName` and the parts `fresh`; null for none. */
  readonly rows: string | null
  readonly isRounded: boolean
  /** The newest insert into `attempts` that they know of. */
  readonly upTo: number
  /** Hours since 1970; what was stored for an earlier hour may be gone from the store by now: there more is worth more than newer. */
  readonly completeFrom: number
}

/** A statement. A function that is in none of the attempts any more has a row without parts. */
export function replaceHoursSql({ hours, rows, isRounded, upTo, completeFrom }: HoursToReplace): string {
  const list = hours.join(', ')
  const noParts = `CAST([], 'Array(${usagePart})')`
  const count = (parts: string): string => `arraySum(part -> part.attempts + part.notBilled, ${parts})`
  const fresh =
    rows === null
      ? ''
      : `SELECT hour, functionName, serviceName, fresh, ${noParts} AS stored FROM (${rows}) WHERE hour IN (${list}) UNION ALL `
  return `INSERT INTO usage_hours (hour, functionName, serviceName, isRounded, parts, upTo)
    SETTINGS async_insert = 0, max_threads = 1, max_bytes_before_external_group_by = ${maxGroupBytes}
    SELECT hour, functionName, serviceName, ${isRounded},
      if(hour < ${completeFrom} AND ${count('before')} > ${count('now')}, before, now) AS parts, ${upTo} AS upTo
    FROM (
      SELECT hour, functionName, serviceName, groupArrayArray(fresh) AS now, groupArrayArray(stored) AS before
      FROM (${fresh}SELECT hour, functionName, serviceName, ${noParts} AS fresh, parts AS stored FROM usage_hours FINAL
        WHERE isRounded = ${isRounded} AND hour IN (${list}))
      GROUP BY hour, functionName, serviceName)`
}
