// Counters and histograms that can be saved and go on after a restart. The registry and the text are prom-client's; its own
// counters take a microsecond and an object a value, ours a few nanoseconds, and its histograms cannot be given counts.
import type { Metric, Registry } from 'prom-client'
import type { SavedSeries } from '../model/batch-commit.ts'

export type Labels = Readonly<Record<string, string>>

/** What a family is called and says of itself. */
export interface FamilyOptions {
  readonly name: string
  readonly help: string
}

/** One counter with its labels. */
export class CounterSeries {
  readonly labels: Labels
  readonly #changed: Set<CounterSeries>
  #value = 0

  constructor(labels: Labels, changed: Set<CounterSeries>) {
    this.labels = labels
    this.#changed = changed
  }

  get value(): number {
    return this.#value
  }

  add(amount: number): void {
    if (amount === 0) return
    this.#value += amount
    this.#changed.add(this)
  }

  load(values: readonly number[]): void {
    this.#value = values[0] ?? 0
  }

  save(): readonly number[] {
    return [this.#value]
  }
}

/** One histogram with its labels: counts per bucket (not cumulative), what is above the last, and the sum. */
export class HistogramSeries {
  readonly labels: Labels
  readonly counts: Float64Array
  sum = 0
  readonly #bounds: readonly number[]
  readonly #changed: Set<HistogramSeries>

  constructor(labels: Labels, bounds: readonly number[], changed: Set<HistogramSeries>) {
    this.labels = labels
    this.#bounds = bounds
    this.#changed = changed
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++
    this.counts[bucket]! += 1
    this.sum += value
    this.#changed.add(this)
  }

  load(values: readonly number[]): void {
    for (let i = 0; i < this.counts.length; i++) this.counts[i] = values[i] ?? 0
    this.sum = values[this.counts.length] ?? 0
  }

  save(): readonly number[] {
    return [...this.counts, this.sum]
  }
}

/** All series of one name. */
interface Family {
  readonly name: string
  /** Series that changed since the last call, for the next commit. */
  takeChanges(): readonly SavedSeries[]
  load(saved: SavedSeries): void
}

interface Exposed {
  readonly labels: Record<string, string | number>
  readonly value: number
  readonly metricName?: string
}

/** Counters of one name. */
export class CounterFamily implements Family {
  readonly name: string
  readonly #byLabels = new Map<string, CounterSeries>()
  readonly #changed = new Set<CounterSeries>()

  constructor(registry: Registry, options: FamilyOptions) {
    this.name = options.name
    register(registry, { ...options, type: 'counter', values: () => this.#exposed() })
  }

  /** The series of these labels, made if it is new; keep it. The caller bounds how many there are. */
  of(labels: Labels): CounterSeries {
    const key = JSON.stringify(labels)
    let series = this.#byLabels.get(key)
    if (series === undefined) {
      series = new CounterSeries(labels, this.#changed)
      this.#byLabels.set(key, series)
    }
    return series
  }

  takeChanges(): readonly SavedSeries[] {
    return takeChanges(this.name, this.#changed)
  }

  load(saved: SavedSeries): void {
    this.of(readLabels(saved)).load(saved.values)
  }

  #exposed(): Exposed[] {
    return [...this.#byLabels.values()].map(({ labels, value }) => ({ labels, value }))
  }
}

/** Histograms of one name and one list of bounds, which must ascend. */
export class HistogramFamily implements Family {
  readonly name: string
  readonly #bounds: readonly number[]
  readonly #byLabels = new Map<string, HistogramSeries>()
  readonly #changed = new Set<HistogramSeries>()

  constructor(registry: Registry, options: FamilyOptions & { readonly bounds: readonly number[] }) {
    this.name = options.name
    this.#bounds = options.bounds
    register(registry, { ...options, type: 'histogram', values: () => this.#exposed() })
  }

  of(labels: Labels): HistogramSeries {
    const key = JSON.stringify(labels)
    let series = this.#byLabels.get(key)
    if (series === undefined) {
      series = new HistogramSeries(labels, this.#bounds, this.#changed)
      this.#byLabels.set(key, series)
    }
    return series
  }

  takeChanges(): readonly SavedSeries[] {
    return takeChanges(this.name, this.#changed)
  }

  load(saved: SavedSeries): void {
    this.of(readLabels(saved)).load(saved.values)
  }

  #exposed(): Exposed[] {
    return [...this.#byLabels.values()].flatMap(series => this.#exposedOf(series))
  }

  #exposedOf({ labels, counts, sum }: HistogramSeries): Exposed[] {
    let count = 0
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, i) => {
      count += counts[i]!
      const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : bound
      return { labels: { ...labels, le }, value: count, metricName: `${this.name}_bucket` }
    })
    return [
      ...buckets,
      { labels, value: sum, metricName: `${this.name}_sum` },
      { labels, value: count, metricName: `${this.name}_count` },
    ]
  }
}

function takeChanges(family: string, changed: Set<CounterSeries> | Set<HistogramSeries>): readonly SavedSeries[] {
  const saved = [...changed].map(series => ({ family, labels: JSON.stringify(series.labels), values: series.save() }))
  changed.clear()
  return saved
}

/** What was saved is what JSON.stringify wrote of {@link Labels}. */
const readLabels = ({ labels }: SavedSeries): Labels => JSON.parse(labels)

function register(
  registry: Registry,
  family: FamilyOptions & { type: 'counter' | 'histogram'; values: () => Exposed[] },
): void {
  const { name, help, type, values } = family
  const metric = {
    name,
    help,
    type,
    aggregator: 'sum',
    get: () => ({ name, help, type, values: values(), aggregator: 'sum' }),
  }
  // The registry asks a metric for no more than this; its type asks for one of prom-client's own classes.
  registry.registerMetric(metric as unknown as Metric)
}
