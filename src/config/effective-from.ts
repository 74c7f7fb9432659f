// From when on an entry of a configuration file holds.
import { DateTime } from 'luxon'

/** Where Function Compute's day begins: times without a zone are Beijing time, as in its console and bills. */
const platformZone = 'Asia/Shanghai'

/** luxon takes more than we allow (`T12`, which is today; `2025-W01`), so the shape comes first. */
const shape = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/

/**
 * Unix ms of `2025-06-01`, `2025-06-01T08:30`, `2025-06-01T08:30:00.5+08:00` or `…Z`; a blank may stand for the `T`.
 * A date is its midnight. Null for anything else, also for the 30th of February.
 */
export function readEffectiveFrom(text: string): number | null {
  const iso = text[10] === ' ' ? `${text.slice(0, 10)}T${text.slice(11)}` : text
  if (!shape.test(iso)) return null
  const time = DateTime.fromISO(iso, { zone: platformZone })
  return time.isValid ? time.toMillis() : null
}
