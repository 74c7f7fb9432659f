// The difference of a cell while reasons take their parts of it.
import Big from 'big.js'
import type { Fact, Reason, ReasonCode } from './reason.ts'

const zero = new Big(0)
/** Behind the point: more than prices lead to, so that only quotients (average prices) are rounded. */
const digits = 12

export class Explanation {
  readonly #reasons: Reason[] = []
  /** Bill minus ours, less what reasons took. */
  #rest: Big

  constructor(difference: Big) {
    this.#rest = difference
  }

  get rest(): Big {
    return this.#rest
  }

  /** Takes `amount` of the rest; null says that the reason is there and cannot be told apart from others. */
  take(code: ReasonCode, amount: Big | null, facts: readonly Fact[], isEstimate = false): void {
    const part = amount?.round(digits) ?? null
    if (part?.eq(0) === true) return
    this.#reasons.push({ code, amount: part, facts, isEstimate })
    if (part !== null) this.#rest = this.#rest.minus(part)
  }

  /** The greatest first; what has no amount stands where its share of the rest would. Then in the order in which they were found. */
  ranked(): readonly Reason[] {
    const weight = ({ amount }: Reason): Big => (amount ?? this.#rest).abs()
    return this.#reasons.toSorted((a, b) => weight(b).cmp(weight(a)))
  }
}

/** All of `limit` that `amount` reaches, towards nought; both have one sign, or the answer is nought. */
export function within(amount: Big, limit: Big): Big {
  if (amount.times(limit).lte(0)) return zero
  return amount.abs().lt(limit.abs()) ? amount : limit
}
