// Rates that the view `bill_hours` prices hours with: which sizes of functions have hours, and rows for those that are new.

import { sqlText } from '../../lib/sql-text.ts'
import type { EditionPrices, HourRate, SeenSize } from '../../model/bill-rates.ts'
import type { StoreConnection, StoreWriter } from '../../model/store-connection.ts'
import { jsonLiterals } from '../json-rows.ts'
import { rateScale } from '../schema/bill-hours.ts'
import { set, setting } from '../settings.ts'
import { rowsOf } from '../trace/rows-of.ts'
import { billTimeoutMs } from './billed-spans.ts'

const ratesKey = 'billRates'

/** A row of `bill_rates`. */
export interface RateRow extends HourRate {
  /** The hours of the function that are rounded are billed. */
  readonly isRounded: boolean
}

/** A row of `bill_editions`. */
export interface EditionRow extends EditionPrices {
  readonly book: string
  readonly currency: string
  readonly isTierPerRegion: boolean
  /** Unix ms at which functions.yaml changes, rising. */
  readonly boundaries: readonly number[]
}

/** Sizes that have hours, for which the set of rates has no row yet. Fails with a `StoreError`. */
export async function sizesWithoutRate(store: StoreConnection, ratesId: string): Promise<readonly SeenSize[]> {
  const columns = 'functionName, serviceName, qualifier, memoryMB'
  const sql = `SELECT ${columns} FROM (
      SELECT DISTINCT functionName, serviceName, part.qualifier AS qualifier, part.memoryMB AS memoryMB FROM usage_hours ARRAY JOIN parts AS part)
    WHERE toJSONString((${columns})) NOT IN (
      SELECT DISTINCT toJSONString((${columns})) FROM bill_rates WHERE ratesId = ${sqlText(ratesId)})`
  return rowsOf<SeenSize>(await store.query({ sql, timeoutMs: billTimeoutMs }))
}

/** Fails with a `StoreError`. */
export async function addRates(store: StoreWriter, ratesId: string, rows: readonly RateRow[]): Promise<void> {
  if (rows.length === 0) return
  const structure = `functionName Nullable(String), serviceName Nullable(String), qualifier Nullable(String), memoryMB Nullable(Float64),
    edition String, eraFromMs Int64, billedService Nullable(String), region Nullable(String), hasGpu Bool, isRounded Bool,
    ${decimals.map(name => `${name} Decimal(76, ${rateScale})`).join(', ')}`
  const columns = ['functionName', 'serviceName', 'qualifier', 'memoryMB', 'edition', 'eraFromMs', 'billedService']
  const all = [...columns, 'region', 'hasGpu', 'isRounded', ...decimals].join(', ')
  for (const literal of jsonLiterals(rows)) {
    await store.run(`INSERT INTO bill_rates (ratesId, ${all}) SETTINGS async_insert = 0
      SELECT ${sqlText(ratesId)}, ${all} FROM format(JSONEachRow, ${sqlText(structure)}, ${literal})`)
  }
}

const decimals = [
  'vCPUSecondsPerMs',
  'memoryGBSecondsPerMs',
  'diskGBSecondsPerMs',
  'gpuGBSecondsPerMs',
  'cuPerMs',
  'cuPerCall',
] as const

/** More CU than a month can have. */
const noEnd = '1000000000000000000000000000000'

/** The set that counts; null when there is none. Fails with a `StoreError`. */
export const ratesInUse = (store: StoreConnection): Promise<string | null> => setting(store, ratesKey)

/** From now on this set counts, with these editions; rows of other sets stay, and are few. Fails with a `StoreError`. */
export async function useRates(store: StoreWriter, ratesId: string, editions: readonly EditionRow[]): Promise<void> {
  const decimal = `Decimal(76, ${rateScale})`
  const structure = `book String, currency String, isTierPerRegion Bool, boundaries Array(Int64), edition String, fromMs Int64,
    nightHours Array(UInt8), nightFactor ${decimal}, floor Nullable(${decimal}), tierFrom Array(${decimal}), tierTo Array(${decimal}),
    tierPrice Array(${decimal})`
  const lines = editions.map(({ tiers, ...edition }) =>
    JSON.stringify({
      ...edition,
      tierFrom: tiers.map(({ above }) => above),
      tierTo: tiers.map(({ upTo }) => upTo ?? noEnd),
      tierPrice: tiers.map(({ price }) => price),
    }),
  )
  await store.run(`INSERT INTO bill_editions SETTINGS async_insert = 0
    SELECT ${sqlText(ratesId)}, * FROM format(JSONEachRow, ${sqlText(structure)}, ${sqlText(lines.join('\n'))})`)
  await set(store, ratesKey, ratesId)
}
