// What can be followed: the end of what is stored, and then what comes.
import type { StoreConnection } from '../../model/store-connection.ts'

/** How much of what is there already is wanted. */
export interface History {
  /** Only what happened from then on, unix ms; null for any time. */
  readonly sinceMs: number | null
  /** So many at most, the newest ones. */
  readonly count: number
}

export interface Step<Row> {
  /** In the order in which they are to be shown. */
  readonly rows: readonly Row[]
  /** There is more to be had at once. */
  readonly isCut: boolean
}

/** Rows of a table, each once. Every method fails with a `StoreError`; then it can be called again as if it had not been. */
export interface Feed<Row> {
  /** The newest rows that are stored. */
  begin(store: StoreConnection, history: History): Promise<readonly Row[]>
  /** Those that came since the last step. */
  next(store: StoreConnection): Promise<Step<Row>>
}
