// Ids of tracing for lines that were stored before the ids of their attempt were known: the platform's row gave others than follow from
// the request id, or the attempt turned out to have another number. They are told once all that was read before is in the store.
import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { piecesWithin } from '../../lib/pieces.ts'
import { sqlText, sqlTime } from '../../lib/sql-text.ts'
import { hexOfWords, spanIdWords, traceIdWords } from '../../lib/trace-id.ts'
import type { Attempt } from '../../model/attempt.ts'
import { maxListBytes } from '../../model/store-connection.ts'

/** Ids in hex: lines of the request that carry `lineSpanId` get the others. */
export interface LineIds {
  readonly requestId: string
  readonly lineSpanId: string
  readonly traceId: string
  readonly spanId: string
  /** When the attempt began, unix ms; null when not known. */
  readonly startMs: number | null
}

/**
 * Adds what the lines of an attempt are told: for each span that they were stored with and that is not the attempt's. `lineSpans`: 2 words
 * each; lines have the ids that follow from the identity, and the platform may have given the attempt others.
 */
export function addLineIds(
  { requestId, traceId, spanId, startTimeMs }: Attempt,
  given: {
    readonly identityWords: Int32Array
    readonly hasPlatformIds: boolean
    readonly lineSpans: readonly number[]
  },
  into: LineIds[],
): void {
  const { identityWords, hasPlatformIds, lineSpans } = given
  if (requestId === null) return
  for (let at = 0; at < lineSpans.length; at += spanIdWords) {
    const [high, low] = [lineSpans[at]!, lineSpans[at + 1]!]
    const isSame = high === identityWords[traceIdWords] && low === identityWords[traceIdWords + 1]
    if (isSame && !hasPlatformIds) continue
    const lineSpanId = hexOfWords(Int32Array.of(high, low), 0, spanIdWords)
    into.push({ requestId, lineSpanId, traceId, spanId, startMs: startTimeMs })
  }
}

/** A line is stored behind the begin of its attempt, but for clocks that differ. */
const clockSkewMs = 3_600_000
/** Nobody waits longer for the rest of an attempt whose lines are stored; what is filled in afterwards began long before it is stored. */
const longestMs = 7 * 86_400_000

/** Writes `path`, which must not be there yet; returns its size in bytes. What was written is removed when anything fails. */
export function writeLineIds(path: string, ids: readonly LineIds[]): number {
  const bytes = Buffer.from(JSON.stringify(ids))
  try {
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!isThere(error)) unlinkSync(path)
    throw error
  }
  return bytes.length
}

const isThere = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST'

/** What {@link writeLineIds} wrote. */
export const readLineIds = (path: string): readonly LineIds[] => JSON.parse(readFileSync(path, 'utf8'))

/**
 * Statements that give lines their ids; run again they change nothing, and no line gets ids twice: of two attempts that changed numbers one
 * may have by then what the other's lines carried. `storedMs`: of the batch that gives the attempts out, unix ms. They are lightweight
 * updates: what is new is kept beside the rows until a merge.
 */
export function bindingStatements(ids: readonly LineIds[], storedMs: number): readonly string[] {
  return piecesWithin(maxListBytes, ids, bytesInStatement).flatMap(some =>
    ['log_lines', 'line_owners'].map(
      table => `UPDATE ${table} SET ${assignments(some)} WHERE ${condition(some, storedMs)}`,
    ),
  )
}

/** Quotes and commas stand around what is written. */
const bytesInStatement = ({ requestId, lineSpanId, traceId, spanId }: LineIds): number =>
  Buffer.byteLength(sqlText(JSON.stringify(requestId))) + 3 * lineSpanId.length + traceId.length + spanId.length + 16

function assignments(ids: readonly LineIds[]): string {
  const from = constantArray(ids.map(({ lineSpanId }) => lineSpanId))
  const trace = `transform(SpanId, ${from}, ${constantArray(ids.map(({ traceId }) => traceId))}, TraceId)`
  const span = `transform(SpanId, ${from}, ${constantArray(ids.map(({ spanId }) => spanId))}, SpanId)`
  return `TraceId = ${trace}, SpanId = ${span}, isBound = 1`
}

/** Partitions and the index of request ids keep most of the table unread. */
function condition(ids: readonly LineIds[], storedMs: number): string {
  const firstMs = ids.reduce((first, { startMs }) => Math.min(first, startMs ?? 0), Number.POSITIVE_INFINITY)
  const fromMs = Math.max(Math.floor(firstMs) - clockSkewMs, storedMs - longestMs)
  const requests = [...new Set(ids.map(({ requestId }) => requestId))]
  return [
    'NOT isBound',
    `requestId IN (SELECT arrayJoin(${constantArray(requests)}))`,
    `SpanId IN (SELECT arrayJoin(${constantArray(ids.map(({ lineSpanId }) => lineSpanId))}))`,
    `storedAt >= ${sqlTime(fromMs)}`,
  ].join(' AND ')
}

/** One literal, which the engine reads in a tenth of the time that it takes for a list of them. */
const constantArray = (texts: readonly string[]): string =>
  `JSONExtract(${sqlText(JSON.stringify(texts))}, 'Array(String)')`
