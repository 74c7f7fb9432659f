// What the bench of the source for Logstores says, its bars, and what counts as a severe drop.
import { table } from './report-page.ts'
import type { DrainFigures } from './run-drain.ts'
import { logsPerGroup } from './sls-rows.ts'

export interface SlsReport {
  readonly date: string
  readonly machine: string
  readonly rounds: number
  /** Load average before and after. */
  readonly load: readonly [number, number]
  readonly rows: number
  readonly groups: number
  /** Of the LogGroups, uncompressed. */
  readonly rawBytes: number
  readonly shards: number
  /** The source with everything dropped. */
  readonly alone: DrainFigures
  /** The source and the engine. */
  readonly whole: DrainFigures
  /** Live heap of a run with the engine behind the warm-up, and at the end. */
  readonly heapMB: readonly [number, number]
}

const barMBps = 60
const goalMBps = 150
/** The live heap may be so much larger at the end than behind the warm-up. */
const maxGrowth = 0.05
/** About half of what docs/performance.md has; a quick run is mostly warm-up. */
const leastMBps = { full: 28, quick: 8 } as const

export function describeSls(report: SlsReport): string {
  const { date, machine, rounds, load, rows, groups, rawBytes, shards, alone, whole } = report
  const head = `${date}, ${machine}. ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; load average ${load[0].toFixed(1)} before and ${load[1].toFixed(1)} after.`
  const input = `${thousands(rows)} generated rows (workload C's kind: every fault, with request metrics) in ${thousands(groups)} LogGroups of at most ${logsPerGroup} logs and ${shards} shards: ${(rawBytes / 1e6).toFixed(1)} MB, ${(rawBytes / rows).toFixed(0)} bytes a row.`
  const about =
    '_Per core_ is by CPU time, user and system, of all threads of the process; _warm_ leaves the first two fifths out, as do rows/s and attempts/s, which are per core as well.'
  return `${[head, input, describeBars(report), describeRuns(rawBytes, { alone, whole }), about].join('\n\n')}\n`
}

function describeBars({ rawBytes, whole, heapMB }: SlsReport): string {
  const rate = rateOf(rawBytes, whole.cpuMs)
  const goal = rate >= goalMBps ? 'too' : 'not'
  const [warm, end] = heapMB
  return table(
    ['what', 'measured', 'bar', ''],
    [
      [
        'from the socket to closed attempts, per core',
        `${rate.toFixed(0)} MB/s`,
        `≥ ${barMBps} MB/s`,
        rate >= barMBps ? `met, goal ${goalMBps} MB/s ${goal}` : '**not met**',
      ],
      [
        `live heap at the end (${end.toFixed(0)} MB) beside that behind the warm-up (${warm.toFixed(0)} MB)`,
        percent(growthOf(heapMB)),
        `≤ ${percent(maxGrowth)}`,
        growthOf(heapMB) <= maxGrowth ? 'met' : '**not met**',
      ],
    ],
  )
}

function describeRuns(rawBytes: number, runs: { readonly alone: DrainFigures; readonly whole: DrainFigures }): string {
  const row = (about: string, { wallMs, cpuMs, warmCpuMs, rows, attempts, peakResidentMB }: DrainFigures): string[] => [
    about,
    `${wallMs.toFixed(0)} ms`,
    `${(cpuMs / 1000).toFixed(2)} s`,
    rateOf(rawBytes, wallMs).toFixed(0),
    rateOf(rawBytes, cpuMs).toFixed(0),
    rateOf(rawBytes, warmCpuMs).toFixed(0),
    `${(rows / warmCpuMs / 1000).toFixed(2)} M`,
    attempts === 0 ? '' : `${((attempts / warmCpuMs) * 1000).toFixed(0)}`,
    `${peakResidentMB.toFixed(0)} MB`,
  ]
  const head = ['run', 'wall', 'CPU', 'MB/s', 'MB/s per core', 'warm', 'rows/s', 'attempts/s', 'peak memory']
  return table(head, [row('the source alone', runs.alone), row('source and engine', runs.whole)])
}

/** What is so much worse that something must have broken, in words. */
export function findSlsFailures({ rawBytes, whole, heapMB }: SlsReport, mode: 'full' | 'quick'): readonly string[] {
  const rate = rateOf(rawBytes, whole.cpuMs)
  const failures: string[] = []
  if (rate < leastMBps[mode]) failures.push(`far slower than documented: ${rate.toFixed(1)} MB/s per core`)
  // A short run is all warm-up.
  if (mode === 'full' && growthOf(heapMB) > 5 * maxGrowth)
    failures.push(`the heap grew by ${percent(growthOf(heapMB))}`)
  return failures
}

const growthOf = ([warm, end]: readonly [number, number]): number => end / warm - 1
/** MB/s. */
const rateOf = (bytes: number, ms: number): number => bytes / ms / 1000
const percent = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`
const thousands = (value: number): string => Math.round(value).toLocaleString('en')
