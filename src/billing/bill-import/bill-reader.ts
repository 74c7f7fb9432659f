// Files of a bill, one after the other, into sums.
import type { BillField, BillMapping } from '../../model/bill-mapping.ts'
import { billFault } from './bill-fault.ts'
import type { BillLine } from './bill-line.ts'
import { BillSums, type FinishedSums } from './bill-sums.ts'
import { readCsvRows } from './csv-rows.ts'
import { decodeBill, looksLikeJson } from './decode-bill.ts'
import { findColumns } from './find-columns.ts'
import { type Page, PageCount, pagesOf } from './json-pages.ts'
import { LineReader } from './line-reader.ts'
import { type JsonObject, splitJson } from './split-json.ts'

export interface Bill extends FinishedSums {
  readonly currency: string
  /** Of everything in the files. */
  readonly rows: number
}

/** Takes whole files; bills are bounded before. */
export class BillReader {
  readonly #mapping: BillMapping
  readonly #lines: LineReader
  readonly #sums: BillSums
  readonly #pages = new PageCount()
  #rows = 0

  /** Only lines of `month` (YYYY-MM) count; null for all. */
  constructor(mapping: BillMapping, month: string | null) {
    this.#mapping = mapping
    this.#lines = new LineReader(mapping)
    this.#sums = new BillSums(month)
  }

  /** Fails with `FCS_INPUT_CORRUPT`, naming the file, and the line where there is one. */
  add(bytes: Uint8Array, name: string): void {
    const text = decodeBill(bytes, name)
    if (text.every(isBlank)) throw billFault(name, { en: 'the file is empty', zh: '文件为空' })
    const isJson = looksLikeJson(text)
    if (isJson !== (this.#mapping.format === 'json')) throw wrongFormat(name, this.#mapping, isJson)
    if (isJson) this.#addJson(text, name)
    else this.#addCsv(text, name)
  }

  /** Fails when pages are missing, or nothing of Function Compute was there. */
  finish(): Bill {
    this.#pages.check()
    const sums = this.#sums.finish()
    if (sums.currency !== null) return { ...sums, currency: sums.currency, rows: this.#rows }
    throw billFault('--bill', {
      en: `${this.#rows === 0 ? 'the bill has no lines' : `none of ${this.#rows} lines is of Function Compute`}; see functionCompute of the mapping ${this.#mapping.mapping}`,
      zh: `${this.#rows === 0 ? '账单没有内容' : `${this.#rows} 行中没有函数计算的账单`}；参见映射 ${this.#mapping.mapping} 的 functionCompute`,
    })
  }

  #addCsv(text: Buffer, name: string): void {
    let columns: ReadonlyMap<BillField, number> = new Map()
    readCsvRows(text, name, {
      header: cells => {
        columns = findColumns(cells, this.#mapping, name)
      },
      row: (cells, line) => {
        const cell = (field: BillField): string => cells[columns.get(field) ?? -1] ?? ''
        this.#take(this.#lines.read(cell, `${name}:${line}`))
      },
    })
  }

  #addJson(text: Buffer, name: string): void {
    const pages: Page[] = []
    splitJson(text.toString(), name, (value, place) => pages.push(...pagesOf(value, place)))
    for (const page of pages) this.#pages.add(page)
    const rows = pages.flatMap(({ head, items, place }) =>
      items.map((item, i) => ({ head, item, place: `${place}[${i}]` })),
    )
    if (rows.length === 0) return
    const keys = [...new Set(rows.flatMap(({ head, item }) => [...Object.keys(item), ...headKeys(head)]))]
    const columns = findColumns(keys, this.#mapping, name)
    for (const { head, item, place } of rows) {
      const cell = (field: BillField): string => {
        const key = keys[columns.get(field) ?? -1]
        return key === undefined ? '' : textOf(item, key) || textOf(head, key)
      }
      this.#take(this.#lines.read(cell, place))
    }
  }

  #take(line: BillLine | null): void {
    this.#rows += 1
    if (line !== null) this.#sums.add(line)
  }
}

const isBlank = (byte: number): boolean => byte <= 0x20

/** Of the fields around items only the month is one of theirs; items may have a code and a message of their own. */
const headKeys = (head: JsonObject): readonly string[] => ['BillingCycle'].filter(key => Object.hasOwn(head, key))

function textOf(object: JsonObject, key: string): string {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return typeof value === 'string' ? value : ''
}

function wrongFormat(name: string, { mapping, format }: BillMapping, isJson: boolean): Error {
  const [is, wants] = isJson ? ['JSON', 'CSV'] : ['CSV', 'JSON']
  const other = format === 'csv' ? 'describe-instance-bill' : 'console-csv'
  return billFault(name, {
    en: `found ${is}, but the mapping ${mapping} reads ${wants}; try --mapping ${other}`,
    zh: `文件为 ${is}，而映射 ${mapping} 读取 ${wants}；可尝试 --mapping ${other}`,
  })
}
