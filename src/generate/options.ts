// What can be asked of the generator, and the faults it knows with their default shares.

export const generateFormats = ['text', 'console', 'sls'] as const
export type GenerateFormat = (typeof generateFormats)[number]

/** Everything that can go wrong (or merely look odd) with one request. */
export const faults = [
  'unhandledError',
  'handledError',
  'caughtError',
  'timeout',
  'outOfMemory',
  'suspectedOutOfMemory',
  'canceled',
  'processExited',
  'keepAlive',
  'startFailed',
  'throttled',
  'noCapacity',
  'internalError',
  'retry',
  'missingEnd',
  'missingStart',
  'lateLines',
  'duplicateMarkers',
  'duplicateRow',
  'noRequestId',
] as const
export type Fault = (typeof faults)[number]

export type FaultRates = Readonly<Partial<Record<Fault, number>>>

/** How often a request has a fault when nobody says otherwise. */
export const defaultFaultRate = 0.12

/** Shares of the faults among each other. */
const weights: Readonly<Record<Fault, number>> = {
  unhandledError: 20,
  handledError: 6,
  caughtError: 14,
  timeout: 8,
  outOfMemory: 4,
  suspectedOutOfMemory: 2,
  canceled: 5,
  processExited: 6,
  keepAlive: 4,
  startFailed: 5,
  throttled: 4,
  noCapacity: 2,
  internalError: 1,
  retry: 8,
  missingEnd: 3,
  missingStart: 3,
  lateLines: 5,
  duplicateMarkers: 6,
  duplicateRow: 2,
  noRequestId: 2,
}

/** Faults that exist only as rows, or that a text file cannot show without making all that follows undecidable. */
const rowsOnly: ReadonlySet<Fault> = new Set(['throttled', 'noCapacity', 'internalError', 'duplicateRow'])
const poisonsText: ReadonlySet<Fault> = new Set(['missingEnd', 'outOfMemory', 'noRequestId'])

/** Rates that add up to `total`. In text an attempt that never ends would stay open for ever, so such faults must be asked for one by one. */
export function spreadFaultRate(
  total: number,
  options: { readonly rows: boolean; readonly metrics: boolean },
): FaultRates {
  const usable = faults.filter(fault =>
    options.rows ? options.metrics || !rowsOnly.has(fault) : !rowsOnly.has(fault) && !poisonsText.has(fault),
  )
  const sum = usable.reduce((all, fault) => all + weights[fault], 0)
  return Object.fromEntries(usable.map(fault => [fault, (total * weights[fault]) / sum]))
}

export interface GenerateOptions {
  readonly seed: number
  /** Stop starting attempts after so many invoke attempts, or after about so many records. */
  readonly attempts: number
  readonly lines: number | null
  readonly functions: number
  readonly format: GenerateFormat
  readonly faults: FaultRates
  /** Requests in flight at once. */
  readonly concurrency: number
  /** Time of the first record, unix ms. */
  readonly startMs: number
  /** Request metrics rows (sls only). */
  readonly metrics: boolean
  /** Merge the instances' streams in a random order; each keeps its own (sls only). */
  readonly shuffle: boolean
  /** Let some Ends come before their Starts (sls only). */
  readonly late: boolean
}

export const defaultGenerateOptions: GenerateOptions = {
  seed: 1,
  attempts: 1000,
  lines: null,
  functions: 10,
  format: 'sls',
  faults: spreadFaultRate(defaultFaultRate, { rows: true, metrics: true }),
  concurrency: 8,
  startMs: Date.UTC(2025, 0, 15, 8, 0, 0),
  metrics: true,
  shuffle: false,
  late: false,
}
