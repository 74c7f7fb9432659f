// What function-hours cost: usage into CU, CU rounded up per function and hour, tiers of a month, the least that an hour costs
// (facts §D.2, §D.3).
import Big from 'big.js'
import type { PriceBook, PriceEdition } from '../model/price-book.ts'
import { monthOf } from './beijing-clock.ts'
import { editionAt } from './edition-at.ts'
import type { BilledFunction, FunctionHour } from './gather-usage.ts'
import { isNight } from './night.ts'
import { CUPrices } from './price-cu.ts'
import { noUsage, plus, type Usage, usageOf } from './usage.ts'

/** Usage with its price. */
export interface Charge extends Usage {
  /** CU that are paid for: each function-hour's rounded up. */
  readonly cu: Big
  readonly amount: Big
}

export interface HourCharge extends BilledFunction, Charge {
  /** Its beginning, unix ms. */
  readonly hourMs: number
  readonly edition: string
}

export interface FunctionCharge extends BilledFunction, Charge {}

export interface Estimate {
  readonly book: string
  readonly currency: string
  /** Of the last hour; null when there is none. */
  readonly edition: string | null
  readonly hours: readonly HourCharge[]
  readonly functions: readonly FunctionCharge[]
  readonly total: Charge
}

export interface EstimateOptions {
  readonly book: PriceBook
  readonly hasDiscount: boolean
  readonly billsAllDisk: boolean
}

export const noCharge: Charge = { ...noUsage, cu: new Big(0), amount: new Big(0) }

export const plusCharge = (a: Charge, b: Charge): Charge => ({
  ...plus(a, b),
  cu: a.cu.plus(b.cu),
  amount: a.amount.plus(b.amount),
})

/** Prices hours, which must be in the order of time: a month's tiers fill up from its first hour that is there. */
export function estimate(hours: readonly FunctionHour[], options: EstimateOptions): Estimate {
  const pricing = new Pricing(options)
  const charges = hours.map(hour => pricing.charge(hour))
  const functions = new Map<string, FunctionCharge>()
  let total = noCharge
  for (const charge of charges) {
    const { functionName, serviceName, region } = charge
    const key = JSON.stringify([region, serviceName, functionName])
    const sum = plusCharge(functions.get(key) ?? noCharge, charge)
    functions.set(key, { functionName, serviceName, region, ...sum })
    total = plusCharge(total, charge)
  }
  const { book, currency } = options.book
  return {
    book,
    currency,
    edition: charges.at(-1)?.edition ?? null,
    hours: charges,
    functions: [...functions.values()],
    total,
  }
}

class Pricing {
  readonly #options: EstimateOptions
  readonly #prices = new Map<PriceEdition, CUPrices>()
  /** CU so far, by month and what tiers are counted for. */
  readonly #used = new Map<string, Big>()

  constructor(options: EstimateOptions) {
    this.#options = options
  }

  charge({ times, hourMs, functionName, serviceName, region }: FunctionHour): HourCharge {
    const { book, billsAllDisk } = this.#options
    const edition = editionAt(book, hourMs)
    if (edition === null) throw new RangeError('BUG: an hour before the book')
    const rules = { edition, billsAllDisk, isNight: isNight(hourMs, edition) }
    const usage = times.reduce((sum, time) => plus(sum, usageOf(time, time.size, rules)), noUsage)
    const cu = usage.cuExact.round(0, Big.roundUp)
    const account = `${monthOf(hourMs)} ${book.tiersPer === 'region' ? region : ''}`
    const before = this.#used.get(account) ?? new Big(0)
    this.#used.set(account, before.plus(cu))
    const own = this.#pricesOf(edition).amountOf(cu, before)
    const hasGpu = times.some(({ size }) => size.gpu !== null)
    const floor = edition.floor === null || hasGpu ? null : new Big(edition.floor)
    const amount = floor?.gt(own) ? floor : own
    return { functionName, serviceName, region, hourMs, edition: edition.edition, ...usage, cu, amount }
  }

  #pricesOf(edition: PriceEdition): CUPrices {
    const known = this.#prices.get(edition)
    if (known !== undefined) return known
    const prices = new CUPrices(edition, this.#options.hasDiscount)
    this.#prices.set(edition, prices)
    return prices
  }
}
