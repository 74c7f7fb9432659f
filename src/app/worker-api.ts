// The worker's local API: what it answers to commands that run beside it.
import type { StoreWriter } from '../model/store-connection.ts'
import { readersOf } from '../store/embedded-store.ts'
import { type ApiCalls, type ApiServer, startApiServer } from '../store/worker-api/api-server.ts'
import { workerApiUnavailable } from '../telemetry/events/worker-api.ts'
import type { Assembly } from './assemble-worker.ts'
import { apiFolder } from './open-store-reader.ts'
import type { RunOptions } from './run-options.ts'

/** What `GET /status` tells. */
export interface WorkerStatus {
  readonly pid: number
  readonly version: string
  /** RFC 3339. */
  readonly startedAt: string
  readonly records: number
  readonly attempts: number
  readonly openAttempts: number
  readonly lagBytes: number
  readonly lagSeconds: number
  /** Bytes of files that wait for a sink. */
  readonly waitingBytes: number
  /** Empty when the worker does its work. */
  readonly notReady: readonly string[]
}

/** Serves until it is closed. A worker whose socket cannot be made works without one, and says so. */
export async function startWorkerApi(parts: {
  readonly options: RunOptions
  readonly store: StoreWriter
  readonly assembly: Assembly
  readonly beganMs: number
}): Promise<Pick<ApiServer, 'close'>> {
  const { options, store } = parts
  const folder = apiFolder(options.config.settings)
  const calls: ApiCalls = {
    'GET /status': () => statusOf(parts),
  }
  try {
    return await startApiServer({ folder, store: readersOf(store), calls })
  } catch (error) {
    workerApiUnavailable(options.log, { folder, reason: error instanceof Error ? error.message : String(error) })
    return { close: async () => {} }
  }
}

function statusOf({
  options,
  assembly,
  beganMs,
}: {
  readonly options: RunOptions
  readonly assembly: Assembly
  readonly beganMs: number
}): WorkerStatus {
  const { ledger, engine, queues, sources } = assembly
  const lags = sources.map(source => source.lag())
  return {
    pid: process.pid,
    version: options.version,
    startedAt: new Date(beganMs).toISOString(),
    records: ledger.received,
    attempts: ledger.attempts,
    openAttempts: engine.openAttempts,
    lagBytes: lags.reduce((sum, { bytes }) => sum + bytes, 0),
    lagSeconds: Math.max(0, ...lags.map(({ seconds }) => seconds)),
    waitingBytes: queues.reduce((sum, { bytes }) => sum + bytes, 0),
    notReady: assembly.metricsServer.notReady(),
  }
}
