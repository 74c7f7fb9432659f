// Our side: function-hours with their price, and with what they would cost by other rules that a bill might follow.
import Big from 'big.js'
import type { PriceBook } from '../../model/price-book.ts'
import { type EstimateOptions, estimate } from '../estimate.ts'
import type { BilledFunction, FunctionHour } from '../gather-usage.ts'

/** Other rules: without the least price of an hour, disk the other way round, the discount the other way round. */
export const otherRules = ['noFloor', 'otherDisk', 'otherDiscount'] as const
export type OtherRule = (typeof otherRules)[number]

export interface RuleCharge {
  readonly cu: Big
  readonly amount: Big
}

/** What an hour, or several, come to. */
export interface OurFigures {
  readonly invocations: number
  readonly activeMs: number
  readonly asleepMs: number
  readonly cuExact: Big
  /** Of `cuExact`, without the time asleep. */
  readonly activeCU: Big
  readonly cu: Big
  readonly amount: Big
  readonly byOtherRules: Readonly<Record<OtherRule, RuleCharge>>
}

export interface OurHour extends BilledFunction, OurFigures {
  /** Its beginning, unix ms. */
  readonly hourMs: number
}

/** The hours, priced; they must be in the order of time. */
export function priceHours(hours: readonly FunctionHour[], options: EstimateOptions): readonly OurHour[] {
  const { book, hasDiscount, billsAllDisk } = options
  const sleeps = hours.some(({ times }) => times.some(({ asleepMs }) => asleepMs > 0))
  const activeCU = sleeps ? estimate(hours.map(awake), options).hours.map(({ cuExact }) => cuExact) : null
  const noFloor = chargesBy(hours, { ...options, book: withoutFloor(book) })
  const otherDisk = chargesBy(hours, { ...options, billsAllDisk: !billsAllDisk })
  const otherDiscount = chargesBy(hours, { ...options, hasDiscount: !hasDiscount })
  return estimate(hours, options).hours.map((charge, i) => {
    const { functionName, serviceName, region, hourMs, invocations, cuExact, cu, amount } = charge
    let activeMs = 0
    let asleepMs = 0
    for (const time of hours[i]?.times ?? []) {
      activeMs += time.activeMs
      asleepMs += time.asleepMs
    }
    const byOtherRules = {
      noFloor: noFloor[i] ?? noRuleCharge,
      otherDisk: otherDisk[i] ?? noRuleCharge,
      otherDiscount: otherDiscount[i] ?? noRuleCharge,
    }
    const times = { hourMs, invocations, activeMs, asleepMs }
    const figures = { cuExact, activeCU: activeCU?.[i] ?? cuExact, cu, amount, byOtherRules }
    return { functionName, serviceName, region, ...times, ...figures }
  })
}

/** Only what is compared: whole charges of four estimates would be most of the memory. */
const chargesBy = (hours: readonly FunctionHour[], options: EstimateOptions): readonly RuleCharge[] =>
  estimate(hours, options).hours.map(({ cu, amount }) => ({ cu, amount }))

const awake = (hour: FunctionHour): FunctionHour => ({
  ...hour,
  times: hour.times.map(time => ({ ...time, asleepMs: 0 })),
})

const withoutFloor = (book: PriceBook): PriceBook => ({
  ...book,
  editions: book.editions.map(edition => ({ ...edition, floor: null })),
})

export const noRuleCharge: RuleCharge = { cu: new Big(0), amount: new Big(0) }
