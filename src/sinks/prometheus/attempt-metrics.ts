// Attempts as Prometheus metrics (contract §6): every attempt is counted once, as a failure at most once, and its figures when
// they are exact or nothing better will come.

import type { Registry } from 'prom-client'
import type { Attempt, Status } from '../../model/attempt.ts'
import type { AttemptCosts, CostAccount } from '../../model/attempt-costs.ts'
import type { SavedSeries } from '../../model/batch-commit.ts'
import { isFailure } from '../../model/failure.ts'
import {
  CounterFamily,
  type CounterSeries,
  HistogramFamily,
  type HistogramSeries,
  type Labels,
} from '../../telemetry/series.ts'
import { FunctionBudget, otherValue } from './function-budget.ts'

/** What is known of an attempt that is being given out beyond its fields. */
export interface GivenMetrics {
  readonly isFirst: boolean
  /** True when an earlier revision was counted as a failure. */
  readonly wasFailure: boolean
  /** True when its figures have been counted. */
  readonly wasMeasured: boolean
  readonly isFinal: boolean
}

/** Codes that become label values (facts/fc-log-formats §4d; contract §4 errorCode); others come from functions and have no end. */
const errorCodes: ReadonlySet<string> = new Set([
  'CAExited',
  'CAFileNotFound',
  'CAFilePermission',
  'FunctionNotStarted',
  'BadResponse',
  'ResourceExhausted',
  'ResourceThrottled',
  'InternalServerError',
  'FunctionOOMError',
  'FunctionTimeoutError',
  'FunctionUnhandledError',
  'UnhandledInvocationError',
  'HandledInvocationError',
  'ProcessExitedUnexpectedly',
])

const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600]
const megabyte = 1_048_576
const memoryBounds = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768].map(size => size * megabyte)

/** The series of one function, found once and then added to. */
interface FunctionSeries {
  readonly labels: Labels
  readonly invocations: CounterSeries
  readonly timeouts: CounterSeries
  readonly coldStarts: CounterSeries
  readonly retries: CounterSeries
  readonly billedMs: CounterSeries
  readonly memoryGbSeconds: CounterSeries
  readonly cu: CounterSeries
  /** In the currency of the price book; null without one. */
  readonly cost: CounterSeries | null
  readonly lateRevisions: CounterSeries
  readonly invokeDuration: HistogramSeries
  readonly initDuration: HistogramSeries
  readonly memoryUsage: HistogramSeries
  readonly errors: Map<Status, CounterSeries>
  readonly attempts: Map<string, CounterSeries>
  /** Of invocations that went well. */
  ok: CounterSeries | null
  /** True once a metrics row of the function was seen: then exact figures are waited for. */
  hasRows: boolean
}

/** Counts attempts. */
export class AttemptMetrics {
  readonly #registry: Registry
  readonly #families = new Map<string, CounterFamily | HistogramFamily>()
  readonly #functions: FunctionBudget<FunctionSeries>
  readonly #overflow: CounterSeries
  readonly #costs: AttemptCosts | null
  readonly #months = new Map<CostAccount, CounterSeries>()

