// What the worker says about itself in numbers (contract §6). Labels come from closed lists and from the configuration.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { SavedSeries } from '../model/batch-commit.ts'
import type { DeadLetterReason } from '../model/dead-letter.ts'
import { type Fate, fates, type Ledger } from '../model/ledger.ts'
import type { SourceLag } from '../model/source.ts'
import { CounterFamily, type CounterSeries } from './series.ts'

/** How a delivery ended. */
export type DeliveryResult = 'ok' | 'failed'

/** What became of an attempt where spans are sent: made into spans, left out because its times are not known, or corrected later. */
export type TracedResult = 'sent' | 'noTimes' | 'corrected'

/** The worker's own metrics, and the registry that everything is read from. */
export class WorkerMetrics {
  readonly registry = new Registry()
  readonly #records: CounterFamily
  readonly #deadLetters: CounterFamily
  readonly #sources = new Map<string, Readonly<Record<Fate, CounterSeries>>>()
  readonly #unaccounted: Gauge
  readonly #ledger: Gauge<'fate'>
  readonly #openAttempts: Gauge
  readonly #lagSeconds: Gauge<'source'>
  readonly #lagBytes: Gauge<'source'>
  readonly #lagRecords: Gauge<'source'>
  readonly #deliveries: Counter<'sink' | 'result'>
  readonly #deliveryDuration: Histogram<'sink'>
  readonly #waitingBytes: Gauge<'sink'>
  readonly #lastDelivered: Gauge<'sink'>
  readonly #tooLarge: Counter<'sink'>
  readonly #spans: Counter<'result'>
  readonly #metricExports: Counter<'result'>
  readonly #traced: CounterFamily
  readonly #tracedBy = new Map<TracedResult, CounterSeries>()
  readonly #beyondHorizon: Gauge
  readonly #before: Record<Fate, number> = { attached: 0, unattached: 0, duplicate: 0, ignored: 0, deadLettered: 0 }

