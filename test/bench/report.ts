// The generated parts of docs/performance.md on whole processes: bars, all figures, and other tools.
import type { BarResult } from './bars.ts'
import type { Figures, FiguresById } from './measure.ts'
import { peers } from './peers.ts'
import { table } from './report-page.ts'
import type { Workload } from './workloads.ts'

export interface Report {
  readonly date: string
  readonly machine: string
  readonly rounds: number
  /** Load average before and after. */
  readonly load: readonly [number, number]
  readonly workloads: readonly Workload[]
  readonly bars: readonly BarResult[]
  readonly figures: FiguresById
}

export function describeReport(report: Report): string {
  return paragraphs([
    describeRun(report),
    describeBars(report.bars),
    `## All figures\n\n${describeWorkloads(report.workloads)}`,
    describeFigures(report.figures),
    `## Other tools\n\n${describePeers(report.figures)}`,
  ])
}

export function describeWorkerReport(report: Report): string {
  return paragraphs([describeRun(report), describeBars(report.bars), describeFigures(report.figures)])
}

const paragraphs = (parts: readonly string[]): string => parts.map(part => `${part}\n`).join('\n')

function describeRun({ date, machine, rounds, load: [before, after] }: Report): string {
  return `${date}, ${machine}. ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; load average ${before.toFixed(1)} before and ${after.toFixed(1)} after.`
}

function describeBars(results: readonly BarResult[]): string {
  const met = results.filter(result => result.isMet).length
  const rows = results.map(({ about, unit, measured, bar, goal, isMet, reachesGoal }) => [
    about,
    measured === null ? 'not measured' : quantity(measured, unit),
    `${unit === 'rate' ? '≥' : '≤'} ${quantity(bar, unit)}`,
    `${isMet ? 'met' : '**not met**'}${goal === undefined || !isMet ? '' : `, goal ${quantity(goal, unit)} ${reachesGoal ? 'too' : 'not'}`}`,
  ])
  return `${table(['what', 'measured', 'bar', ''], rows)}\n\n${met} of ${results.length} bars are met.`
}

function describeWorkloads(workloads: readonly Workload[]): string {
  const rows = workloads.map(({ name, about, records, bytes }) => [
    name,
    about,
    thousands(records),
    (bytes / 1e6).toFixed(1),
    (bytes / records).toFixed(0),
  ])
  return table(['', 'input', 'lines or rows', 'MB', 'bytes each'], rows)
}

function describeFigures(figures: FiguresById): string {
  const head = ['run', 'wall', 'CPU', 'peak memory', 'M lines or rows/s', 'beside its yardstick']
  return table(head, [...figures.values()].map(figureRow))
}

function figureRow({ of, wallMs, cpuMs, peakMB, recordsPerSecond, ratio }: Figures): string[] {
  return [
    of.id,
    `${wallMs < 200 ? wallMs.toFixed(1) : wallMs.toFixed(0)} ms`,
    cpuMs === null ? '' : `${(cpuMs / 1000).toFixed(2)} s`,
    peakMB === null ? '' : `${peakMB.toFixed(0)} MB`,
    of.records > 1 ? (recordsPerSecond / 1e6).toFixed(2) : '',
    ratio === null ? '' : `${ratio.median.toFixed(2)} × (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})`,
  ]
}

function describePeers(figures: FiguresById): string {
  const own = figures.get('reconstruct --out none A')
  const byHand = figures.get('readline script A')
  if (own === undefined || byHand === undefined) throw new Error('workload A was not measured')
  const factor = (rate: number): string[] => [
    thousands(rate),
    `${(own.recordsPerSecond / rate).toFixed(1)} ×`,
    own.recordsPerCpuSecond === null ? '' : `${(own.recordsPerCpuSecond / rate).toFixed(1)} ×`,
  ]
  const rows = peers.map(({ tool, job, linesPerSecond, missing }) => [tool, job, ...factor(linesPerSecond), missing])
  const here = [
    '**readline script, this run**',
    'the one by hand, again',
    ...factor(byHand.recordsPerSecond),
    'every fault',
  ]
  const ownText = `\`fcscope reconstruct --out none\` on A: ${thousands(own.recordsPerSecond)} lines/s`
  const perCpu = own.recordsPerCpuSecond === null ? '' : `, ${thousands(own.recordsPerCpuSecond)} per CPU second`
  const head = ['tool', 'job', 'lines/s', 'fcscope', 'fcscope, per CPU second', 'what is missing']
  return `${ownText}${perCpu}.\n\n${table(head, [...rows, here])}`
}

function quantity(value: number, unit: BarResult['unit']): string {
  if (unit === 'ratio') return `${Number(value.toFixed(2))} ×`
  return unit === 'rate' ? `${Number((value / 1e6).toFixed(2))} M/s` : `${value.toFixed(0)} MB`
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en')
}
