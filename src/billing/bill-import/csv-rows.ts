// Rows of a bill in CSV: a header, then lines of cells. Quotes, line ends and commas in cells are csv-parse's work.
import { type CsvError, parse } from 'csv-parse/sync'
import { billFault, quotedList } from './bill-fault.ts'

/** Longest row in bytes, most columns, most rows. A bill has about 80 columns, and files are cut at 300,000 rows (facts §D.6). */
const maxRowBytes = 1024 * 1024
const maxColumns = 1000
const maxRows = 5_000_000

export interface CsvHandlers {
  /** Called once, before any row. */
  header(cells: readonly string[]): void
  /** `line` counts from 1, as editors show it. Cells are trimmed; there is one for each of the header. */
  row(cells: readonly string[], line: number): void
}

/** Reads all of it. Fails with `FCS_INPUT_CORRUPT`, naming the line. */
export function readCsvRows(text: Buffer, name: string, handlers: CsvHandlers): void {
  const reading = new RowReading(name, handlers)
  try {
    parse(text, {
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: maxRowBytes,
      record_delimiter: ['\r\n', '\n', '\r'],
      // Returns nothing, so that rows are not kept.
      on_record: (cells: readonly string[], { lines }): null => {
        reading.take(cells, lines)
        return null
      },
    })
  } catch (error) {
    throw isCsvError(error) ? csvFault(error, name) : error
  }
  reading.end()
}

class RowReading {
  readonly #name: string
  readonly #handlers: CsvHandlers
  #columns = 0
  #rows = 0

  constructor(name: string, handlers: CsvHandlers) {
    this.#name = name
    this.#handlers = handlers
  }

  take(cells: readonly string[], line: number): void {
    if (this.#columns === 0) {
      if (cells.every(cell => cell === '')) return
      if (cells.length > maxColumns)
        throw billFault(`${this.#name}:${line}`, {
          en: `found ${cells.length} columns; allowed: up to ${maxColumns}`,
          zh: `共有 ${cells.length} 列，最多允许 ${maxColumns} 列`,
        })
      this.#columns = cells.length
      this.#handlers.header(cells)
      return
    }
    if (cells.every(cell => cell === '')) return
    this.#rows += 1
    if (this.#rows > maxRows)
      throw billFault(this.#name, {
        en: `more than ${maxRows} rows; cut the file`,
        zh: `超过 ${maxRows} 行，请拆分文件`,
      })
    this.#handlers.row(this.#fitted(cells, line), line)
  }

  /** Exports put a comma behind the last column, in the header or in the rows. */
  #fitted(cells: readonly string[], line: number): readonly string[] {
    if (cells.length === this.#columns) return cells
    const missing = this.#columns - cells.length
    if (missing === 1) return [...cells, '']
    if (missing < 0 && cells.slice(this.#columns).every(cell => cell === '')) return cells.slice(0, this.#columns)
    throw billFault(`${this.#name}:${line}`, {
      en: `found ${cells.length} cells, but the header has ${this.#columns} (the row: ${quotedList(cells, 3)})`,
      zh: `该行有 ${cells.length} 个单元格，而表头有 ${this.#columns} 列（该行：${quotedList(cells, 3)}）`,
    })
  }

  end(): void {
    if (this.#columns === 0) throw billFault(this.#name, { en: 'the file is empty', zh: '文件为空' })
  }
}

const isCsvError = (error: unknown): error is CsvError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(CSV_|INVALID_)/.test(error.code)

/** Its own words quote the file. */
function csvFault(error: CsvError, name: string): Error {
  const line = typeof error['lines'] === 'number' ? `${name}:${error['lines']}` : name
  const texts: Readonly<Record<string, { en: string; zh: string }>> = {
    CSV_QUOTE_NOT_CLOSED: {
      en: 'a quote is opened and never closed: the file breaks off, or is no CSV',
      zh: '引号未闭合：文件不完整或不是 CSV',
    },
    INVALID_OPENING_QUOTE: {
      en: 'a quote stands in the middle of a cell: the file is no CSV',
      zh: '单元格中间出现引号：文件不是 CSV',
    },
    CSV_MAX_RECORD_SIZE: { en: 'the row is longer than 1 MiB', zh: '该行超过 1 MiB' },
  }
  return billFault(
    line,
    texts[error.code] ?? { en: `the row is no CSV (${error.code})`, zh: `该行不是 CSV（${error.code}）` },
  )
}
