// What a soak says: figures over time, and whether anything grew that must not.
import type { PacedLog } from './paced-log.ts'
import { table } from './report-page.ts'
import type { WorkerSample } from './soak-sample.ts'

export interface SoakSample extends WorkerSample {
  readonly minute: number
  /** Written by then. */
  readonly lines: number
}

export interface Soak {
  readonly minutes: number
  readonly log: PacedLog
  readonly samples: readonly SoakSample[]
  readonly stored: Readonly<Record<'lines' | 'invocations', number>>
  readonly expected: Readonly<Record<'lines' | 'invocations', number>>
  readonly records: number
  readonly unaccounted: number
}

export interface SoakFailure {
  readonly about: string
  /** Something grew, rather than being wrong. */
  readonly isGrowth: boolean
}

/** The first part of a run is warm-up; the middle and the last third of the rest are compared. */
const warmUpShare = 0.25
/** Resident memory may be so much higher in the last third than in the first one after warm-up. */
const maxGrowth = 0.05
const maxStateMB = 64
const maxSpillMB = 256
const rowsShown = 10

export function describeSoak(soak: Soak): { readonly text: string; readonly failures: readonly SoakFailure[] } {
  const { log, samples, stored, expected, records, unaccounted } = soak
  const warm = samples.filter(({ minute }) => minute >= soak.minutes * warmUpShare)
  const third = Math.max(1, Math.floor(warm.length / 3))
  const mean = (part: readonly SoakSample[], of: keyof WorkerSample): number =>
    part.reduce((sum, sample) => sum + sample[of], 0) / Math.max(1, part.length)
  const [first, last] = [mean(warm.slice(0, third), 'rssMB'), mean(warm.slice(-third), 'rssMB')]
  const growth = last / first - 1
  const most = (of: keyof WorkerSample): number => Math.max(0, ...samples.map(sample => sample[of]))
  const failures: SoakFailure[] = []
  const check = (isRight: boolean, about: string, isGrowth = false): void => {
    if (!isRight) failures.push({ about, isGrowth })
  }
  check(records === log.lines, `${log.lines} lines were written, ${records} records counted`)
  check(unaccounted === 0, `${unaccounted} records are unaccounted for`)
  for (const table of ['lines', 'invocations'] as const) {
    check(stored[table] === expected[table], `${expected[table]} ${table} were expected, ${stored[table]} are stored`)
  }
  check(growth <= maxGrowth, `resident memory grew from ${first.toFixed(0)} to ${last.toFixed(0)} MB`, true)
  check(most('stateMB') <= maxStateMB, `the state grew to ${most('stateMB').toFixed(0)} MB`, true)
  check(most('spillMB') <= maxSpillMB, `the spill grew to ${most('spillMB').toFixed(0)} MB`, true)
  const bytesPerLine = ((samples.at(-1)?.storeMB ?? 0) * 1e6) / Math.max(1, samples.at(-1)?.lines ?? 1)
  const text = [
    `${log.lines.toLocaleString('en-US')} lines (${(log.bytes / 1e6).toFixed(0)} MB) and ${log.ends.toLocaleString('en-US')} invocations in ${soak.minutes.toFixed(1)} min, ${log.rotations} rotations, old files deleted. ` +
      `Lines stored: ${stored.lines.toLocaleString('en-US')} of ${expected.lines.toLocaleString('en-US')}; invocations: ${stored.invocations.toLocaleString('en-US')} of ${expected.invocations.toLocaleString('en-US')}; unaccounted: ${unaccounted}.`,
    `Resident memory after warm-up: ${first.toFixed(0)} MB in the first third, ${last.toFixed(0)} MB in the last (${growth >= 0 ? '+' : ''}${(growth * 100).toFixed(1)} %; at most +5 %). ` +
      `State at most ${most('stateMB').toFixed(1)} MB, spill ${most('spillMB').toFixed(1)} MB, lag ${most('lagSeconds').toFixed(1)} s; the store takes ${bytesPerLine.toFixed(1)} bytes a line written.`,
    describeSamples(samples),
  ].join('\n\n')
  return { text: `${text}\n`, failures }
}

function describeSamples(samples: readonly SoakSample[]): string {
  const step = Math.max(1, Math.floor(samples.length / rowsShown))
  const shown = samples.filter((_, n) => (n + 1) % step === 0)
  return table(
    ['minute', 'resident MB', 'of no file', 'JavaScript heap', 'buffers', 'state MB', 'spill MB', 'store MB', 'lag s'],
    shown.map(sample => [
      sample.minute.toFixed(1),
      sample.rssMB.toFixed(0),
      sample.anonymousMB.toFixed(0),
      sample.heapMB.toFixed(0),
      sample.externalMB.toFixed(0),
      sample.stateMB.toFixed(1),
      sample.spillMB.toFixed(1),
      sample.storeMB.toFixed(0),
      sample.lagSeconds.toFixed(1),
    ]),
  )
}
