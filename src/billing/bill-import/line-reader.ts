// Rows of a bill into lines. Fails for what is there and cannot be understood; nothing is guessed for it.
import Big from 'big.js'
import type { BilledItem, BillField, BillMapping, FieldPattern } from '../../model/bill-mapping.ts'
import { hourMs as hourLength } from '../active-runs.ts'
import { beijingTime } from '../beijing-clock.ts'
import { billFault, quoted } from './bill-fault.ts'
import type { BilledName, BillLine, LineUsage } from './bill-line.ts'
import { digitsOf, isAmbiguousNumber, isEmptyCell, readDay, readDecimal, readMonth, readTime } from './read-cell.ts'

/** The text of a field in a row; empty where there is none. */
export type CellOf = (field: BillField) => string

/** Longest text that a pattern is tried on, in UTF-16 units: texts are somebody else's. */
const maxMatched = 512
/** Longest name of an item that is kept. */
const maxItem = 200
const zero = new Big(0)
const dayMs = 86_400_000

/** Gives null for a line that is not of Function Compute. */
export class LineReader {
  readonly #mapping: BillMapping

  constructor(mapping: BillMapping) {
    this.#mapping = mapping
  }

  /** Fails with `FCS_INPUT_CORRUPT`, naming `place`. */
  read(cell: CellOf, place: string): BillLine | null {
    const { functionCompute, kinds } = this.#mapping
    const text: CellOf = field => presentText(cell(field))
    if (!functionCompute.some(rule => fits(rule, text))) return null
    const kind = kinds.find(rule => fits(rule, text))?.kind ?? 'usage'
    const row = new Row(text, place)
    const payable = row.decimal('payable')
    if (payable === null) throw row.fault('payable', { en: 'the amount is missing', zh: '缺少金额' })
    if (kind === 'usage' && payable.lt(0)) {
      throw row.fault('payable', {
        en: 'a negative amount in a line that is neither a refund nor an adjustment; see kinds of the mapping',
        zh: '既非退款也非调账的行出现负金额；参见映射的 kinds',
      })
    }
    const amount = (field: BillField): Big => row.decimal(field) ?? zero
    return {
      place,
      kind,
      ...this.#nameOf(text),
      ...this.#timeOf(row),
      item: (text('itemName') || text('itemCode')).slice(0, maxItem).toWellFormed(),
      usage: kind === 'usage' ? this.#usageOf(row) : null,
      list: row.decimal('listAmount'),
      discount: amount('discountAmount').abs(),
      coupon: amount('couponAmount').abs(),
      plan: amount('planAmount').abs(),
      roundedOff: amount('roundedOff').abs(),
      payable,
      digits: digitsOf(text('payable')),
      currency: this.#currencyOf(row),
    }
  }