  constructor(options: { registry: Registry; maxFunctions: number; costs: AttemptCosts | null }) {
    this.#registry = options.registry
    this.#costs = options.costs
    const counters: readonly (readonly [string, string])[] = [
      ['faas_invocations_total', 'Invocations, each attempt of a request counted once.'],
      ['faas_errors_total', 'Invocations that failed, each counted once, by what they failed of.'],
      ['faas_timeouts_total', 'Invocations that ran into their time limit.'],
      ['faas_coldstarts_total', 'Invocations that began with a cold start.'],
      ['fc_attempts_total', 'Attempts of all phases by the status and error code they were given out with first.'],
      ['fc_retries_total', 'Attempts of a request after its first.'],
      ['fc_billed_milliseconds_total', 'Billed time in milliseconds, hooks included.'],
      ['fc_memory_gb_seconds_total', 'Memory limit times billed time, in GB-seconds.'],
      ['fc_cu_total', 'CU of attempts, each as if its instance had served nothing else; needs functions.yaml.'],
      ['fc_cost_estimate_total', 'What these CU cost by the tiers of their month, nothing rounded up.'],
      ['fc_month_cu_total', 'CU of attempts that began in a month of Beijing, for the tiers of their price.'],
      ['fc_late_revisions_total', 'Corrections of attempts that had been given out already.'],
      [
        'fcscope_metric_labels_dropped_total',
        `Attempts counted under ${otherValue} because there are too many functions.`,
      ],
    ]
    for (const [name, help] of counters) this.#families.set(name, new CounterFamily(this.#registry, { name, help }))
    this.#addHistogram('faas_invoke_duration_seconds', 'How long invocations ran.', durationBounds)
    this.#addHistogram('faas_init_duration_seconds', 'How long cold starts took.', durationBounds)
    this.#addHistogram('faas_mem_usage_bytes', 'Peak memory of invocations.', memoryBounds)
    this.#functions = new FunctionBudget({ max: options.maxFunctions, create: labels => this.#createFunction(labels) })
    this.#overflow = this.#counter('fcscope_metric_labels_dropped_total').of({})
  }

