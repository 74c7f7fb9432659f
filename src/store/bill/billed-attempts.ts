// Stored attempts one by one, for functions whose time cannot be summed up without more rules than the store has.
import type { StoreConnection } from '../../model/store-connection.ts'
import { jsonRows } from '../json-rows.ts'
import { rowsOf } from '../trace/rows-of.ts'
import { type BillWindow, billTimeoutMs, inWindow, isOneOf, type NamedFunction } from './billed-spans.ts'

export interface QualifiedFunction extends NamedFunction {
  readonly qualifier: string | null
}

/** Times are unix ms. */
export interface StoredBilledAttempt extends QualifiedFunction {
  readonly instanceID: string | null
  readonly phase: string
  readonly status: string
  readonly startTimeMs: number | null
  readonly endTimeMs: number | null
  readonly durationMs: number | null
  readonly billedMs: number | null
  readonly memoryMB: number | null
}

/** Fails with a `StoreError`. */
export async function* storedBilledAttempts(
  store: StoreConnection,
  wish: BillWindow & { readonly functions: readonly NamedFunction[] },
): AsyncIterable<StoredBilledAttempt> {
  const sql = `SELECT functionName, serviceName, qualifier, instanceID, phase, status,
      toUnixTimestamp64Milli(startTime) AS startTimeMs, toUnixTimestamp64Milli(endTime) AS endTimeMs,
      durationMs, billedMs, memoryMB
    FROM invocations WHERE ${inWindow(wish)} AND ${isOneOf(wish.functions)}`
  for await (const rows of jsonRows<StoredBilledAttempt>(store.stream({ sql, timeoutMs: billTimeoutMs }))) yield* rows
}

/** Every function of which something is stored, under each version or alias; a few that were corrected since may be among them. */
export async function storedFunctions(store: StoreConnection): Promise<readonly QualifiedFunction[]> {
  const sql = 'SELECT DISTINCT functionName, serviceName, qualifier FROM attempts WHERE NOT deleted'
  return rowsOf<QualifiedFunction>(await store.query({ sql, timeoutMs: billTimeoutMs }))
}
