// Attempts looked up one by one, as they are now. The view says the same; but FINAL and the naming of flags and sources cost more than
// the look-up itself, and are little work here.
import { attemptFlags, type SourcedField, sourcedFields, type ValueSource, valueSources } from '../../model/attempt.ts'
import type { AttemptRecord } from '../../model/post-mortem.ts'
import { phases } from '../../model/record-kind.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { cuText, plainColumns } from '../schema/attempts.ts'
import { rowsOf } from './rows-of.ts'

/**
 * Few rows are looked up by their key: one thread finds them sooner than several that have to be set up, and there is nothing to be
 * put off until later.
 */
export const lookUp =
  'SETTINGS max_threads = 1, optimize_use_projections = 0, query_plan_optimize_lazy_materialization = 0'

/** Attempts that are given out, and revisions that are read. */
const maxAttempts = 100
const maxRows = 2000

type Row = Omit<AttemptRecord, 'flags' | 'sources'> & {
  readonly flagBits: number
  readonly sourceDigits: number
  readonly position: string
  readonly version: number
  readonly deleted: 0 | 1
}

/** Those that `where` finds by the key of the table, by phase, number and time. Fails with a `StoreError`. */
export async function newestAttempts(store: StoreConnection, where: string): Promise<readonly AttemptRecord[]> {
  const sql = `SELECT ${plainColumns}, causes, ${cuText}, revision, version, flagBits, sourceDigits, position, deleted FROM attempts
    WHERE ${where} LIMIT ${maxRows} ${lookUp}`
  const rows = newestRows(rowsOf<Row>(await store.query({ sql })))
  return rows.toSorted(byPlace).slice(0, maxAttempts).map(attemptOf)
}

/** What tells the revisions of an attempt from those of others. */
interface Revised {
  readonly requestId: string | null
  readonly phase: string
  readonly attempt: number
  readonly position: string
  /** Beyond 2^53 its last digits are lost; two of one attempt are never so near. */
  readonly version: number
  readonly deleted: 0 | 1
}

/** Of each attempt the newest revision, if that does not say that there is no such attempt. */
export function newestRows<T extends Revised>(rows: readonly T[]): readonly T[] {
  const newest = new Map<string, T>()
  for (const row of rows) {
    const key = JSON.stringify([row.requestId, row.phase, row.attempt, row.position])
    if ((newest.get(key)?.version ?? 0) < row.version) newest.set(key, row)
  }
  return [...newest.values()].filter(({ deleted }) => deleted === 0)
}

const byPlace = (a: Row, b: Row): number =>
  phases.indexOf(a.phase) - phases.indexOf(b.phase) ||
  a.attempt - b.attempt ||
  (a.startTime ?? '').localeCompare(b.startTime ?? '')

/** In the order of the contract's fields. */
function attemptOf({
  flagBits,
  sourceDigits,
  position: _,
  version: ___,
  deleted: __,
  causes,
  cu,
  revision,
  ...plain
}: Row): AttemptRecord {
  const flags = attemptFlags.filter((_name, bit) => ((flagBits >> bit) & 1) === 1)
  return { ...plain, flags, causes, sources: sourcesOf(sourceDigits), cu, revision }
}

/** Four bits for each field: the number of its source, from 1 on. They are too many for the bits of a number. */
function sourcesOf(digits: number): Partial<Record<SourcedField, ValueSource>> {
  const sources: Partial<Record<SourcedField, ValueSource>> = {}
  let rest = digits
  for (const field of sourcedFields) {
    const source = valueSources[(rest % 16) - 1]
    if (source !== undefined) sources[field] = source
    rest = Math.floor(rest / 16)
  }
  return sources
}
