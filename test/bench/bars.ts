// The one table of what must be reached, and of what counts as a severe drop.
import type { FiguresById } from './measure.ts'

interface Bar {
  readonly about: string
  /** Cases it is about; with several the worst counts. */
  readonly cases: readonly string[]
  /** `ratio` (wall time in that of the yardstick) and `peakMB` must not be above the bar, `rate` (records/s) not below it. */
  readonly unit: 'ratio' | 'peakMB' | 'rate'
  readonly bar: number
  readonly goal?: number
  /** Beyond it the bench fails: about twice what docs/performance.md has. A quick run is short: starting is most of it. */
  readonly fails?: { readonly full: number; readonly quick: number }
}

const unlimited = Number.POSITIVE_INFINITY
const textRuns = ['reconstruct --out none', 'reconstruct --out jsonl', 'parse']
const boundedRuns = [...textRuns.flatMap(about => [`${about} A`, `${about} B`]), 'reconstruct --out none C']

// biome-ignore format: a table
const bars: readonly Bar[] = [
  { about: 'A, `reconstruct --out none` beside grep', cases: ['reconstruct --out none A'], unit: 'ratio', bar: 5, goal: 2.5, fails: { full: 14, quick: 80 } },
  { about: 'B, the same', cases: ['reconstruct --out none B'], unit: 'ratio', bar: 5, goal: 2.5, fails: { full: 40, quick: 120 } },
  { about: 'A, `reconstruct --out none`', cases: ['reconstruct --out none A'], unit: 'rate', bar: 5e6 },
  { about: 'B, the same', cases: ['reconstruct --out none B'], unit: 'rate', bar: 5e6 },
  { about: 'A, `reconstruct --out jsonl` beside grep', cases: ['reconstruct --out jsonl A'], unit: 'ratio', bar: 12, fails: { full: 40, quick: 160 } },
  { about: 'B, the same', cases: ['reconstruct --out jsonl B'], unit: 'ratio', bar: 12, fails: { full: 90, quick: 200 } },
  { about: 'C, `reconstruct --out none`, rows', cases: ['reconstruct --out none C'], unit: 'rate', bar: 0.7e6 },
  { about: 'A, `parse`', cases: ['parse A'], unit: 'rate', bar: 1e6 },
  { about: 'B, the same', cases: ['parse B'], unit: 'rate', bar: 1e6 },
  { about: 'A twice over, peak memory', cases: ['reconstruct --out none A twice'], unit: 'peakMB', bar: 300, fails: { full: 450, quick: 450 } },
  { about: 'A, B and C, peak memory of the worst run', cases: boundedRuns, unit: 'peakMB', bar: 300, fails: { full: 450, quick: 450 } },
  { about: 'D, peak memory with a million open attempts', cases: ['reconstruct --out none D'], unit: 'peakMB', bar: 600, fails: { full: 900, quick: 900 } },
  { about: '`--version` beside `node -e 0`', cases: ['--version'], unit: 'ratio', bar: 3, fails: { full: 6, quick: 8 } },
  { about: '`parse` of one line beside `node -e 0`', cases: ['parse, one line'], unit: 'ratio', bar: 5, fails: { full: 10, quick: 12 } },
  { about: 'A, 20 times what the OpenTelemetry Collector parses', cases: ['reconstruct --out none A'], unit: 'rate', bar: 20 * 228_000 },
  { about: 'A, 70 times what Vector parses', cases: ['reconstruct --out none A'], unit: 'rate', bar: 70 * 69_000 },
]

/** A bar beside what was measured; null where nothing could be. */
export interface BarResult extends Pick<Bar, 'about' | 'unit' | 'bar' | 'goal'> {
  readonly measured: number | null
  readonly isMet: boolean
  readonly reachesGoal: boolean
  /** So far off that something must have broken. */
  readonly isSevere: boolean
}

export function compareWithBars(figures: FiguresById, mode: 'full' | 'quick'): readonly BarResult[] {
  return bars.map(({ about, cases, unit, bar, goal, fails }) => {
    const measured = worst(figures, cases, unit)
    const reaches = (limit: number): boolean =>
      measured !== null && (unit === 'rate' ? measured >= limit : measured <= limit)
    const isSevere = measured !== null && unit !== 'rate' && measured > (fails?.[mode] ?? unlimited)
    const result = { about, unit, bar, measured, isMet: reaches(bar), isSevere }
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
