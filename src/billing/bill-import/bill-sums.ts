// Lines of a bill added up by function and day, so that a bill of any length takes the room of what is compared.
import Big from 'big.js'
import type { LineKind } from '../../model/bill-mapping.ts'
import { billFault, quoted } from './bill-fault.ts'
import type { BilledName, BillLine } from './bill-line.ts'

/** Usage and money of an hour, where the bill tells hours. */
export interface BillHour {
  readonly cu: Big
  readonly payable: Big
}

/** What the bill says of a function on a day, or in a month. */
export interface BillCell extends BilledName {
  /** YYYY-MM */
  readonly month: string
  /** YYYY-MM-DD in Beijing; null in a bill by months. */
  readonly day: string | null
  /** Of usage. */
  readonly lines: number
  /** To be paid for usage. */
  readonly payable: Big
  /** At list price; null when a line does not say. */
  readonly list: Big | null
  readonly discount: Big
  readonly coupon: Big
  /** Money that savings plans took over. */
  readonly plan: Big
  readonly roundedOff: Big
  readonly adjustment: Big
  readonly adjustmentLines: number
  /** Lines of rounding. */
  readonly rounding: Big
  /** Before deduction; null when no line tells CU. */
  readonly cu: Big | null
  readonly asleepCU: Big
  readonly deductedCU: Big
  /** Null when no line tells calls. */
  readonly invocations: Big | null
  /** By their beginning, unix ms; empty when the bill does not tell hours. */
  readonly hours: ReadonlyMap<number, BillHour>
  /** Billing items whose usage the mapping does not know, and how many lines each has. */
  readonly unknownItems: ReadonlyMap<string, number>
}

/** Lines that belong to no function and day. */
export interface AccountLines {
  readonly kind: Exclude<LineKind, 'usage'> | 'unmappedLine' | 'undatedLine'
  readonly lines: number
  readonly amount: Big
  /** Places of the first ones. */
  readonly places: readonly string[]
}

type Open<T> = { -readonly [K in keyof T]: T[K] }
type OpenCell = Open<Omit<BillCell, 'hours' | 'unknownItems'>> & {
  hours: Map<number, BillHour>
  unknownItems: Map<string, number>
  /** Of usage lines, for what becomes of cells that cannot be compared. */
  places: string[]
}

/** Function-days and function-hours that are kept; far more than an account has. */
const maxCells = 500_000
const maxHours = 4_000_000
const maxPlaces = 3
const maxItems = 20
const zero = new Big(0)

export class BillSums {
  readonly #month: string | null
  readonly #cells = new Map<string, OpenCell>()
  readonly #account = new Map<AccountLines['kind'], Open<AccountLines> & { places: string[] }>()
  #hours = 0
  #currency: { readonly code: string; readonly place: string } | null = null
  #digits = 0
  #lines = 0
  #otherMonths = 0

  /** Only lines of `month` count; null for all. */
  constructor(month: string | null) {
    this.#month = month
  }

