// Runs cases in rounds, each right after its yardstick, and makes figures of what came out.
import type { Case } from './cases.ts'
import type { CommandRunner, Run } from './run-command.ts'

export interface Ratio {
  readonly median: number
  readonly low: number
  readonly high: number
}

export interface Figures {
  readonly of: Case
  /** Median over all runs, as the other figures except where they say something else. */
  readonly wallMs: number
  readonly cpuMs: number | null
  /** The highest of all runs. */
  readonly peakMB: number | null
  readonly recordsPerSecond: number
  readonly recordsPerCpuSecond: number | null
  /** Wall time in that of the yardstick run before it; null for a yardstick. */
  readonly ratio: Ratio | null
}

export type FiguresById = ReadonlyMap<string, Figures>

export function measure(options: {
  cases: readonly Case[]
  rounds: number
  runner: CommandRunner
  onRound: (round: number) => void
}): FiguresById {
  const { cases, rounds, runner, onRound } = options
  const byId = new Map(cases.map(one => [one.id, one]))
  const runs = new Map<string, Run[]>(cases.map(one => [one.id, []]))
  const ratios = new Map<string, number[]>(cases.map(one => [one.id, []]))
  const runOnce = (one: Case): Run => {
    const run = runner.run(one.command)
    runs.get(one.id)?.push(run)
    return run
  }
  for (let round = 1; round <= rounds; round += 1) {
    onRound(round)
    for (const one of cases) {
      const yardstick = one.yardstick === null ? undefined : byId.get(one.yardstick)
      if (yardstick === undefined) continue
      for (let n = 0; n < one.runs; n += 1) {
        const before = runOnce(yardstick)
        ratios.get(one.id)?.push(runOnce(one).wallMs / before.wallMs)
      }
    }
  }
  return new Map(cases.map(one => [one.id, summarize(one, runs.get(one.id) ?? [], ratios.get(one.id) ?? [])]))
}

function summarize(of: Case, runs: readonly Run[], ratios: readonly number[]): Figures {
  const wallMs = median(runs.map(run => run.wallMs))
  const cpu = runs.map(run => run.cpuMs).filter(ms => ms !== null)
  const peaks = runs.map(run => run.peakMB).filter(mb => mb !== null)
  // Steps of 10 ms: what took less than some of them has no rate.
  const cpuMs = cpu.length === 0 ? null : median(cpu)
  return {
    of,
    wallMs,
    cpuMs,
    peakMB: peaks.length === 0 ? null : Math.max(...peaks),
    recordsPerSecond: (of.records / wallMs) * 1000,
    recordsPerCpuSecond: cpuMs === null || cpuMs < 50 ? null : (of.records / cpuMs) * 1000,
    ratio: ratios.length === 0 ? null : { median: median(ratios), low: Math.min(...ratios), high: Math.max(...ratios) },
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
