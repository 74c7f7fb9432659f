// Hot path, where spans are sent: an attempt becomes spans once, when its figures are exact or nothing better has come in time, and each
// batch requests of them.
import type { Attempt } from '../model/attempt.ts'
import type { Delivery } from '../model/delivery.ts'
import type { SettledAttempt } from '../model/settled-attempt.ts'
import type { Stager } from '../pipeline/worker-parts.ts'
import { HeldAttempts, type SavedHeld } from '../sinks/otlp/held-attempts.ts'
import type { OtlpOptions } from '../sinks/otlp/otlp-options.ts'
import { OtlpSink } from '../sinks/otlp/otlp-sink.ts'
import { SpanBatch } from '../sinks/otlp/span-batch.ts'
import type { Log } from '../telemetry/log.ts'
import type { WorkerMetrics } from '../telemetry/worker-metrics.ts'
import type { EngineSpans } from './worker-engine-options.ts'

export class SpanExport implements EngineSpans, Stager {
  readonly sink: OtlpSink
  readonly #batch: SpanBatch
  readonly #held = new HeldAttempts()
  readonly #options: OtlpOptions
  readonly #metrics: WorkerMetrics

  constructor(parts: {
    options: OtlpOptions
    folder: string
    metrics: WorkerMetrics
    log: Log
    nowMs: () => number
  }) {
    const { metrics, ...rest } = parts
    this.#options = parts.options
    this.#batch = new SpanBatch({ withErrorLines: parts.options.errorLines })
    this.#metrics = metrics
    this.sink = new OtlpSink({ ...rest, onSpans: (fate, spans) => metrics.spansSent(fate, spans) })
  }

  get isFull(): boolean {
    return this.#batch.isFull
  }

  get hasWaiting(): boolean {
    return !this.#held.isEmpty
  }

  take(settled: SettledAttempt, nowMs: number): void {
    if (mayGetRow(settled)) {
      this.hold(settled, nowMs)
      return
    }
    if (!this.#held.isEmpty) this.#held.drop(keyOf(settled))
    if (this.#held.hasGone(keyOf(settled))) this.#metrics.traced('corrected')
    else this.#send(settled.attempt, wordsOf(settled))
  }

  hold(settled: SettledAttempt, nowMs: number): void {
    const { attempt, home } = settled
    // The input has ended before it did.
    if (attempt.closedBy === 'eof') return
    const key = keyOf(settled)
    if (this.#held.hasGone(key)) this.#metrics.traced('corrected')
    else this.#held.hold(key, { attempt, words: wordsOf(settled), home, sinceMs: nowMs })
  }

  revise(settled: SettledAttempt, nowMs: number): void {
    if (this.#held.has(keyOf(settled))) this.take(settled, nowMs)
    else this.#metrics.traced('corrected')
  }

  withdraw(settled: SettledAttempt, wasTaken: boolean): void {
    const key = keyOf(settled)
    if (this.#held.has(key)) this.#held.drop(key)
    else if (wasTaken || this.#held.hasGone(key)) this.#metrics.traced('corrected')
  }

  forget(isGone: (home: string) => boolean): void {
    this.#held.forget(isGone)
  }

  sendDue(nowMs: number): number {
    let sent = 0
    for (const { attempt, words } of this.#held.goSince(nowMs - this.#options.waitMs)) {
      this.#send(attempt, words)
      sent += 1
    }
    return sent
  }

  #send(attempt: Attempt, words: Int32Array | null): void {
    this.#metrics.traced(this.#batch.add(attempt, words) > 0 ? 'sent' : 'noTimes')
  }

  stage(batch: { readonly batch: number; readonly storedMs: number }): Delivery[] {
    return this.sink.stage(batch, this.#batch.requests(this.#options.maxRequestBytes))
  }

  clear(): void {
    this.#batch.clear()
  }

  save(): SavedHeld {
    return this.#held.save()
  }

  load(saved: SavedHeld): void {
    this.#held.load(saved)
  }
}

/**
 * Figures are counted at once where a function has had no row so far, but the first row brings the platform's own ids. What comes of
 * partitions is not held for that: whoever has a partition next takes what was counted for sent.
 */
const mayGetRow = ({ attempt, isFinal, home }: SettledAttempt): boolean =>
  !isFinal && home === '' && attempt.phase === 'invoke' && attempt.sources.durationMs === 'recordTime'

/** The span id that follows from the identity, whatever the platform calls it. */
const keyOf = ({ identityWords }: SettledAttempt): string => `${identityWords[4]} ${identityWords[5]}`

const wordsOf = ({ traceContext, identityWords }: SettledAttempt): Int32Array | null =>
  traceContext === null ? identityWords : null
