// Hours of `usage_hours` are replaced as a whole. They are put together here and not by an INSERT that selects: a query can be ended when the
// worker stops, and an insert cannot.

import { sqlText } from '../../lib/sql-text.ts'
import type { StoreWriter } from '../../model/store-connection.ts'
import { jsonLiterals } from '../json-rows.ts'
import { usagePart } from '../schema/usage-hours.ts'
import { rowsOf } from '../trace/rows-of.ts'
import { billTimeoutMs } from './billed-spans.ts'

/** What is told apart within an hour of a function: `usagePart`. */
export interface UsagePart {
  readonly qualifier: string | null
  readonly memoryMB: number | null
  readonly firstMs: number | null
  readonly attempts: number
  readonly invocations: number
  readonly noDuration: number
  readonly notBilled: number
  readonly activeMs: number
}

export interface UsageRow {
  /** Since 1970. */
  readonly hour: number
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly parts: readonly UsagePart[]
}

export interface HoursToReplace {
  /** Hours since 1970. */
  readonly hours: readonly number[]
  readonly isRounded: boolean
  /** The newest insert into `attempts` that they know of. */
  readonly upTo: number
  /** Hours since 1970; what was stored for an earlier hour may be gone from the store by now: there more is worth more than newer. */
  readonly completeFrom: number
}

/** A function without any of the rows has one without parts from now on. Fails with a `StoreError`. */
export async function replaceHours(
  store: StoreWriter,
  rows: readonly UsageRow[],
  { hours, isRounded, upTo, completeFrom }: HoursToReplace,
): Promise<void> {
  const sql = `SELECT hour, functionName, serviceName, parts FROM usage_hours FINAL
    WHERE isRounded = ${isRounded} AND hour IN (${hours.join(', ')})`
  const before = rowsOf<UsageRow>(await store.queryAside({ sql, timeoutMs: billTimeoutMs }))
  const wanted = new Set(hours)
  const now = new Map<string, UsageRow>(before.map(row => [keyOf(row), { ...row, parts: [] }]))
  for (const row of rows) if (wanted.has(row.hour)) now.set(keyOf(row), row)
  for (const row of before) {
    const fresh = now.get(keyOf(row))
    if (row.hour < completeFrom && attemptsOf(row) > attemptsOf(fresh)) now.set(keyOf(row), row)
  }
  await insertRows(store, [...now.values()], { isRounded, upTo })
}

async function insertRows(
  store: StoreWriter,
  rows: readonly UsageRow[],
  { isRounded, upTo }: { readonly isRounded: boolean; readonly upTo: number },
): Promise<void> {
  const structure = `hour UInt32, functionName Nullable(String), serviceName Nullable(String), parts Array(${usagePart})`
  for (const literal of jsonLiterals(rows)) {
    await store.run(`INSERT INTO usage_hours (hour, functionName, serviceName, parts, isRounded, upTo) SETTINGS async_insert = 0
      SELECT hour, functionName, serviceName, parts, ${isRounded}, ${upTo}
      FROM format(JSONEachRow, ${sqlText(structure)}, ${literal})`)
  }
}

const keyOf = ({ hour, functionName, serviceName }: UsageRow): string =>
  JSON.stringify([hour, functionName, serviceName])

const attemptsOf = (row: UsageRow | undefined): number =>
  (row?.parts ?? []).reduce((sum, { attempts, notBilled }) => sum + attempts + notBilled, 0)