  constructor() {
    const registers = [this.registry]
    const gauge = <T extends string>(name: string, help: string, labelNames: T[] = []): Gauge<T> =>
      new Gauge({ name, help, labelNames, registers })
    collectDefaultMetrics({ register: this.registry })
    this.#records = new CounterFamily(this.registry, {
      name: 'fcscope_records_total',
      help: 'Records taken in, by source and by what became of them when they came.',
    })
    this.#deadLetters = new CounterFamily(this.registry, {
      name: 'fcscope_dead_letters_total',
      help: 'Records that could not be taken in, by reason.',
    })
    this.#unaccounted = gauge(
      'fcscope_unaccounted_records',
      'Records without a fate. Anything but 0 is a bug in fcscope.',
    )
    this.#ledger = gauge('fcscope_ledger_records', 'All records by what became of them, as it is known by now.', [
      'fate',
    ])
    this.#openAttempts = gauge('fc_open_attempts', 'Attempts that have begun and whose end was not seen yet.')
    this.#lagSeconds = gauge('fcscope_source_lag_seconds', 'Age of the oldest unread byte of a source.', ['source'])
    this.#lagBytes = gauge('fcscope_source_lag_bytes', 'Unread bytes of a source.', ['source'])
    this.#lagRecords = gauge(
      'fcscope_source_lag_records',
      'Unread records of a source, estimated from its unread bytes and the mean size of its records.',
      ['source'],
    )
    this.#deliveries = new Counter({
      name: 'fcscope_delivery_total',
      help: 'Deliveries to sinks by result; a failed one is tried again.',
      labelNames: ['sink', 'result'],
      registers,
    })
    this.#deliveryDuration = new Histogram({
      name: 'fcscope_delivery_duration_seconds',
      help: 'How long deliveries took, each try for itself.',
      labelNames: ['sink'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    })
    this.#waitingBytes = gauge('fcscope_spill_bytes', 'Bytes on disk that wait for a sink.', ['sink'])
    this.#lastDelivered = gauge(
      'fcscope_last_delivered_timestamp_seconds',
      'When a sink last took something, unix time.',
      ['sink'],
    )
    this.#tooLarge = new Counter({
      name: 'fcscope_messages_too_large_total',
      help: 'Messages that a topic did not take because of their size: they are not there.',
      labelNames: ['sink'],
      registers,
    })
    this.#spans = new Counter({
      name: 'fcscope_spans_total',
      help: 'Spans by what their backend made of them: taken, rejected one by one, or refused with their request.',
      labelNames: ['result'],
      registers,
    })
    this.#metricExports = new Counter({
      name: 'fcscope_metric_exports_total',
      help: 'Requests of metrics to an OpenTelemetry backend, by whether it took them.',
      labelNames: ['result'],
      registers,
    })
    this.#traced = new CounterFamily(this.registry, {
      name: 'fcscope_traced_attempts_total',
      help: 'Attempts made into spans, without times to make any of, and corrections of those whose spans had been sent.',
    })
    this.#beyondHorizon = gauge(
      'fcscope_attempts_beyond_horizon',
      'Attempts whose records came too late to change what had been given out, since the start.',
    )
  }

  /** What is counted from now on is what the ledger changes by. */
  begin(ledger: Ledger): void {
    for (const fate of fates) this.#before[fate] = ledger[fate]
  }

  /**
   * Counts the records that came since the last call, each once, by what became of it when it came: one that finds another fate
   * later is not counted again, so the sum is always that of all records. `source`: where they came from; null when none came.
   */
  count(source: string | null, ledger: Ledger): void {
    const before = this.#before
    // Earlier records that moved are as many as some fates lost. They went to the others, mostly to attempts.
    let moved = 0
    for (const fate of fates) moved += Math.max(0, before[fate] - ledger[fate])
    for (const fate of fates) {
      const gained = Math.max(0, ledger[fate] - before[fate])
      const movedHere = Math.min(gained, moved)
      moved -= movedHere
      before[fate] = ledger[fate]
      if (source !== null) this.#sourceOf(source)[fate].add(gained - movedHere)
    }
  }

  #sourceOf(source: string): Readonly<Record<Fate, CounterSeries>> {
    let counts = this.#sources.get(source)
    if (counts === undefined) {
      const of = (fate: Fate): CounterSeries => this.#records.of({ source, fate })
      counts = {
        attached: of('attached'),
        unattached: of('unattached'),
        duplicate: of('duplicate'),
        ignored: of('ignored'),
        deadLettered: of('deadLettered'),
      }
      this.#sources.set(source, counts)
    }
    return counts
  }

  deadLettered(reason: DeadLetterReason): void {
    this.#deadLetters.of({ reason }).add(1)
  }

  /** Gauges of the engine, set once a batch. */
  observeEngine(engine: { ledger: Ledger; openAttempts: number; beyondHorizon: number }): void {
    this.#unaccounted.set(engine.ledger.unaccounted)
    for (const fate of fates) this.#ledger.set({ fate }, engine.ledger[fate])
    this.#openAttempts.set(engine.openAttempts)
    this.#beyondHorizon.set(engine.beyondHorizon)
  }

  /** `bytesPerRecord`: the mean so far; NaN when nothing was read yet. */
  observeLag(source: string, lag: SourceLag, bytesPerRecord: number): void {
    this.#lagSeconds.set({ source }, lag.seconds)
    this.#lagBytes.set({ source }, lag.bytes)
    if (bytesPerRecord > 0) this.#lagRecords.set({ source }, Math.round(lag.bytes / bytesPerRecord))
  }

  delivered(delivery: { sink: string; result: DeliveryResult; seconds: number; unixMs: number }): void {
    const { sink, result, seconds, unixMs } = delivery
    this.#deliveries.inc({ sink, result })
    this.#deliveryDuration.observe({ sink }, seconds)
    if (result === 'ok') this.#lastDelivered.set({ sink }, unixMs / 1000)
  }

  tooLarge(sink: string, messages: number): void {
    this.#tooLarge.inc({ sink }, messages)
  }

  spansSent(result: 'taken' | 'rejected' | 'refused', spans: number): void {
    this.#spans.inc({ result }, spans)
  }

  metricsSent(result: 'ok' | 'failed'): void {
    this.#metricExports.inc({ result })
  }

  traced(result: TracedResult): void {
    let series = this.#tracedBy.get(result)
    if (series === undefined) {
      series = this.#traced.of({ result })
      this.#tracedBy.set(result, series)
    }
    series.add(1)
  }

  waiting(sink: string, bytes: number): void {
    this.#waitingBytes.set({ sink }, bytes)
  }

  /** Counters that survive a restart, as far as they changed since the last call. */
  takeChanges(): readonly SavedSeries[] {
    return [this.#records, this.#deadLetters, this.#traced].flatMap(family => family.takeChanges())
  }

  /** What was taken last is committed: a scrape may see it. */
  expose(): void {
    this.#records.expose()
    this.#deadLetters.expose()
    this.#traced.expose()
  }

  load(saved: Iterable<SavedSeries>): void {
    for (const series of saved) {
      if (series.family === this.#records.name) this.#records.load(series)
      if (series.family === this.#deadLetters.name) this.#deadLetters.load(series)
      if (series.family === this.#traced.name) this.#traced.load(series)
    }
  }
}
