// The range that was asked for, and what is read beside it so that attempts at its edges are whole.

/** Where a row is from: the range itself, or its margins. */
export type RangePart = 'before' | 'within' | 'behind'

/** Unix seconds; ends are not part of it. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

export interface RangeWish {
  readonly fromMs: number
  readonly toMs: number
  /** The longest that an attempt takes. */
  readonly marginMs: number
  /** Nothing later than this is there to be read. */
  readonly nowMs: number
}

/** A range and its margins, in whole seconds as the service counts. */
export interface ReadRange {
  readonly within: TimeSpan
  /** All that is read. */
  readonly all: TimeSpan
  readonly marginSeconds: number
}

/** What is to be read. The range is empty when all of it is yet to come. */
export function readRange({ fromMs, toMs, marginMs, nowMs }: RangeWish): ReadRange {
  const marginSeconds = Math.ceil(marginMs / 1000)
  const now = Math.floor(nowMs / 1000)
  const from = Math.min(Math.floor(fromMs / 1000), now)
  const to = Math.min(Math.ceil(toMs / 1000), now)
  const all = { from: Math.max(0, from - marginSeconds), to: Math.min(to + marginSeconds, now) }
  return { within: { from, to }, all, marginSeconds }
}

/** In the order of time. */
export const partsOf = ({ within, all }: ReadRange): readonly (TimeSpan & { readonly part: RangePart })[] => [
  { part: 'before', from: all.from, to: within.from },
  { part: 'within', ...within },
  { part: 'behind', from: within.to, to: all.to },
]
