// What must be reached, and what counts as a severe drop.
import type { FiguresById } from './measure.ts'

export interface Bar {
  readonly about: string
  /** Cases it is about; with several the worst counts. */
  readonly cases: readonly string[]
  /** `ratio` (wall time in that of the yardstick) and `peakMB` must not be above the bar, `rate` (records/s) not below it. */
  readonly unit: 'ratio' | 'peakMB' | 'rate'
  readonly bar: number
  readonly goal?: number
}

const textRuns = ['reconstruct --out none', 'reconstruct --out jsonl', 'parse']
const boundedRuns = [...textRuns.flatMap(about => [`${about} A`, `${about} B`]), 'reconstruct --out none C']

// biome-ignore format: a table
export const batchBars: readonly Bar[] = [
  { about: 'A, `reconstruct --out none` beside grep', cases: ['reconstruct --out none A'], unit: 'ratio', bar: 5, goal: 2.5 },
  { about: 'B, the same', cases: ['reconstruct --out none B'], unit: 'ratio', bar: 5, goal: 2.5 },
  { about: 'A, `reconstruct --out none`', cases: ['reconstruct --out none A'], unit: 'rate', bar: 5e6 },
  { about: 'B, the same', cases: ['reconstruct --out none B'], unit: 'rate', bar: 5e6 },
  { about: 'A, `reconstruct --out jsonl` beside grep', cases: ['reconstruct --out jsonl A'], unit: 'ratio', bar: 12 },
  { about: 'B, the same', cases: ['reconstruct --out jsonl B'], unit: 'ratio', bar: 12 },
  { about: 'C, `reconstruct --out none`, rows', cases: ['reconstruct --out none C'], unit: 'rate', bar: 0.7e6 },
  { about: 'A, `parse`', cases: ['parse A'], unit: 'rate', bar: 1e6 },
  { about: 'B, the same', cases: ['parse B'], unit: 'rate', bar: 1e6 },
  { about: 'A twice over, peak memory', cases: ['reconstruct --out none A twice'], unit: 'peakMB', bar: 300 },
  { about: 'A, B and C, peak memory of the worst run', cases: boundedRuns, unit: 'peakMB', bar: 300 },
  { about: 'D, peak memory with a million open attempts', cases: ['reconstruct --out none D'], unit: 'peakMB', bar: 600 },
  { about: '`--version` beside `node -e 0`', cases: ['--version'], unit: 'ratio', bar: 3 },
  { about: '`parse` of one line beside `node -e 0`', cases: ['parse, one line'], unit: 'ratio', bar: 5 },
  { about: 'A, 20 times what the OpenTelemetry Collector parses', cases: ['reconstruct --out none A'], unit: 'rate', bar: 20 * 228_000 },
  { about: 'A, 70 times what Vector parses', cases: ['reconstruct --out none A'], unit: 'rate', bar: 70 * 69_000 },
]

// biome-ignore format: a table
export const workerBars: readonly Bar[] = [
  { about: 'A, `run --once` into the embedded store beside its blocks inserted straight', cases: ['run --once A'], unit: 'ratio', bar: 2, goal: 1.25 },
  { about: 'A, `run --once` into the embedded store', cases: ['run --once A'], unit: 'rate', bar: 0.6e6, goal: 1.5e6 },
  { about: 'A, 10 times what the OpenTelemetry Collector stores with one core', cases: ['run --once A'], unit: 'rate', bar: 10 * 40_000 },
]

// biome-ignore format: a table
export const kafkaBars: readonly Bar[] = [
  // 0.8 of its rate.
  { about: '`run --once` into the embedded store beside kafkajs alone, one row a message', cases: ['run --once, one row'], unit: 'ratio', bar: 1.25 },
  { about: 'the same, many rows a message', cases: ['run --once, many rows'], unit: 'rate', bar: 0.1e6 },
]

/**
 * The most that a case may take before the bench fails: about twice what docs/performance.md has. A quick run is short, so
 * that starting is most of it, and its one round has no median.
 */
interface Limit {
  readonly case: string
  readonly unit: 'ratio' | 'peakMB'
  readonly full: number
  readonly quick: number
}

// biome-ignore format: a table
const limits: readonly Limit[] = [
  { case: 'reconstruct --out none A', unit: 'ratio', full: 14, quick: 80 },
  { case: 'reconstruct --out none B', unit: 'ratio', full: 42, quick: 160 },
  { case: 'reconstruct --out none C', unit: 'ratio', full: 28, quick: 160 },
  { case: 'reconstruct --out jsonl A', unit: 'ratio', full: 24, quick: 160 },
  { case: 'reconstruct --out jsonl B', unit: 'ratio', full: 56, quick: 240 },
  { case: 'parse A', unit: 'ratio', full: 28, quick: 80 },
  { case: 'parse B', unit: 'ratio', full: 50, quick: 160 },
  { case: 'reconstruct --out none A twice', unit: 'peakMB', full: 450, quick: 450 },
  { case: 'reconstruct --out none C', unit: 'peakMB', full: 480, quick: 480 },
  { case: 'reconstruct --out none D', unit: 'peakMB', full: 900, quick: 900 },
  { case: '--version', unit: 'ratio', full: 4, quick: 8 },
  { case: 'parse, one line', unit: 'ratio', full: 8, quick: 12 },
  { case: 'run --once A', unit: 'ratio', full: 3, quick: 6 },
  { case: 'run --once, one row', unit: 'ratio', full: 14, quick: 14 },
]

/** What has become so much worse that something must have broken, in words. */
export function findSevereDrops(figures: FiguresById, mode: 'full' | 'quick'): readonly string[] {
  const measuredLimits = limits.filter(limit => figures.has(limit.case))
  return measuredLimits.flatMap(limit => {
    const measured = worst(figures, [limit.case], limit.unit)
    const most = limit[mode]
    return measured === null || measured <= most
      ? []
      : [`${limit.case}: ${limit.unit} ${measured.toFixed(1)}, at most ${most}`]
  })
}

/** A bar beside what was measured; null where nothing could be. */
export interface BarResult extends Pick<Bar, 'about' | 'unit' | 'bar' | 'goal'> {
  readonly measured: number | null
  readonly isMet: boolean
  readonly reachesGoal: boolean
}

export function compareWithBars(figures: FiguresById, bars: readonly Bar[]): readonly BarResult[] {
  return bars.map(({ about, cases, unit, bar, goal }) => {
    const measured = worst(figures, cases, unit)
    const reaches = (limit: number): boolean =>
      measured !== null && (unit === 'rate' ? measured >= limit : measured <= limit)
    const result = { about, unit, bar, measured, isMet: reaches(bar) }
    return goal === undefined ? { ...result, reachesGoal: false } : { ...result, goal, reachesGoal: reaches(goal) }
  })
}

function worst(figures: FiguresById, cases: readonly string[], unit: Bar['unit']): number | null {
  const values = cases.map(id => {
    const figure = figures.get(id)
    if (figure === undefined) throw new Error(`no case ${id}`)
    if (unit === 'ratio') return figure.ratio?.median ?? null
    return unit === 'rate' ? figure.recordsPerSecond : figure.peakMB
  })
  const known = values.filter(value => value !== null)
  if (known.length < values.length) return null
  return unit === 'rate' ? Math.min(...known) : Math.max(...known)
}
