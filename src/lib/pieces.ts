// Lists cut where they get too large.

/** Parts of a list, in its order: of each no more than `limit` in sum, unless one item alone is more. */
export function piecesWithin<T>(limit: number, items: readonly T[], sizeOf: (item: T) => number): readonly T[][] {
  const pieces: T[][] = []
  let size = Number.POSITIVE_INFINITY
  for (const item of items) {
    const own = sizeOf(item)
    if (size + own > limit) {
      pieces.push([])
      size = 0
    }
    size += own
    pieces.at(-1)?.push(item)
  }
  return pieces
}
