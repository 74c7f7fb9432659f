// The clock of bills: Beijing's, which has had no other time since 1991.

const offsetMs = 8 * 3_600_000

/** `2026-01-15T09:00:00` in Beijing. */
export const beijingTime = (unixMs: number): string => new Date(unixMs + offsetMs).toISOString().slice(0, 19)

/** 0 to 23. */
export const beijingHour = (unixMs: number): number => Math.floor((unixMs + offsetMs) / 3_600_000) % 24

/** YYYY-MM in Beijing. */
export function monthOf(unixMs: number): string {
  const at = new Date(unixMs + offsetMs)
  return `${at.getUTCFullYear()}-${String(at.getUTCMonth() + 1).padStart(2, '0')}`
}
