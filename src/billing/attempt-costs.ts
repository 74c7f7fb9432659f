// What single attempts cost by the tier that their month has reached: an estimate as it comes, which rounds nothing up (facts §D.2).
import type { Attempt } from '../model/attempt.ts'
import type { AttemptCosts, CostAccount } from '../model/attempt-costs.ts'
import type { PriceBook, PriceEdition } from '../model/price-book.ts'
import { hourMs } from './active-runs.ts'
import type { ConfigOf } from './attempt-hours.ts'
import { monthOf } from './beijing-clock.ts'
import { editionAt } from './edition-at.ts'

/** Counters are binary numbers, and so are these. */
interface Tier {
  /** Last CU of the month; infinite in the last tier. */
  readonly end: number
  readonly price: number
}

export function createAttemptCosts(parts: {
  readonly book: PriceBook
  readonly configOf: ConfigOf
  readonly hasDiscount: boolean
}): AttemptCosts {
  const { book, configOf, hasDiscount } = parts
  const tiers = new Map<PriceEdition, readonly Tier[]>()
  const accounts = new Map<string, CostAccount>()
  let hour = Number.NaN
  let month = ''

  const tiersOf = (edition: PriceEdition): readonly Tier[] => {
    const known = tiers.get(edition)
    if (known !== undefined) return known
    const made = edition.tiers.map(({ upTo, price, discounted }) => ({
      end: upTo === null ? Number.POSITIVE_INFINITY : Number(upTo),
      price: Number(edition.hasDiscount && hasDiscount ? discounted : price),
    }))
    tiers.set(edition, made)
    return made
  }

  return {
    currency: book.currency,

    accountOf: attempt => {
      const atMs = timeOf(attempt)
      if (atMs === null || editionAt(book, atMs) === null) return null
      const began = Math.floor(atMs / hourMs)
      if (began !== hour) {
        hour = began
        month = monthOf(atMs)
      }
      const region = (book.tiersPer === 'region' && configOf(attempt, atMs)?.region) || ''
      const key = `${month} ${region}`
      let account = accounts.get(key)
      if (account === undefined) {
        account = { month, region }
        accounts.set(key, account)
      }
      return account
    },

    amountOf: (attempt, before) => {
      const atMs = timeOf(attempt)
      const edition = atMs === null ? null : editionAt(book, atMs)
      let left = Number(attempt.cu)
      let at = before
      let amount = 0
      for (const { end, price } of edition === null ? [] : tiersOf(edition)) {
        const part = Math.min(left, Math.max(0, end - at))
        amount += part * price
        at += part
        left -= part
        if (left <= 0) break
      }
      return amount
    },
  }
}

const timeOf = ({ startTimeMs, endTimeMs }: Attempt): number | null => startTimeMs ?? endTimeMs
