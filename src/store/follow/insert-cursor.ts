// A place in a table that rows are added to: before it is what was seen, behind it what was not. Inserts are numbered in the order
// in which they become visible, and rows keep that number through merges; their times say nothing about it, since a batch may wait
// for hours on disk, and two inserts may overtake each other.

import { sqlText, sqlTexts } from '../../lib/sql-text.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { rowsOf } from '../trace/rows-of.ts'

/** A part of a table, and the numbers of the inserts whose rows it holds. */
export interface TablePart {
  readonly table: string
  readonly name: string
  readonly lowest: number
  readonly highest: number
}

/** The parts of some tables as they are now: bookkeeping, whatever the tables' size. */
export async function partsOf(store: StoreConnection, tables: readonly string[]): Promise<readonly TablePart[]> {
  const sql = `SELECT table, name, min_block_number AS lowest, max_block_number AS highest FROM system.parts
    WHERE database = currentDatabase() AND table IN ${sqlTexts(tables)} AND active`
  return rowsOf<TablePart>(await store.query({ sql }))
}

/** Inserts that are read at once at first, and at most: one may be a hundred thousand rows. */
const firstStride = 4
const maxStride = 256
/** With more rows than this fewer inserts are read the next time, with fewer than a quarter more. */
const manyRows = 20_000

/** Inserts that are to be read next. */
export interface InsertRange {
  readonly upTo: number
  /** True when there are more behind them. */
  readonly isCut: boolean
  /** A condition for WHERE. */
  readonly where: string
}

export class InsertCursor {
  readonly table: string
  #at = 0
  #stride = firstStride

  constructor(table: string) {
    this.table = table
  }

  /** Goes behind everything that is there; what is there is what `where` of the result says. */
  begin(parts: readonly TablePart[]): string {
    this.#at = this.#newest(parts)
    return `_block_number <= ${this.#at}`
  }

  /** Null when there is nothing new. */
  next(parts: readonly TablePart[]): InsertRange | null {
    const newest = this.#newest(parts)
    // The table was emptied, or is another one: all of it is new.
    if (newest < this.#at) this.#at = 0
    if (newest === this.#at) return null
    const upTo = Math.min(newest, this.#at + this.#stride)
    // Parts without anything new are named, not those with: a merge in the meantime makes a part that nobody has named.
    const old = parts.filter(({ table, highest }) => table === this.table && highest <= this.#at)
    const others = old.length === 0 ? '' : `_part NOT IN (${old.map(({ name }) => sqlText(name)).join(', ')}) AND `
    return { upTo, isCut: upTo < newest, where: `${others}_block_number > ${this.#at} AND _block_number <= ${upTo}` }
  }

  /** The range was read: it had so many rows. */
  passed({ upTo }: InsertRange, rows: number): void {
    this.#at = upTo
    if (rows > manyRows) this.#stride = Math.max(1, this.#stride >> 1)
    else if (rows < manyRows / 4) this.#stride = Math.min(maxStride, this.#stride * 2)
  }

  #newest(parts: readonly TablePart[]): number {
    let newest = 0
    for (const { table, highest } of parts) if (table === this.table && highest > newest) newest = highest
    return newest
  }
}
