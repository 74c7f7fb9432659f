// The table of what functions used hour by hour: which of its hours are behind what is stored, how they are brought up to date, and
// what stands in it. Inserts into `attempts` are numbered; the table knows all up to one of them.

import { sqlText } from '../../lib/sql-text.ts'
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { StoreConnection, StoreWriter } from '../../model/store-connection.ts'
import { partsOf, type TablePart } from '../follow/insert-cursor.ts'
import { jsonRows } from '../json-rows.ts'
import { usagePart } from '../schema/usage-hours.ts'
import { set, setting } from '../settings.ts'
import { rowsOf } from '../trace/rows-of.ts'
import {
  type BillWindow,
  beganSql,
  billTimeoutMs,
  busySql,
  isInWindow,
  isOneOf,
  longestMs,
  type NamedFunction,
} from './billed-spans.ts'
import { instanceHoursSql, maxGroupBytes } from './instance-hours.ts'
import { type HoursToReplace, replaceHours, type UsageRow } from './replace-hours.ts'

const upToKey = 'usageHoursUpTo'

/** What the table does not know yet. */
export interface UsageDebt {
  /** As {@link usageUpTo} says. */
  readonly known: number
  /** The newest insert that was looked at. */
  readonly upTo: number
  /** Hours since 1970, rising, in which attempts were stored, changed or withdrawn since. */
  readonly hours: readonly number[]
}

/** The insert up to which the table knows all; 0 when it was never filled. Fails with a `StoreError`. */
export const usageUpTo = async (store: StoreConnection): Promise<number> => Number((await setting(store, upToKey)) ?? 0)

/** Fails with a `StoreError`. */
export async function usageDebt(store: StoreConnection): Promise<UsageDebt> {
  const known = await usageUpTo(store)
  const parts = await partsOf(store, ['attempts'])
  const upTo = parts.reduce((newest, { highest }) => Math.max(newest, highest), 0)
  // The table was emptied, or is another one.
  const from = known > upTo ? 0 : known
  if (from === upTo) return { known: from, upTo, hours: [] }
  const sql = `SELECT DISTINCT arrayJoin(arrayConcat(range(first, least(last, first + ${maxHours}) + 1),
      range(priorFromHour, least(priorToHour, priorFromHour + ${maxHours})))) AS hour
    FROM (SELECT priorFromHour, priorToHour, ifNull(toUInt32(greatest(0, intDiv(began, 3600000))), 1) AS first,
        ifNull(toUInt32(greatest(0, intDiv(began + ifNull(ms, 0), 3600000))), 0) AS last
      FROM (SELECT priorFromHour, priorToHour, ${beganSql} AS began, ${busySql} AS ms FROM attempts WHERE ${behind(parts, from)}))
    ORDER BY hour`
  const rows = rowsOf<{ hour: number }>(await store.query({ sql, timeoutMs: billTimeoutMs }))
  return { known: from, upTo, hours: rows.map(({ hour }) => hour) }
}

/** As many as `BusyHours` remembers. */
const maxHours = 255

/** Parts without anything new are named, not those with: a merge in the meantime makes a part that nobody has named. */
function behind(parts: readonly TablePart[], from: number): string {
  const old = parts.filter(({ highest }) => highest <= from)
  const others = old.length === 0 ? '' : `_part NOT IN (${old.map(({ name }) => sqlText(name)).join(', ')}) AND `
  return `${others}_block_number > ${from}`
}

export interface RefreshOptions extends Pick<HoursToReplace, 'hours' | 'upTo' | 'completeFrom'> {
  /** Unix ms at which functions.yaml changes: what began before and behind one is told apart. */
  readonly boundaries: readonly number[]
}

/** Of some days of a large store. */
const refreshTimeoutMs = 300_000

/** Sums up hours anew. Fails with a `StoreError`; then it can be done again. */
export async function refreshUsageHours(store: StoreWriter, options: RefreshOptions): Promise<void> {
  const { hours, boundaries, ...others } = options
  if (hours.length === 0) return
  const wish = { fromMs: null, toMs: null, hours, boundaries, byInstance: false, except: [] }
  const sql = `SELECT toUInt32(hour) AS hour, functionName, serviceName, groupArray(${part}) AS parts
    FROM (${instanceHoursSql(wish)}) GROUP BY hour, functionName, serviceName
    SETTINGS max_bytes_before_external_group_by = ${maxGroupBytes}`
  const rows = rowsOf<UsageRow>(await store.queryAside({ sql, timeoutMs: refreshTimeoutMs }))
  await replaceHours(store, rows, { ...others, hours, isRounded: false })
}

