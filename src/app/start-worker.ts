// Starts a worker for the command line: makes its log, and loads what a worker needs only then.
import type { Lang } from '../model/cause.ts'
import type { Ledger } from '../model/ledger.ts'
import { createLog, type LogSeverity } from '../telemetry/log.ts'
import type { RunOptions, WorkerProgress } from './run-options.ts'
import { runWorker } from './run-worker.ts'
import type { WorkerConfig } from './worker-config.ts'

export interface StartOptions {
  readonly config: WorkerConfig
  readonly once: boolean
  readonly lang: Lang
  readonly version: string
  readonly logLevel: LogSeverity | 'silent'
  readonly isTerminal: boolean
  readonly write: (text: string) => void
  readonly nowMs: () => number
  readonly onStoppable: RunOptions['onStoppable']
  readonly onStarted: RunOptions['onStarted']
  readonly onProgress: ((progress: WorkerProgress) => void) | null
}

/** Runs a worker until it is stopped or done. */
export function startWorker(options: StartOptions): Promise<Ledger> {
  const { logLevel, isTerminal, write, ...rest } = options
  const log = createLog({ lang: rest.lang, level: logLevel, isTerminal, nowMs: rest.nowMs, write })
  return runWorker({ ...rest, log, random: Math.random })
}
