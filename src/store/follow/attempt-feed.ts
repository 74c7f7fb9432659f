// Attempts, followed as they are stored: each when it is given out, again when it is revised, and when there turns out to be none.

import { sqlText, sqlTexts, sqlTime } from '../../lib/sql-text.ts'
import type { Status } from '../../model/attempt.ts'
import type { AttemptRecord } from '../../model/post-mortem.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { attemptColumns } from '../schema/attempts.ts'
import { rowsOf } from '../trace/rows-of.ts'
import type { Feed, History, Step } from './feed.ts'
import { InsertCursor, partsOf } from './insert-cursor.ts'

/** An attempt as it is given out. */
export type FollowedAttempt = AttemptRecord & {
  /** There is no such attempt: what was given out before was a mistake that a later record has cleared up. */
  readonly withdrawn: boolean
}

/** Empty lists and a null stand for all. */
export interface AttemptFilter {
  readonly functions: readonly string[]
  readonly instances: readonly string[]
  readonly requestId: string | null
  readonly statuses: readonly Status[]
}

type Row = AttemptRecord & {
  readonly withdrawn: 0 | 1
  readonly position: string
  readonly isWanted: 0 | 1
}

const table = 'attempts'
const key = 'requestId, phase, attempt, position'

/** Attempts that are remembered as shown: of others no revision is told that the filter does not ask for. */
const maxShown = 200_000

export class AttemptFeed implements Feed<FollowedAttempt> {
  readonly #wanted: string
  readonly #cursor = new InsertCursor(table)
  /** What is not in the row that takes an attempt back. */
  readonly #shown = new Map<string, Pick<AttemptRecord, 'traceId' | 'spanId' | 'functionName' | 'instanceID'>>()

  constructor(filter: AttemptFilter) {
    this.#wanted = conditionOf(filter)
  }

  async begin(store: StoreConnection, { sinceMs, count }: History): Promise<readonly FollowedAttempt[]> {
    const there = this.#cursor.begin(await partsOf(store, [table]))
    if (count === 0) return []
    const since = sinceMs === null ? '1' : `ifNull(startTime, storedAt) >= ${sqlTime(sinceMs)}`
    // Old revisions are among them: whoever they name is looked up by the key of the table, which FINAL makes use of.
    const ids = `SELECT requestId FROM attempts WHERE ${there} AND NOT deleted AND ${this.#wanted} AND ${since}
      ORDER BY storedAt DESC, startTime DESC LIMIT ${count}`
    const sql = `SELECT * EXCEPT (storedAt) FROM (
        SELECT ${attemptColumns}, position, 0 AS withdrawn, 1 AS isWanted, storedAt FROM attempts FINAL
        WHERE requestId IN (${ids}) AND ${there} AND ${this.#wanted} AND ${since}
        ORDER BY storedAt DESC, startTime DESC LIMIT ${count})
      ORDER BY storedAt, startTime, ${key}
      SETTINGS transform_null_in = 1`
    return this.#given(rowsOf<Row>(await store.query({ sql })))
  }

  async next(store: StoreConnection): Promise<Step<FollowedAttempt>> {
    const range = this.#cursor.next(await partsOf(store, [table]))
    if (range === null) return { rows: [], isCut: false }
    const sql = `SELECT ${attemptColumns}, position, deleted AS withdrawn, ${this.#wanted} AS isWanted FROM (
        SELECT *, _block_number AS number FROM attempts
        WHERE ${range.where} AND (deleted OR version > 1 OR ${this.#wanted})
        ORDER BY version DESC LIMIT 1 BY ${key})
      ORDER BY number, startTime, ${key}`
    const rows = rowsOf<Row>(await store.query({ sql }))
    this.#cursor.passed(range, rows.length)
    return { rows: this.#given(rows), isCut: range.isCut }
  }

  /** What is wanted, and what concerns one that was shown. */
  #given(rows: readonly Row[]): readonly FollowedAttempt[] {
    const given: FollowedAttempt[] = []
    for (const { position, isWanted, withdrawn, ...attempt } of rows) {
      const name = JSON.stringify([attempt.requestId, attempt.phase, attempt.attempt, position])
      const shown = this.#shown.get(name)
      if (shown === undefined && (withdrawn === 1 || isWanted === 0)) continue
      if (this.#shown.size >= maxShown) this.#shown.clear()
      if (withdrawn === 1) {
        given.push({ ...attempt, ...shown, withdrawn: true })
        continue
      }
      const { traceId, spanId, functionName, instanceID } = attempt
      this.#shown.set(name, { traceId, spanId, functionName, instanceID })
      given.push({ ...attempt, withdrawn: false })
    }
    return given
  }
}

function conditionOf({ functions, instances, requestId, statuses }: AttemptFilter): string {
  const conditions = ['1']
  if (requestId !== null) conditions.push(`requestId = ${sqlText(requestId)}`)
  if (functions.length > 0) conditions.push(`ifNull(functionName IN ${sqlTexts(functions)}, 0)`)
  if (instances.length > 0) conditions.push(`ifNull(instanceID IN ${sqlTexts(instances)}, 0)`)
  if (statuses.length > 0) conditions.push(`status IN ${sqlTexts(statuses)}`)
  return `(${conditions.join(' AND ')})`
}
