// Runs `drain-source.ts` in rounds, and makes figures of what it says.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Drained, DrainState, DrainTask } from './drain-source.ts'
import { median } from './measure.ts'

const program = fileURLToPath(new URL('drain-source.ts', import.meta.url))
/** As bin/fcscope starts it. */
const flags: readonly string[] = ['--max-semi-space-size=16', '--no-concurrent-sparkplug']

/**
 * Fails when the process does. `collects`: the heap is collected before it is measured,
 * and times say nothing.
 */
export function runDrain(task: DrainTask, { collects = false } = {}): Drained {
  const own = collects ? ['--expose-gc'] : []
  const { status, stdout } = spawnSync(process.execPath, [...flags, ...own, program, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`drain-source failed (${status})`)
  // What drain-source.ts says.
  return JSON.parse(stdout) as Drained
}

/** Medians over the runs. */
export interface DrainFigures {
  readonly rows: number
  readonly attempts: number
  readonly wallMs: number
  readonly cpuMs: number
  /** CPU time of a run of which all were as the part behind the warm-up. */
  readonly warmCpuMs: number
  /** The highest of all. */
  readonly peakResidentMB: number
}

export function summarizeDrains(runs: readonly Drained[]): DrainFigures {
  const of = (figure: (run: Drained) => number): number => median(runs.map(figure))
  return {
    rows: of(run => run.rows),
    attempts: of(run => run.attempts),
    wallMs: of(run => run.end.wallMs),
    cpuMs: of(run => run.end.cpuMs),
    warmCpuMs: of(run => warmCpuMsOf(run.warm, run.end)),
    peakResidentMB: Math.max(...runs.map(run => run.peakResidentMB)),
  }
}

const warmCpuMsOf = (warm: DrainState, end: DrainState): number =>
  warm.share >= 1 ? end.cpuMs : (end.cpuMs - warm.cpuMs) / (1 - warm.share)
