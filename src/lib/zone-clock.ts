// Wall-clock times of a named zone to UTC. Logs are in order of time, so nearly every question is about the hour of the last one.
import { Info, type Zone } from 'luxon'

const hourMs = 3_600_000

/** Hours whose offset is remembered; a log that jumps about more than this starts the memory over. */
const maxHours = 4096

/** True for names that {@link ZoneClock} takes: IANA names, `UTC`, `UTC+8`. */
export function isKnownZone(zone: string): boolean {
  return zone !== '' && Info.normalizeZone(zone).isValid
}

/** Converts what clocks on the wall of one zone show. */
export class ZoneClock {
  readonly #name: string
  /** Made on first use: asking the system for a zone takes 16 ms, and most logs have no times that need one. */
  #zone: Zone | null = null
  readonly #offsets = new Map<number, number>()
  #lastHour = Number.NaN
  #lastOffsetMs = 0

  /** `zone` must be one that {@link isKnownZone} knows; any other throws a RangeError when the first time is converted. */
  constructor(zone: string) {
    this.#name = zone
  }

  /**
   * Unix ms of the moment at which the zone's wall clocks show `localMs` (their time written as if it were UTC). Of the two
   * moments of an hour that comes twice in autumn the earlier one; a time that spring leaves out is read with winter's offset.
   * NaN stays NaN.
   */
  toUtcMs(localMs: number): number {
    const hour = Math.floor(localMs / hourMs)
    if (hour === this.#lastHour) return localMs - this.#lastOffsetMs
    if (!Number.isFinite(hour)) return Number.NaN
    const offset = this.#offsets.get(hour) ?? this.#offsetOfHour(hour)
    // Offsets that change within the hour cannot be remembered for it.
    if (Number.isNaN(offset)) return localMs - this.#offsetAt(localMs)
    this.#lastHour = hour
    this.#lastOffsetMs = offset
    return localMs - offset
  }

  /** NaN when the offset changes within the hour (half-hour zones do that). */
  #offsetOfHour(hour: number): number {
    const first = this.#offsetAt(hour * hourMs)
    const offset = first === this.#offsetAt((hour + 1) * hourMs - 1) ? first : Number.NaN
    if (this.#offsets.size >= maxHours) this.#offsets.clear()
    this.#offsets.set(hour, offset)
    return offset
  }

  /** The offset that holds when clocks show `localMs`: guessed from both sides of any change near it. */
  #offsetAt(localMs: number): number {
    const before = this.#offsetMsAtUtc(localMs - 24 * hourMs)
    const after = this.#offsetMsAtUtc(localMs + 24 * hourMs)
    if (before === after) return before
    // The offset before the change holds as long as it agrees with itself; that is also the earlier of two readings.
    if (this.#offsetMsAtUtc(localMs - before) === before) return before
    return this.#offsetMsAtUtc(localMs - after) === after ? after : before
  }

  #offsetMsAtUtc(utcMs: number): number {
    this.#zone ??= zoneOf(this.#name)
    return this.#zone.offset(utcMs) * 60_000
  }
}

function zoneOf(name: string): Zone {
  if (!isKnownZone(name)) throw new RangeError(`unknown time zone: ${name}`)
  return Info.normalizeZone(name)
}
