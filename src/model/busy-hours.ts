// Hot path: the hours in which an attempt may have kept its instance busy, as one number, so that they can be remembered beside it. A
// revision says with them where the attempt was before: what was summed up there has to be summed up again.
import type { Attempt } from './attempt.ts'

/** Hours since 1970, in order, packed: the first one, and behind it how many there are. 0 is none. */
export type BusyHours = number

export const noHours: BusyHours = 0

/** Bits of the number of hours. What is longer than 255 hours is cut: no attempt runs for so long. */
const countBits = 8
const maxCount = (1 << countBits) - 1

const hourMs = 3_600_000
/** What the rest of a whole number of 31 bits holds: the year 2926. */
const maxHour = (1 << (31 - countBits)) - 1

const pack = (first: number, behind: number): BusyHours => {
  const from = Math.min(maxHour, Math.max(0, first))
  return (from << countBits) | Math.min(maxCount, Math.max(1, behind - from))
}

/** The first hour. */
export const firstHour = (hours: BusyHours): number => hours >>> countBits

/** The hour behind the last one; that of {@link firstHour} when there is none. */
export const behindLastHour = (hours: BusyHours): number => (hours >>> countBits) + (hours & maxCount)

/** From its earliest possible beginning to its latest possible end; none when neither is known. */
export function busyHoursOf(
  attempt: Pick<Attempt, 'startTimeMs' | 'endTimeMs' | 'durationMs' | 'billedMs'>,
): BusyHours {
  const { startTimeMs, endTimeMs } = attempt
  const ms = Math.max(attempt.durationMs ?? 0, attempt.billedMs ?? 0)
  const began = startTimeMs ?? (endTimeMs === null ? null : endTimeMs - ms)
  if (began === null) return noHours
  const ended = Math.max(began + ms, endTimeMs ?? began)
  return pack(Math.floor(began / hourMs), Math.floor(ended / hourMs) + 1)
}

/** All hours of both, and those between them. */
export function hullOf(a: BusyHours, b: BusyHours): BusyHours {
  if (a === noHours) return b
  if (b === noHours || a === b) return a
  return pack(Math.min(firstHour(a), firstHour(b)), Math.max(behindLastHour(a), behindLastHour(b)))
}

/** So many hours more on both sides. */
export const widened = (hours: BusyHours, by: number): BusyHours =>
  hours === noHours ? noHours : pack(firstHour(hours) - by, behindLastHour(hours) + by)
