// A worker that is killed again and again while it follows a log, and what must be true of its store in the end.
import { existsSync } from 'node:fs'
import type { Random } from '../../../src/lib/random.ts'
import type { WorkerStage } from '../worker/stage.ts'
import { pause, until, type WorkerProcess } from '../worker/worker-process.ts'
import type { RotatingLog } from './rotating-log.ts'

/** When a worker is killed. */
export type Moment = 'running' | 'starting' | 'stopping'

const moments: readonly Moment[] = ['running', 'starting', 'running', 'stopping']

/** How long a start takes at most until it is worth nothing to wait longer for the moment. */
const maxStartMs = 700
const maxRunMs = 900
const maxStopMs = 150

/** Kills workers in the first moments of a new store: while its tables are made. */
export async function killInMigration(stage: WorkerStage, kills: number, random: Random): Promise<void> {
  for (let n = 0; n < kills; n += 1) {
    const worker = stage.start()
    await until('the store is made', () => existsSync(stage.path('.fcscope/store/data')) || worker.hasEnded, {
      everyMs: 1,
    })
    await pause(random.below(250))
    await endBy(worker, () => worker.kill())
  }
}

/** Kills `kills` workers, one after the other, while the log grows. Resolves when the log is written. */
export async function killWhileWriting(parts: {
  readonly stage: WorkerStage
  readonly log: RotatingLog
  readonly kills: number
  readonly random: Random
}): Promise<void> {
  const { stage, log, kills, random } = parts
  const writing: Promise<void>[] = []
  for (let n = 0; n < kills; n += 1) {
    writing.push(log.allow((n + 1) / (kills + 1)))
    const worker = stage.start()
    await killAt(moments[n % moments.length] ?? 'running', worker, random)
  }
  await Promise.all(writing)
  const last = stage.start()
  await last.ready()
  await log.allow(1)
  await pause(random.below(500))
  await endBy(last, () => last.stop(), [0])
}

async function killAt(moment: Moment, worker: WorkerProcess, random: Random): Promise<void> {
  if (moment === 'starting') await pause(random.below(maxStartMs))
  else {
    await worker.ready()
    await pause(random.below(maxRunMs))
  }
  if (moment !== 'stopping') return endBy(worker, () => worker.kill())
  worker.child.kill('SIGTERM')
  await pause(random.below(maxStopMs))
  await endBy(worker, () => worker.kill(), [0])
}

/** A worker that has ended by itself before it was killed has failed. */
export async function endBy(
  worker: WorkerProcess,
  end: () => Promise<unknown>,
  allowed: readonly number[] = [],
): Promise<void> {
  await end()
  const { status, signal } = await worker.ended
  const isRight = signal === 'SIGKILL' || (status !== null && allowed.includes(status))
  if (!isRight) throw new Error(`the worker ended by itself (${status ?? signal}):\n${worker.stderr}`)
}