  #nameOf(text: CellOf): BilledName {
    const region = this.#regionOf(text('region'))
    for (const { field, pattern } of this.#mapping.names) {
      const groups = pattern.exec(text(field).slice(0, maxMatched))?.groups
      const functionName = groups?.['functionName']
      if (groups === undefined || functionName === undefined) continue
      return { functionName, serviceName: groups['serviceName'] ?? null, region: groups['region'] ?? region }
    }
    return { functionName: null, serviceName: null, region }
  }

  /** A name that is not known is no id: what cannot be compared is left out of the comparison. */
  #regionOf(text: string): string | null {
    const own = this.#mapping.regions.get(text) ?? this.#mapping.regions.get(text.normalize('NFKC'))
    return own ?? (/^[a-z]{2}-[a-z0-9-]{2,40}$/.test(text) ? text : null)
  }

  /** By the hour of usage where it is near the bill's day: an export by days may tell when a month or a resource began instead. */
  #timeOf(row: Row): Pick<BillLine, 'month' | 'day' | 'hourMs'> {
    const day = row.read('day', readDay, { en: 'a day like 2026-01-15', zh: '日期，如 2026-01-15' })
    const start = row.read('usageStart', text => this.#startOf(text), {
      en: 'a time like 2026-01-15 10:00:00',
      zh: '时间，如 2026-01-15 10:00:00',
    })
    if (start !== null && (day === null || areNear(start.day, day))) {
      const { day: usageDay, hourMs } = start
      // A day without an hour is no better than the bill's own.
      return hourMs === null && day !== null ? dated(day, null) : dated(usageDay, hourMs)
    }
    if (day !== null) return dated(day, null)
    const month = row.read('month', readMonth, { en: 'a month like 2026-01', zh: '月份，如 2026-01' })
    if (month === null) throw row.fault('month', { en: 'no time is told', zh: '缺少时间' })
    return { month, day: null, hourMs: null }
  }

  #startOf(text: string): { readonly day: string; readonly hourMs: number | null } | null {
    const ms = readTime(text, this.#mapping.utcOffsetMs)
    if (ms !== null) return { day: beijingTime(ms).slice(0, 10), hourMs: Math.floor(ms / hourLength) * hourLength }
    const day = readDay(text)
    return day === null ? null : { day, hourMs: null }
  }

  #usageOf(row: Row): LineUsage | null {
    const item = this.#mapping.items.find(rule => fits(rule, field => row.text(field)))
    const before = row.decimal('usageBeforeDeduction')
    const told = row.decimal('usage')
    const taken = row.decimal('usageDeducted')
    for (const [field, value] of [
      ['usageBeforeDeduction', before],
      ['usage', told],
      ['usageDeducted', taken],
    ] as const) {
      if (value?.lt(0) === true) throw row.fault(field, { en: 'the usage is negative', zh: '用量为负' })
    }
    if (item === undefined || (before === null && told === null)) return null
    const rest = told ?? zero
    const deducted = taken ?? (before === null || told === null ? zero : positive(before.minus(rest)))
    const total = before ?? (this.#mapping.isUsageAfterDeduction ? rest.plus(deducted) : rest)
    return scaled(item, total, deducted)
  }

  #currencyOf(row: Row): string {
    const text = row.text('currency')
    const code = this.#mapping.currencies.get(text) ?? this.#mapping.fixedCurrency ?? text.toUpperCase()
    if (/^[A-Z]{3}$/.test(code)) return code
    throw row.fault('currency', {
      en: 'no currency; see currencies of the mapping',
      zh: '不是币种；参见映射的 currencies',
    })
  }
}

/** The cells of one row, with words for what is wrong in them. */
class Row {
  readonly text: CellOf
  readonly #place: string

  constructor(text: CellOf, place: string) {
    this.text = text
    this.#place = place
  }

  /** Null where nothing stands. */
  decimal(field: BillField): Big | null {
    const text = this.text(field)
    if (text === '') return null
    const value = readDecimal(text)
    if (value !== null) return value
    throw isAmbiguousNumber(text)
      ? this.fault(field, {
          en: `may mean ${text.replace(',', '')} or ${text.replace(',', '.')}; write it without the comma`,
          zh: `可能是 ${text.replace(',', '')} 或 ${text.replace(',', '.')}，请去掉逗号`,
        })
      : this.fault(field, { en: 'no decimal number', zh: '不是十进制数' })
  }

  read<T>(field: BillField, parse: (text: string) => T | null, wanted: { en: string; zh: string }): T | null {
    const text = this.text(field)
    if (text === '') return null
    const value = parse(text)
    if (value !== null) return value
    throw this.fault(field, { en: `allowed: ${wanted.en}`, zh: `应为${wanted.zh}` })
  }

  fault(field: BillField, what: { en: string; zh: string }): Error {
    const found = quoted(this.text(field))
    return billFault(this.#place, {
      en: `${field}: found ${found}: ${what.en}`,
      zh: `${field}：实际为 ${found}：${what.zh}`,
    })
  }
}

const presentText = (text: string): string => {
  const plain = text.trim()
  return isEmptyCell(plain) ? '' : plain
}

const fits = ({ field, pattern }: FieldPattern, text: CellOf): boolean => pattern.test(text(field).slice(0, maxMatched))

const positive = (value: Big): Big => (value.lt(0) ? zero : value)

const scaled = ({ resource, isAsleep, scale }: BilledItem, total: Big, deducted: Big): LineUsage => ({
  resource,
  isAsleep,
  total: total.times(scale),
  deducted: deducted.times(scale),
})

const dated = (day: string, hourMs: number | null): Pick<BillLine, 'month' | 'day' | 'hourMs'> => ({
  month: day.slice(0, 7),
  day,
  hourMs,
})

/** A bill's day may be the one on which the last hour of the day before was settled. */
const areNear = (one: string, other: string): boolean =>
  Math.abs(Date.parse(`${one}T00:00:00Z`) - Date.parse(`${other}T00:00:00Z`)) <= dayMs
