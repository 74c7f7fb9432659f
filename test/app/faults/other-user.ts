// Runs a worker as a user who has no rights: for the superuser nothing is forbidden.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync } from 'node:fs'
import { fcscope } from '../../cli/run-fcscope.ts'
import type { WorkerStage } from '../worker/stage.ts'

const nobody = 65_534
const isRoot = process.getuid?.() === 0
const throughNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups']

/** What stands in front of a command so that rights count. */
export const asOtherUser: readonly string[] = isRoot ? throughNobody : []

/** Why it cannot be done here; false when it can. */
export function cannotBeOtherUser(): string | false {
  if (!isRoot) return false
  const [program = '', ...words] = [...throughNobody, fcscope, '--version']
  const { status, error } = spawnSync(program, words)
  if (error !== undefined) return 'this process is the superuser, and there is no setpriv to give that up'
  return status === 0 ? false : 'the superuser runs this, and nobody else may read the project'
}

/** The folder and its traffic belong to that user. */
export function handOver(stage: WorkerStage): void {
  if (!isRoot) return
  for (const path of [stage.folder, stage.path('logs')]) chownSync(path, nobody, nobody)
  chmodSync(stage.folder, 0o755)
}
