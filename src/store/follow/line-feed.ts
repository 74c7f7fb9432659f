// Lines of logs, followed as they are stored.

import { sqlText, sqlTime } from '../../lib/sql-text.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { rowsOf } from '../trace/rows-of.ts'
import type { Feed, History, Step } from './feed.ts'
import { type FollowedLine, type LineFilter, lineColumns, lineOrder, placeConditions } from './followed-line.ts'
import { InsertCursor, partsOf } from './insert-cursor.ts'
import { OwnedLines } from './owned-lines.ts'

const tables = ['log_lines', 'line_owners']

/** How far back the newest lines are looked for, in seconds, one try after the other; an index makes the short ones cheap. */
const lookBackSeconds = [900, 86_400]

export class LineFeed implements Feed<FollowedLine> {
  readonly #filter: LineFilter
  readonly #cursor = new InsertCursor('log_lines')
  readonly #owned: OwnedLines

  constructor(filter: LineFilter) {
    this.#filter = filter
    this.#owned = new OwnedLines(filter)
  }

  async begin(store: StoreConnection, history: History): Promise<readonly FollowedLine[]> {
    const parts = await partsOf(store, tables)
    const there = this.#cursor.begin(parts)
    const owned = await this.#owned.begin(store, parts)
    if (history.count === 0) return []
    const own = [there, ...this.#conditions()].join(' AND ')
    return this.#newest(store, owned === null ? [own] : [own, owned], history)
  }

  async next(store: StoreConnection): Promise<Step<FollowedLine>> {
    const parts = await partsOf(store, tables)
    const range = this.#cursor.next(parts)
    const rows = range === null ? [] : await this.#read(store, [range.where, ...this.#conditions()])
    const owned = await this.#owned.next(store, parts)
    if (range !== null) this.#cursor.passed(range, rows.length)
    return { rows: [...rows, ...owned], isCut: range?.isCut ?? false }
  }

  #conditions(): readonly string[] {
    const { requestId } = this.#filter
    const ofRequest = requestId === null ? [] : [`log_lines.requestId = ${sqlText(requestId)}`]
    return [...ofRequest, ...placeConditions(this.#filter)]
  }

  async #read(store: StoreConnection, conditions: readonly string[]): Promise<readonly FollowedLine[]> {
    const sql = `SELECT ${lineColumns} FROM log_lines WHERE ${conditions.join(' AND ')} ORDER BY _block_number, ${lineOrder}`
    return rowsOf<FollowedLine>(await store.query({ sql }))
  }

  /** The newest lines, in the order in which they happened. */
  async #newest(
    store: StoreConnection,
    places: readonly string[],
    { sinceMs, count }: History,
  ): Promise<readonly FollowedLine[]> {
    const read = async (from: string): Promise<readonly FollowedLine[]> => {
      const where = `(${places.join(') OR (')}) AND ${from}`
      const sql = `SELECT * EXCEPT (Timestamp, streamId) FROM (
          SELECT ${lineColumns}, Timestamp, streamId FROM log_lines WHERE ${where}
          ORDER BY Timestamp DESC, streamId DESC, position DESC LIMIT ${count})
        ORDER BY ${lineOrder}`
      const rows = rowsOf<FollowedLine>(await store.query({ sql }))
      return rows.map(row => ({ ...row, requestId: this.#filter.requestId ?? row.requestId }))
    }
    if (sinceMs !== null) return read(`Timestamp >= ${sqlTime(sinceMs)}`)
    for (const seconds of lookBackSeconds) {
      const rows = await read(`Timestamp >= now64(3) - INTERVAL ${seconds} SECOND`)
      if (rows.length >= count) return rows
    }
    return read('1')
  }
}
