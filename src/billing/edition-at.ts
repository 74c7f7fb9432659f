// Which edition of a price book holds at a moment.
import type { PriceBook, PriceEdition } from '../model/price-book.ts'

/** The newest edition that has begun by `unixMs`; null before the first one. */
export const editionAt = ({ editions }: PriceBook, unixMs: number): PriceEdition | null =>
  editions.findLast(({ fromMs }) => fromMs <= unixMs) ?? null
