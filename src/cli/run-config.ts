// Runs a worker for the commands that do: with their log, their progress and their signals.
import type { WorkerConfig } from '../app/worker-config.ts'
import { ExitStatus } from '../model/fcscope-error.ts'
import type { Context } from './command.ts'
import { RunProgress } from './run-progress.ts'
import { readVersion } from './version.ts'

export interface RunWish {
  /** Read to the present end of the sources, and be done. */
  readonly once: boolean
  /** Called when the worker has begun its work. */
  readonly onStarted: () => void
}

/** Runs until it is stopped or done. */
export async function runConfig(config: WorkerConfig, wish: RunWish, context: Context): Promise<ExitStatus> {
  const { startWorker } = await import('../app/start-worker.ts')
  const { once, onStarted } = wish
  const progress = once && context.isStderrTerminal && context.logLevel !== 'silent' ? new RunProgress(context) : null
  const ledger = await startWorker({
    config,
    once,
    lang: context.lang,
    version: readVersion(),
    logLevel: context.logLevel,
    isTerminal: context.isStderrTerminal,
    write: text => (progress === null ? context.writeStderr(text) : progress.write(text)),
    nowMs: () => context.unixMs(),
    onStoppable: stop => context.onInterrupt(stop),
    onStarted,
    onProgress: progress === null ? null : state => progress.draw(state),
  }).finally(() => progress?.clear())
  return ledger.unaccounted === 0 ? ExitStatus.done : ExitStatus.badAnswer
}
