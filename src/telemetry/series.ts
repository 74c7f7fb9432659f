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
  #exposed: readonly number[] = [0]

  constructor(labels: Labels, changed: Set<CounterSeries>) {
    this.labels = labels
    this.#changed = changed
  }

  /** What a scrape sees. */
  get exposed(): readonly number[] {
    return this.#exposed
  }

  /** With what is not committed yet. */
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
    this.#exposed = this.save()
  }

  save(): readonly number[] {
    return [this.#value]
  }

  expose(saved: readonly number[]): void {
    this.#exposed = saved
  }
}

/** One histogram with its labels: counts per bucket (not cumulative), what is above the last, and the sum. */
export class HistogramSeries {
  readonly labels: Labels
  readonly #counts: Float64Array
  readonly #bounds: readonly number[]
  readonly #changed: Set<HistogramSeries>
  #sum = 0
  #exposed: readonly number[]

  constructor(labels: Labels, bounds: readonly number[], changed: Set<HistogramSeries>) {
    this.labels = labels
    this.#bounds = bounds
    this.#changed = changed
    this.#counts = new Float64Array(bounds.length + 1)
    this.#exposed = this.save()
  }

  /** What a scrape sees: the counts, and the sum at the end. */
  get exposed(): readonly number[] {
    return this.#exposed
  }

  observe(value: number): void {
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++
    this.#counts[bucket]! += 1
    this.#sum += value
    this.#changed.add(this)
  }

  load(values: readonly number[]): void {
    const counts = this.#counts
    for (let i = 0; i < counts.length; i++) counts[i] = values[i] ?? 0
    this.#sum = values[counts.length] ?? 0
    this.#exposed = this.save()
  }

  save(): readonly number[] {
    return [...this.#counts, this.#sum]
  }

  expose(saved: readonly number[]): void {
    this.#exposed = saved
  }
}

/**
 * All series of one name. A scrape sees what was committed: a value that a crash takes back would look to Prometheus like a counter
 * that began anew, and everything before would be counted again.
 */
interface Family {
  readonly name: string
  /** Series that changed since the last call, for the next commit. */
  takeChanges(): readonly SavedSeries[]
  /** What was taken last is committed. */
  expose(): void
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
  #taken: readonly Taken<CounterSeries>[] = []

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
    this.#taken = takeChanged(this.#changed)
    return this.#taken.map(({ series: { labels }, values }) => savedSeries(this.name, labels, values))
  }

  expose(): void {
    for (const { series, values } of this.#taken) series.expose(values)
    this.#taken = []
  }

  load(saved: SavedSeries): void {
    this.of(readLabels(saved)).load(saved.values)
  }

  #exposed(): Exposed[] {
    return [...this.#byLabels.values()].map(({ labels, exposed: [value = 0] }) => ({ labels, value }))
  }
}

/** Histograms of one name and one list of bounds, which must ascend. */
export class HistogramFamily implements Family {
  readonly name: string
  readonly #bounds: readonly number[]
  readonly #byLabels = new Map<string, HistogramSeries>()
  readonly #changed = new Set<HistogramSeries>()
  #taken: readonly Taken<HistogramSeries>[] = []

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
    this.#taken = takeChanged(this.#changed)
    return this.#taken.map(({ series: { labels }, values }) => savedSeries(this.name, labels, values))
  }

  expose(): void {
    for (const { series, values } of this.#taken) series.expose(values)
    this.#taken = []
  }

  load(saved: SavedSeries): void {
    this.of(readLabels(saved)).load(saved.values)
  }

  #exposed(): Exposed[] {
    return [...this.#byLabels.values()].flatMap(series => this.#exposedOf(series))
  }

  #exposedOf({ labels, exposed }: HistogramSeries): Exposed[] {
    let count = 0
    const sum = exposed.at(-1) ?? 0
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, i) => {
      count += exposed[i] ?? 0
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

interface Taken<S> {
  readonly series: S
  readonly values: readonly number[]
}

function takeChanged<S extends { save(): readonly number[] }>(changed: Set<S>): readonly Taken<S>[] {
  const taken = [...changed].map(series => ({ series, values: series.save() }))
  changed.clear()
  return taken
}

const savedSeries = (family: string, labels: Labels, values: readonly number[]): SavedSeries => ({
  family,
  labels: JSON.stringify(labels),
  values,
})

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
