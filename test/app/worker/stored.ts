// What is in a worker's store, asked with `fcscope query`.
import { fcscope, run } from '../../cli/run-fcscope.ts'
import type { AttemptJson } from '../run-batch.ts'
import { mustBeDone } from './truth.ts'

/** A kept line. */
export interface StoredLine {
  readonly Body: string
  readonly kind: string
  readonly level: string | null
  readonly requestId: string
  readonly TraceId: string
  readonly SpanId: string
  readonly functionName: string
  readonly instanceID: string
  readonly timeSource: string | null
  readonly Timestamp: string
}

/** All kept lines. */
export const storedLinesSql =
  'SELECT Body, kind, level, requestId, TraceId, SpanId, functionName, instanceID, timeSource, Timestamp FROM otel_logs'

/** Everything that is compared. */
export interface Stored {
  readonly attempts: readonly AttemptJson[]
  readonly lines: readonly StoredLine[]
}

/** The rows of a query on the store of the folder's configuration. */
export async function query<Row>(folder: string, sql: string): Promise<readonly Row[]> {
  const words = ['query', '-c', 'fcscope.yaml', '--timeout', '120', sql]
  const outcome = mustBeDone(await run(fcscope, words, { folder }), words)
  return outcome.stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}

export async function readStored(folder: string): Promise<Stored> {
  return {
    attempts: await query<AttemptJson>(folder, 'SELECT * FROM invocations'),
    lines: await query<StoredLine>(folder, storedLinesSql),
  }
}
