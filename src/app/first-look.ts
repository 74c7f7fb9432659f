// What a store holds, at a glance: asked of the worker that has it open, once it has taken in what its sources had.
import type { StoreConnection } from '../model/store-connection.ts'
import { openStoreReader } from './open-store-reader.ts'
import type { WorkerStatus } from './worker-api.ts'
import type { WorkerConfig } from './worker-config.ts'

const pollMs = 500
/** Sources that never come to an end must not keep anybody waiting. */
const maxWaitMs = 15_000

const maxFunctions = 8
const maxCauses = 5

/** Counts are of attempts with the phase `invoke`. */
export interface FirstLook {
  readonly attempts: number
  readonly lines: number
  readonly statuses: readonly { readonly status: string; readonly count: number }[]
  readonly functions: readonly FunctionLook[]
  readonly causes: readonly CauseLook[]
}

export interface FunctionLook {
  /** Null where the logs do not say. */
  readonly functionName: string | null
  readonly attempts: number
  readonly failed: number
  readonly coldStarts: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

/** The likeliest cause of failed attempts, with one of them. */
export interface CauseLook {
  readonly code: string
  readonly count: number
  readonly remedy: string
  readonly requestId: string | null
}

/** Waits until the worker of this configuration has stored what it found, within bounds; null when none answers. */
export async function takeFirstLook(config: WorkerConfig, isStopping: () => boolean): Promise<FirstLook | null> {
  const { connection, worker } = await openStoreReader(config)
  try {
    if (worker === null) return null
    let before = 0
    for (let waitedMs = 0; waitedMs < maxWaitMs && !isStopping(); waitedMs += pollMs) {
      const status = (await worker.call('GET', '/status')) as WorkerStatus
      const stored = await countAttempts(connection)
      // Attempts are given out some time after their End: all that were, twice in a row, are all.
      const isStored = stored > 0 && stored === status.attempts
      if (isStored && stored === before && status.lagBytes === 0) break
      before = isStored ? stored : 0
      await new Promise(resolve => setTimeout(resolve, pollMs))
    }
    return isStopping() ? null : await look(connection)
  } finally {
    await connection.close()
  }
}

async function countAttempts(store: StoreConnection): Promise<number> {
  const [counts] = await rows<{ attempts: number }>(store, 'SELECT count() AS attempts FROM invocations')
  return counts?.attempts ?? 0
}

async function look(store: StoreConnection): Promise<FirstLook> {
  const [counts] = await rows<{ attempts: number }>(store, `SELECT count() AS attempts FROM ${calls}`)
  const [lines] = await rows<{ lines: number }>(store, 'SELECT count() AS lines FROM otel_logs')
  return {
    attempts: counts?.attempts ?? 0,
    lines: lines?.lines ?? 0,
    statuses: await rows(
      store,
      `SELECT toString(status) AS status, count() AS count FROM ${calls} GROUP BY 1 ORDER BY 2 DESC`,
    ),
    functions: await rows(store, functionsSql),
    causes: await rows(store, causesSql),
  }
}

const calls = "invocations WHERE phase = 'invoke'"

/** As everywhere: `incomplete` and `canceled` are no answer of the function, but no fault of it either. */
const isFailed = "status NOT IN ('ok', 'incomplete', 'canceled')"

const functionsSql = `SELECT functionName, count() AS attempts, countIf(${isFailed}) AS failed,
  countIf(coldStart = true) AS coldStarts, quantileExact(0.5)(durationMs) AS p50Ms, quantileExact(0.99)(durationMs) AS p99Ms
FROM ${calls} GROUP BY functionName ORDER BY failed DESC, attempts DESC LIMIT ${maxFunctions}`

const causesSql = `SELECT causes[1].code AS code, count() AS count, any(causes[1].remedy) AS remedy, min(requestId) AS requestId
FROM ${calls} AND ${isFailed} AND notEmpty(causes) GROUP BY code ORDER BY count DESC LIMIT ${maxCauses}`

async function rows<T>(store: StoreConnection, sql: string): Promise<readonly T[]> {
  const answer = await store.query({ sql })
  return answer
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as T)
}
