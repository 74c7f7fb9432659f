// Hours that belong together, so that a condition names a few ranges and not hundreds of hours.

/** Hours since 1970, `[from, to)`. */
export interface HourRange {
  readonly from: number
  readonly to: number
}

/** What an attempt reaches back anyway. */
const gapHours = 26
/** More are one: a condition stays short. */
const maxRanges = 50

/** Ranges that hold all of the hours, and little else. */
export function rangesOf(hours: readonly number[]): readonly HourRange[] {
  const ranges: { from: number; to: number }[] = []
  for (const hour of hours.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && hour - last.to <= gapHours) last.to = Math.max(last.to, hour + 1)
    else ranges.push({ from: hour, to: hour + 1 })
  }
  if (ranges.length <= maxRanges) return ranges
  return [{ from: ranges[0]!.from, to: ranges.at(-1)!.to }]
}
