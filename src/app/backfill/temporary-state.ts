// The state of a back-fill: of no use behind its end. It lies beside the worker's, on the same disk, since rows wait there for the store.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { WorkerState } from '../../state/worker-state.ts'

const prefix = 'backfill-'
/** A younger one may be about to be opened. */
const leftBehindMs = 3_600_000

export interface TemporaryState {
  readonly path: string
  remove(): void
}

/** Makes one. Those of runs that were killed are removed first. */
export function makeTemporaryState(workerState: string, nowMs: number): TemporaryState {
  const folder = dirname(workerState)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  removeLeftBehind(folder, nowMs)
  const path = mkdtempSync(join(folder, prefix))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

function removeLeftBehind(folder: string, nowMs: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!/^backfill-\w{6}$/.test(name) || !existsSync(join(path, 'state.sqlite'))) continue
    if (nowMs - statSync(path).mtimeMs < leftBehindMs || isInUse(path)) continue
    rmSync(path, { recursive: true, force: true })
  }
}

function isInUse(path: string): boolean {
  try {
    WorkerState.open(path).close()
    return false
  } catch {
    return true
  }
}
