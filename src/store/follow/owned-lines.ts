// Lines of one request that belonged to nobody when they were stored, and found their owner later. Owner and line come with different
// inserts, in any order.

import { sqlText } from '../../lib/sql-text.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { rowsOf } from '../trace/rows-of.ts'
import { type FollowedLine, type LineFilter, lineColumns, lineOrder, placeConditions } from './followed-line.ts'
import { InsertCursor, type TablePart } from './insert-cursor.ts'

interface Place {
  readonly streamId: string
  readonly position: number
}

/** Places that are looked for at once; no request has more lines that waited. */
const maxPlaces = 10_000

export class OwnedLines {
  readonly #filter: LineFilter
  readonly #cursor = new InsertCursor('line_owners')
  /** Places whose lines have not come by yet. */
  #missing: readonly Place[] = []
  readonly #shown = new Set<string>()

  constructor(filter: LineFilter) {
    this.#filter = filter
  }

  /** What is stored by now, as a condition for WHERE; null when there is nothing. */
  async begin(store: StoreConnection, parts: readonly TablePart[]): Promise<string | null> {
    this.#shown.clear()
    this.#missing = []
    const there = this.#cursor.begin(parts)
    const places = await this.#read(store, `line_owners FINAL WHERE ${there}`)
    const found = await this.#stored(store, places)
    this.#note(places, found)
    return found.length === 0 ? null : this.#at(found)
  }

  async next(store: StoreConnection, parts: readonly TablePart[]): Promise<readonly FollowedLine[]> {
    const range = this.#cursor.next(parts)
    const fresh = range === null ? [] : await this.#read(store, `line_owners WHERE ${range.where}`)
    const places = [...this.#missing, ...fresh].slice(-maxPlaces)
    const found = await this.#stored(store, places)
    const sql = `SELECT ${lineColumns} FROM log_lines WHERE ${this.#at(found)} ORDER BY ${lineOrder}`
    const rows = found.length === 0 ? [] : rowsOf<FollowedLine>(await store.query({ sql }))
    this.#note(places, found)
    if (range !== null) this.#cursor.passed(range, fresh.length)
    return rows.map(row => ({ ...row, requestId: this.#filter.requestId }))
  }

  #note(places: readonly Place[], found: readonly Place[]): void {
    for (const place of found) this.#shown.add(nameOf(place))
    this.#missing = places.filter(place => !this.#shown.has(nameOf(place)))
  }

  async #read(store: StoreConnection, from: string): Promise<readonly Place[]> {
    const { requestId } = this.#filter
    if (requestId === null) return []
    const sql = `SELECT DISTINCT streamId, position FROM ${from} AND requestId = ${sqlText(requestId)} LIMIT ${maxPlaces}`
    const places = rowsOf<Place>(await store.query({ sql }))
    return places.filter(place => !this.#shown.has(nameOf(place)))
  }

  /** Those whose lines are stored. */
  async #stored(store: StoreConnection, places: readonly Place[]): Promise<readonly Place[]> {
    if (places.length === 0) return []
    const sql = `SELECT streamId, position FROM log_lines WHERE isWaiting AND ${inPlaces(places)}`
    return rowsOf<Place>(await store.query({ sql }))
  }

  #at(places: readonly Place[]): string {
    return ['isWaiting', inPlaces(places), ...placeConditions(this.#filter)].join(' AND ')
  }
}

const nameOf = ({ streamId, position }: Place): string => `${streamId} ${position}`

const inPlaces = (places: readonly Place[]): string =>
  `(streamId, position) IN (${places.map(({ streamId, position }) => `(${sqlText(streamId)}, ${position})`).join(', ')})`