/** The table knows everything up to that insert. Fails with a `StoreError`. */
export const noteUsageHours = (store: StoreWriter, upTo: number): Promise<void> => set(store, upToKey, String(upTo))

const boundariesKey = 'usageHoursBoundaries'

/** Unix ms that hours are told apart by. Fails with a `StoreError`. */
export async function knownBoundaries(store: StoreConnection): Promise<readonly number[]> {
  return JSON.parse((await setting(store, boundariesKey)) ?? '[]')
}

/** Fails with a `StoreError`. */
export const noteBoundaries = (store: StoreWriter, boundaries: readonly number[]): Promise<void> =>
  set(store, boundariesKey, JSON.stringify(boundaries))

/** Hours since 1970 that the table has, rising. Fails with a `StoreError`. */
export async function allUsageHours(store: StoreConnection): Promise<readonly number[]> {
  const sql = 'SELECT DISTINCT hour FROM usage_hours ORDER BY hour'
  return rowsOf<{ hour: number }>(await store.query({ sql, timeoutMs: billTimeoutMs })).map(({ hour }) => hour)
}

/** Hours since 1970 in which there may be attempts from before a boundary (unix ms). */
export function hoursBehind(boundaryMs: number): readonly number[] {
  const first = Math.floor(boundaryMs / hourMs)
  return Array.from({ length: longestMs / hourMs + 1 }, (_, index) => first + index).filter(hour => hour >= 0)
}

const hourMs = 3_600_000

const part = `CAST((qualifier, memoryMB, firstMs, attempts, invocations, noDuration, notBilled, activeMs), '${usagePart}')`

const partColumns = `part.qualifier AS qualifier, part.memoryMB AS memoryMB, part.firstMs AS firstMs, part.attempts AS attempts,
  part.invocations AS invocations, part.noDuration AS noDuration, part.notBilled AS notBilled, part.activeMs AS activeMs`

type Row = Omit<InstanceHour, 'hourMs' | 'firstMs' | 'instanceID'> & {
  readonly hour: number
  readonly firstMs: number | null
}

/** What stands in the table, but for some hours (since 1970) and functions. Fails with a `StoreError`. */
export async function* keptUsageHours(
  store: StoreConnection,
  wish: BillWindow & { readonly exceptHours: readonly number[]; readonly except: readonly NamedFunction[] },
): AsyncIterable<InstanceHour> {
  const { exceptHours, except } = wish
  const others = exceptHours.length === 0 ? 'true' : `hour NOT IN (${exceptHours.join(', ')})`
  const sql = `SELECT hour, functionName, serviceName, ${partColumns} FROM usage_hours FINAL ARRAY JOIN parts AS part
    WHERE NOT isRounded AND ${isInWindow(wish)} AND ${others} AND NOT ${isOneOf(except)}`
  for await (const rows of jsonRows<Row>(store.stream({ sql, timeoutMs: billTimeoutMs }))) {
    for (const { hour, firstMs, ...row } of rows)
      yield { ...row, instanceID: null, hourMs: hour * 3_600_000, firstMs: firstMs ?? Number.POSITIVE_INFINITY }
  }
}

/** Attempts of which nobody knows when they ran: no hour has them. Fails with a `StoreError`. */
export async function timelessAttempts(
  store: StoreConnection,
  except: readonly NamedFunction[],
): Promise<readonly InstanceHour[]> {
  const isTimeless = 'startTime IS NULL AND endTime IS NULL'
  const some = await store.query({
    sql: `SELECT 1 FROM attempts WHERE ${isTimeless} AND NOT deleted LIMIT 1`,
    timeoutMs: billTimeoutMs,
  })
  if (some.length === 0) return []
  const sql = `SELECT functionName, serviceName, countIf(isBilled) AS attempts, countIf(NOT isBilled) AS notBilled
    FROM (SELECT functionName, serviceName, status NOT IN ('throttled', 'platformError') AS isBilled FROM invocations
      WHERE ${isTimeless} AND NOT ${isOneOf(except)})
    GROUP BY functionName, serviceName`
  type Counted = Pick<InstanceHour, 'functionName' | 'serviceName' | 'attempts' | 'notBilled'>
  return rowsOf<Counted>(await store.query({ sql, timeoutMs: billTimeoutMs })).map(counted => ({
    ...nothing,
    ...counted,
  }))
}

const nothing = {
  qualifier: null,
  instanceID: null,
  hourMs: null,
  firstMs: Number.POSITIVE_INFINITY,
  memoryMB: null,
  invocations: 0,
  noDuration: 0,
  activeMs: 0,
}
