// What `fcscope route` has done by now: for /metrics, for progress, for the line at its end.
import type { SavedSeries } from '../model/batch-commit.ts'
import { Ledger } from '../model/ledger.ts'
import type { RouteBatch } from '../pipeline/route-batch.ts'
import { WorkerMetrics } from '../telemetry/worker-metrics.ts'
import type { WorkerProgress } from './run-options.ts'

export class RouteTally {
  readonly ledger = new Ledger()
  readonly metrics = new WorkerMetrics()
  /** Taken from sources. */
  bytes = 0
  /** In the topic. */
  messages = 0
  readonly #nowMs: () => number
  /** Counters of partitions that no commit has saved yet, by family and labels. */
  #unsaved = new Map<string, SavedSeries>()

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  /** A batch of a partition is in the topic: only now its records count, since before they may become somebody else's. */
  delivered(source: string, batch: RouteBatch): void {
    const { ledger, metrics } = this
    ledger.received += batch.lines + batch.deadLetters
    ledger.attached += batch.lines
    ledger.deadLettered += batch.deadLetters
    this.bytes += batch.length
    metrics.count(source, ledger)
    for (const series of metrics.takeChanges()) this.#unsaved.set(`${series.family} ${series.labels}`, series)
    metrics.expose()
  }

  tried(result: 'ok' | 'failed', seconds: number): void {
    this.metrics.delivered({ sink: 'route', result, seconds, unixMs: this.#nowMs() })
  }

  /** The counters of a commit, with those of partitions since the one before; newer ones win. */
  withUnsaved(counters: readonly SavedSeries[]): readonly SavedSeries[] {
    for (const series of counters) this.#unsaved.set(`${series.family} ${series.labels}`, series)
    return [...this.#unsaved.values()]
  }

  /** A commit has saved them. */
  saved(): void {
    this.#unsaved = new Map()
  }

  progress(lags: readonly { readonly bytes: number; readonly seconds: number }[]): WorkerProgress {
    return {
      records: this.ledger.received,
      bytes: this.bytes,
      waitingBytes: lags.reduce((sum, { bytes }) => sum + bytes, 0),
      lagSeconds: Math.max(0, ...lags.map(({ seconds }) => seconds)),
    }
  }
}
