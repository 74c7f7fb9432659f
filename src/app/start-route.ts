// Starts `fcscope route` for the command line: makes its log, and loads what it needs only then.
import type { Ledger } from '../model/ledger.ts'
import { createLog } from '../telemetry/log.ts'
import { runRoute } from './run-route.ts'
import type { StartOptions } from './start-worker.ts'

/** Routes until it is stopped or done. */
export function startRoute(options: StartOptions): Promise<Ledger> {
  const { logLevel, isTerminal, write, ...rest } = options
  const log = createLog({ lang: rest.lang, level: logLevel, isTerminal, nowMs: rest.nowMs, write })
  return runRoute({ ...rest, log, random: Math.random })
}