  #addHistogram(name: string, help: string, bounds: readonly number[]): void {
    this.#families.set(name, new HistogramFamily(this.#registry, { name, help, bounds }))
  }

  #counter(name: string): CounterFamily {
    const family = this.#families.get(name)
    if (!(family instanceof CounterFamily)) throw new RangeError(`BUG: no counter ${name}`)
    return family
  }

  #histogram(name: string): HistogramFamily {
    const family = this.#families.get(name)
    if (!(family instanceof HistogramFamily)) throw new RangeError(`BUG: no histogram ${name}`)
    return family
  }

  #createFunction(labels: Labels): FunctionSeries {
    return {
      labels,
      invocations: this.#counter('faas_invocations_total').of(labels),
      timeouts: this.#counter('faas_timeouts_total').of(labels),
      coldStarts: this.#counter('faas_coldstarts_total').of(labels),
      retries: this.#counter('fc_retries_total').of(labels),
      billedMs: this.#counter('fc_billed_milliseconds_total').of(labels),
      memoryGbSeconds: this.#counter('fc_memory_gb_seconds_total').of(labels),
      cu: this.#counter('fc_cu_total').of(labels),
      cost:
        this.#costs === null
          ? null
          : this.#counter('fc_cost_estimate_total').of({ ...labels, currency: this.#costs.currency }),
      lateRevisions: this.#counter('fc_late_revisions_total').of(labels),
      invokeDuration: this.#histogram('faas_invoke_duration_seconds').of(labels),
      initDuration: this.#histogram('faas_init_duration_seconds').of(labels),
      memoryUsage: this.#histogram('faas_mem_usage_bytes').of(labels),
      errors: new Map(),
      attempts: new Map(),
      ok: null,
      hasRows: false,
    }
  }

  /** Counts what is new about an attempt; returns whether its figures are counted now. */
  take(attempt: Attempt, given: GivenMetrics): boolean {
    const series = this.#functions.of(attempt)
    if (given.isFirst) this.#countOnce(attempt, series)
    else series.lateRevisions.add(1)
    if (attempt.phase === 'invoke' && isFailure(attempt.status) && !given.wasFailure)
      this.#countFailure(attempt, series)
    if (attempt.sources.durationMs === 'metrics') series.hasRows = true
    if (given.wasMeasured) return true
    if (!given.isFinal && !isExact(attempt, series)) return false
    this.#measure(attempt, series)
    return true
  }

  /** Counts the figures of an attempt that will not be given out again. */
  measure(attempt: Attempt): void {
    this.#measure(attempt, this.#functions.of(attempt))
  }

  /** Counts nothing of an attempt that was counted by somebody else; returns whether its figures were counted then. */
  passOver(attempt: Attempt, given: { readonly wasMeasured: boolean; readonly isFinal: boolean }): boolean {
    const series = this.#functions.of(attempt)
    if (attempt.sources.durationMs === 'metrics') series.hasRows = true
    return given.wasMeasured || given.isFinal || isExact(attempt, series)
  }

  #countOnce(attempt: Attempt, series: FunctionSeries): void {
    if (series.labels['function_name'] === otherValue) this.#overflow.add(1)
    this.#attemptsOf(attempt, series).add(1)
    if (attempt.phase !== 'invoke') return
    series.invocations.add(1)
    if (attempt.attempt > 0) series.retries.add(1)
    if (attempt.coldStart === true) series.coldStarts.add(1)
  }

  #countFailure(attempt: Attempt, series: FunctionSeries): void {
    let errors = series.errors.get(attempt.status)
    if (errors === undefined) {
      errors = this.#counter('faas_errors_total').of({ ...series.labels, error_type: attempt.status })
      series.errors.set(attempt.status, errors)
    }
    errors.add(1)
    if (attempt.status === 'timeout') series.timeouts.add(1)
  }

  #attemptsOf({ phase, status, errorCode }: Attempt, series: FunctionSeries): CounterSeries {
    // Nearly all attempts of a function end alike.
    if (phase === 'invoke' && status === 'ok' && errorCode === null && series.ok !== null) return series.ok
    const code = errorCode === null ? '' : errorCodes.has(errorCode) ? errorCode : otherValue
    const key = `${phase} ${status} ${code}`
    let attempts = series.attempts.get(key)
    if (attempts === undefined) {
      attempts = this.#counter('fc_attempts_total').of({ ...series.labels, phase, status, error_code: code })
      series.attempts.set(key, attempts)
      if (key === 'invoke ok ') series.ok = attempts
    }
    return attempts
  }

  #measure(attempt: Attempt, series: FunctionSeries): void {
    const { durationMs, billedMs, memoryMB, maxMemoryUsedMB } = attempt
    if (billedMs !== null) {
      series.billedMs.add(billedMs)
      if (memoryMB !== null) series.memoryGbSeconds.add(((memoryMB / 1024) * billedMs) / 1000)
    }
    if (attempt.cu !== null) this.#charge(attempt, series)
    if (attempt.phase !== 'invoke') return
    if (durationMs !== null) series.invokeDuration.observe(durationMs / 1000)
    if (maxMemoryUsedMB !== null) series.memoryUsage.observe(maxMemoryUsedMB * megabyte)
    const initMs = attempt.coldStart === true ? (attempt.coldStartMs ?? attempt.initializeMs) : null
    if (initMs !== null) series.initDuration.observe(initMs / 1000)
  }

  #charge(attempt: Attempt, { cu, cost }: FunctionSeries): void {
    const used = Number(attempt.cu)
    cu.add(used)
    const account = this.#costs?.accountOf(attempt) ?? null
    if (this.#costs === null || cost === null || account === null) return
    const month = this.#monthOf(account)
    cost.add(this.#costs.amountOf(attempt, month.value))
    month.add(used)
  }

  #monthOf(account: CostAccount): CounterSeries {
    let month = this.#months.get(account)
    if (month === undefined) {
      month = this.#counter('fc_month_cu_total').of({ month: account.month, region: account.region })
      this.#months.set(account, month)
    }
    return month
  }

  /** Series that changed since the last call. */
  takeChanges(): readonly SavedSeries[] {
    return [...this.#families.values()].flatMap(family => family.takeChanges())
  }

  /** What was taken last is committed: a scrape may see it. */
  expose(): void {
    for (const family of this.#families.values()) family.expose()
  }

  /** Puts back what was saved by an earlier process. Families that are not there any more are passed over. */
  load(saved: Iterable<SavedSeries>): void {
    for (const series of saved) {
      this.#families.get(series.family)?.load(series)
      if (series.family === 'faas_invocations_total') this.#functions.restore(JSON.parse(series.labels))
    }
  }
}

/** A row's, a summary's or a sentence's figures are exact; so are all others of a function or a phase that has no rows: none will come. */
function isExact({ phase, durationMs, sources }: Attempt, series: FunctionSeries): boolean {
  if (phase !== 'invoke') return true
  if (durationMs === null) return !series.hasRows
  const isRough = sources.durationMs === 'recordTime' || sources.durationMs === 'text'
  return !isRough || !series.hasRows
}
