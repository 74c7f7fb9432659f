// When a difference is too large, and how large it is.
import Big from 'big.js'

/** Multiplied out: no quotient is rounded. */
export const exceeds = (difference: Big, base: Big, thresholdPercent: Big): boolean =>
  difference.abs().times(100).gt(base.times(thresholdPercent))

/** Percent with two digits behind the point, for people; null where there is nothing to compare with. */
export function percentOf(difference: Big, base: Big): string | null {
  if (base.eq(0)) return difference.eq(0) ? '0' : null
  return difference.times(100).div(base).round(2, Big.roundHalfUp).toFixed()
}
