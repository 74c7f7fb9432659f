// Hot path, where spans are sent: an attempt becomes spans once, when its figures are counted, and each batch requests of them.
import type { Attempt } from '../model/attempt.ts'
import type { Delivery } from '../model/delivery.ts'
import type { SpanTaker } from '../pipeline/emission.ts'
import type { Stager } from '../pipeline/worker-parts.ts'
import type { OtlpOptions } from '../sinks/otlp/otlp-options.ts'
import { OtlpSink } from '../sinks/otlp/otlp-sink.ts'
import { SpanBatch } from '../sinks/otlp/span-batch.ts'
import type { Log } from '../telemetry/log.ts'
import type { WorkerMetrics } from '../telemetry/worker-metrics.ts'

export class SpanExport implements SpanTaker, Stager {
  readonly sink: OtlpSink
  readonly #batch = new SpanBatch()
  readonly #maxRequestBytes: number
  readonly #metrics: WorkerMetrics

  constructor(parts: {
    options: OtlpOptions
    folder: string
    metrics: WorkerMetrics
    log: Log
    nowMs: () => number
  }) {
    const { metrics, ...rest } = parts
    this.#maxRequestBytes = parts.options.maxRequestBytes
    this.#metrics = metrics
    this.sink = new OtlpSink({ ...rest, onSpans: (fate, spans) => metrics.spansSent(fate, spans) })
  }

  get isFull(): boolean {
    return this.#batch.isFull
  }

  take(attempt: Attempt, identityWords: Int32Array | null): void {
    this.#metrics.traced(this.#batch.add(attempt, identityWords) > 0 ? 'sent' : 'noTimes')
  }

  correct(): void {
    this.#metrics.traced('corrected')
  }

  stage(batch: { readonly batch: number; readonly storedMs: number }): Delivery[] {
    return this.sink.stage(batch, this.#batch.requests(this.#maxRequestBytes))
  }

  clear(): void {
    this.#batch.clear()
  }
}
