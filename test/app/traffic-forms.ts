// The kinds of traffic that reconstruct is held against: every input form, and what can be asked for beside it.
import { type Fault, type GenerateOptions, spreadFaultRate } from '../../src/generate/options.ts'

export interface TrafficForm {
  readonly name: string
  readonly options: Partial<GenerateOptions>
}

const rows = { rows: true, metrics: true }
const text = { rows: false, metrics: false }
/** Enough that faults meet each other on one instance. */
const rate = 0.3

/** Every form once, with the faults that it can show. */
export const trafficForms: readonly TrafficForm[] = [
  { name: 'text', options: { format: 'text', faults: spreadFaultRate(rate, text) } },
  { name: 'console', options: { format: 'console', faults: spreadFaultRate(rate, text) } },
  { name: 'sls', options: { format: 'sls', faults: spreadFaultRate(rate, rows) } },
  { name: 'sls late', options: { format: 'sls', late: true, faults: spreadFaultRate(rate, rows) } },
  { name: 'sls shuffled', options: { format: 'sls', shuffle: true, faults: spreadFaultRate(rate, rows) } },
  {
    name: 'sls without metrics',
    options: { format: 'sls', metrics: false, faults: spreadFaultRate(rate, { rows: true, metrics: false }) },
  },
  {
    name: 'sls late and shuffled, without metrics',
    options: {
      format: 'sls',
      late: true,
      shuffle: true,
      metrics: false,
      faults: spreadFaultRate(rate, { rows: true, metrics: false }),
    },
  },
  {
    name: 'sls crowded',
    options: { format: 'sls', functions: 2, concurrency: 40, faults: spreadFaultRate(rate, rows) },
  },
]

/** Faults one by one, and in groups that get in each other's way. */
const mixes: readonly (readonly Fault[])[] = [
  ['missingEnd'],
  ['outOfMemory'],
  ['noRequestId'],
  ['missingEnd', 'outOfMemory', 'noRequestId'],
  ['startFailed'],
  ['retry', 'duplicateMarkers', 'duplicateRow'],
  ['retry', 'missingStart', 'missingEnd'],
  ['lateLines', 'keepAlive', 'processExited'],
  ['handledError', 'unhandledError', 'caughtError', 'canceled', 'timeout'],
  ['throttled', 'noCapacity', 'internalError', 'suspectedOutOfMemory'],
]

/** Few enough that no instance collects more attempts that never end than are weighed against each other (8). */
const mixRate = 0.25

/** Rows in which many requests have one of the named faults. */
export const faultForms: readonly TrafficForm[] = mixes.flatMap(faults => {
  const rates = Object.fromEntries(faults.map(fault => [fault, mixRate / faults.length]))
  const name = `sls with ${faults.join(', ')}`
  return [
    { name, options: { format: 'sls', faults: rates } },
    { name: `${name}, late and shuffled`, options: { format: 'sls', late: true, shuffle: true, faults: rates } },
  ]
})
