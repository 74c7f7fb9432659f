// `fcscope bill price`: what a number of CU costs, by the edition of a day.
import Big from 'big.js'
import { editionAt } from '../../billing/edition-at.ts'
import { CUPrices } from '../../billing/price-cu.ts'
import { readEffectiveFrom } from '../../config/effective-from.ts'
import { FcscopeError } from '../../model/fcscope-error.ts'
import { openPriceBook } from './price-books.ts'

export interface PriceRequest {
  /** A decimal that is not negative. */
  readonly cu: string
  readonly book: string
  /** A date or a time, by Beijing's clock where it does not say; null for now. */
  readonly at: string | null
  /** Unix ms. */
  readonly nowMs: number
  readonly hasDiscount: boolean
}

/** Amounts as exact decimals. */
export interface PricedCU {
  readonly book: string
  readonly edition: string
  readonly cu: string
  readonly currency: string
  readonly amount: string
  readonly tiers: readonly {
    readonly upTo: string | null
    readonly cu: string
    readonly price: string
    readonly amount: string
  }[]
}

/** Fails with an `FcscopeError` when there is no such book, or none for that day. */
export function priceCUAt({ cu, book: name, at, nowMs, hasDiscount }: PriceRequest): PricedCU {
  const atMs = at === null ? nowMs : readEffectiveFrom(at)
  if (atMs === null) {
    throw new FcscopeError('FCS_USAGE', {
      en: `--at: '${at}' is no date like 2025-12-09, and no time like 2025-12-09T08:30:00+08:00.`,
      zh: `--at：'${at}' 不是 2025-12-09 这样的日期，也不是 2025-12-09T08:30:00+08:00 这样的时间。`,
    })
  }
  const book = openPriceBook(name)
  const edition = editionAt(book, atMs)
  if (edition === null) {
    const first = book.editions[0]?.edition
    throw new FcscopeError('FCS_USAGE', {
      en: `--at: ${book.book} begins on ${first}; before that Function Compute was not billed in CU.`,
      zh: `--at：${book.book} 自 ${first} 起；此前函数计算不按 CU 计费。`,
    })
  }
  const tiers = new CUPrices(edition, hasDiscount).tiersOf(new Big(cu), new Big(0))
  return {
    book: book.book,
    edition: edition.edition,
    cu: new Big(cu).toFixed(),
    currency: book.currency,
    amount: tiers.reduce((sum, { amount }) => sum.plus(amount), new Big(0)).toFixed(),
    tiers: tiers.map(({ upTo, cu: part, price, amount }) => ({
      upTo,
      cu: part.toFixed(),
      price: price.toFixed(),
      amount: amount.toFixed(),
    })),
  }
}