  /** Fails with `FCS_INPUT_CORRUPT` when a line is in another currency than those before it, or there are too many. */
  add(line: BillLine): void {
    this.#lines += 1
    this.#checkCurrency(line)
    if (this.#month !== null && line.month !== this.#month) {
      this.#otherMonths += 1
      return
    }
    if (line.kind === 'planPurchase' || (line.kind !== 'usage' && line.functionName === null)) {
      this.#addAccount(line.kind, line.payable, { lines: 1, places: [line.place] })
      return
    }
    this.#digits = Math.max(this.#digits, line.digits)
    addLine(this.#cellOf(line), line)
    this.#addHour(line)
  }

  /** What was added. */
  finish(): FinishedSums {
    const all = [...this.#cells.values()]
    const isMonthly = all.every(({ day }) => day === null)
    const isWhole = all.every(({ functionName }) => functionName === null)
    const cells: BillCell[] = []
    for (const cell of all) {
      const isUndated = !isMonthly && cell.day === null
      if (!isUndated && (isWhole || cell.functionName !== null)) cells.push(withoutPlaces(cell))
      else
        this.#addAccount(
          isUndated ? 'undatedLine' : 'unmappedLine',
          cell.payable.plus(cell.adjustment).plus(cell.rounding),
          cell,
        )
    }
    return {
      cells,
      account: [...this.#account.values()],
      currency: this.#currency?.code ?? null,
      digits: this.#digits,
      lines: this.#lines,
      otherMonthLines: this.#otherMonths,
      isMonthly: isMonthly && all.length > 0,
      isWholeAccount: isWhole && all.length > 0,
    }
  }

  #checkCurrency({ currency, place }: BillLine): void {
    this.#currency ??= { code: currency, place }
    if (this.#currency.code === currency) return
    throw billFault(place, {
      en: `the currency is ${quoted(currency)}, but ${this.#currency.place} has ${quoted(this.#currency.code)}; a bill in two currencies cannot be compared`,
      zh: `币种为 ${quoted(currency)}，而 ${this.#currency.place} 为 ${quoted(this.#currency.code)}；含两种币种的账单无法核对`,
    })
  }

  #cellOf({ functionName, serviceName, region, month, day, place }: BillLine): OpenCell {
    const key = JSON.stringify([region, serviceName, functionName, day ?? month])
    const known = this.#cells.get(key)
    if (known !== undefined) return known
    if (this.#cells.size >= maxCells)
      throw billFault(place, {
        en: `more than ${maxCells} functions and days; give one month, or fewer files`,
        zh: `超过 ${maxCells} 个函数日，请只提供一个月或更少的文件`,
      })
    const cell: OpenCell = { functionName, serviceName, region, month, day, ...nothing(), places: [] }
    this.#cells.set(key, cell)
    return cell
  }

  #addHour(line: BillLine): void {
    const { hourMs, usage, payable, kind, place } = line
    if (hourMs === null || kind !== 'usage') return
    const { hours } = this.#cellOf(line)
    const before = hours.get(hourMs)
    if (before === undefined) this.#hours += 1
    if (this.#hours > maxHours)
      throw billFault(place, {
        en: `more than ${maxHours} function-hours; give fewer files`,
        zh: `超过 ${maxHours} 个函数小时，请减少文件`,
      })
    const cu = usage?.resource === 'cu' ? usage.total : zero
    hours.set(hourMs, { cu: cu.plus(before?.cu ?? zero), payable: payable.plus(before?.payable ?? zero) })
  }

  #addAccount(kind: AccountLines['kind'], amount: Big, more: { lines: number; places: readonly string[] }): void {
    const sum = this.#account.get(kind) ?? { kind, lines: 0, amount: zero, places: [] }
    sum.lines += more.lines
    sum.amount = sum.amount.plus(amount)
    sum.places.push(...more.places.slice(0, maxPlaces - sum.places.length))
    this.#account.set(kind, sum)
  }
}

export interface FinishedSums {
  readonly cells: readonly BillCell[]
  readonly account: readonly AccountLines[]
  /** Null when there is no line. */
  readonly currency: string | null
  /** Most digits behind the point of an amount. */
  readonly digits: number
  /** Of Function Compute. */
  readonly lines: number
  /** Those of them that another month has. */
  readonly otherMonthLines: number
  /** No line tells a day. */
  readonly isMonthly: boolean
  /** No line names a function. */
  readonly isWholeAccount: boolean
}

const withoutPlaces = ({ places: _, ...cell }: OpenCell): BillCell => cell

const nothing = () => ({
  lines: 0,
  payable: zero,
  list: zero,
  discount: zero,
  coupon: zero,
  plan: zero,
  roundedOff: zero,
  adjustment: zero,
  adjustmentLines: 0,
  rounding: zero,
  cu: null,
  asleepCU: zero,
  deductedCU: zero,
  invocations: null,
  hours: new Map<number, BillHour>(),
  unknownItems: new Map<string, number>(),
})

function addLine(cell: OpenCell, line: BillLine): void {
  if (cell.places.length < maxPlaces) cell.places.push(line.place)
  if (line.kind === 'adjustment') {
    cell.adjustment = cell.adjustment.plus(line.payable)
    cell.adjustmentLines += 1
    return
  }
  if (line.kind === 'rounding') {
    cell.rounding = cell.rounding.plus(line.payable)
    return
  }
  cell.lines += 1
  cell.payable = cell.payable.plus(line.payable)
  cell.list = cell.list === null || line.list === null ? null : cell.list.plus(line.list)
  cell.discount = cell.discount.plus(line.discount)
  cell.coupon = cell.coupon.plus(line.coupon)
  cell.plan = cell.plan.plus(line.plan)
  cell.roundedOff = cell.roundedOff.plus(line.roundedOff)
  addUsage(cell, line)
}

function addUsage(cell: OpenCell, { usage, item }: BillLine): void {
  if (usage === null) {
    if (cell.unknownItems.size < maxItems || cell.unknownItems.has(item))
      cell.unknownItems.set(item, (cell.unknownItems.get(item) ?? 0) + 1)
    return
  }
  const { resource, total, deducted, isAsleep } = usage
  if (resource === 'invocations') cell.invocations = (cell.invocations ?? zero).plus(total)
  if (resource !== 'cu') return
  cell.cu = (cell.cu ?? zero).plus(total)
  cell.deductedCU = cell.deductedCU.plus(deducted)
  if (isAsleep) cell.asleepCU = cell.asleepCU.plus(total)
}
