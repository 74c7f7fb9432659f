// The worker's engine on rows in memory, with spans and without: what they cost beside reconstruction.
import { unknownFunctions } from '../../src/app/unknown-functions.ts'
import { defaultWorkerConfig } from '../../src/app/worker-config.ts'
import { WorkerEngine } from '../../src/app/worker-engine.ts'
import type { EngineSpans } from '../../src/app/worker-engine-options.ts'
import type { SettledAttempt } from '../../src/model/settled-attempt.ts'
import { SpanBatch, type SpanRequest } from '../../src/sinks/otlp/span-batch.ts'
import { AttemptMetrics } from '../../src/sinks/prometheus/attempt-metrics.ts'
import { WorkerMetrics } from '../../src/telemetry/worker-metrics.ts'

const batchBytes = 8 * 1024 * 1024
const maxRequestBytes = 2 * 1024 * 1024

/** Makes spans as the worker does, and keeps the requests. */
class CollectedSpans implements EngineSpans {
  readonly isFull = false
  readonly hasWaiting = false
  readonly requests: SpanRequest[] = []
  readonly #batch = new SpanBatch({ withErrorLines: true })
  spans = 0

  take({ attempt, traceContext, identityWords }: SettledAttempt): void {
    this.spans += this.#batch.add(attempt, traceContext === null ? identityWords : null)
  }

  hold(settled: SettledAttempt): void {
    this.take(settled)
  }

  revise(): void {}
  withdraw(): void {}
  forget(): void {}
  sendDue(): number {
    return 0
  }
  save() {
    return { held: [], gone: [] }
  }
  load(): void {}

  close(keeps: boolean): void {
    const requests = this.#batch.requests(maxRequestBytes)
    if (keeps) this.requests.push(...requests)
    this.#batch.clear()
  }
}

export interface EngineRun {
  readonly cpuSeconds: number
  readonly attempts: number
  readonly spans: number
  readonly requests: readonly SpanRequest[]
}

/** Goes through all rows. Requests are kept where they are wanted; else they are made and dropped. */
export function runEngine(rows: Buffer, how: { withSpans: boolean; keepsRequests?: boolean }): EngineRun {
  const { reconstruct, batch } = defaultWorkerConfig('/').settings
  const { registry } = new WorkerMetrics()
  const spans = how.withSpans ? new CollectedSpans() : null
  const engine = new WorkerEngine({
    isAnyStored: false,
    ...reconstruct,
    lang: 'en',
    maxRows: batch.maxRows,
    figures: unknownFunctions,
    attemptRows: { rows: 0, add: () => {}, withdraw: () => {} },
    attemptCounter: new AttemptMetrics({ registry, maxFunctions: 1000, costs: null }),
    spans,
    onDeadLetter: () => {},
  })
  engine.setTime(Date.UTC(2026, 0, 1))
  const stream = { id: '00000000000000a1', label: 'rows' }
  const before = process.cpuUsage()
  let since = 0
  for (let at = 0; at < rows.length; ) {
    const length = rows.copy(engine.window, 0, at, Math.min(rows.length, at + engine.window.length))
    const taken = engine.take({ stream, position: at, length, isLast: at + length === rows.length }, 'sls', 'rows')
    at += taken
    since += taken
    if (since < batchBytes && !engine.isFull && at < rows.length) continue
    since = 0
    engine.giveClosed()
    engine.clearRows()
    spans?.close(how.keepsRequests === true)
  }
  const { user, system } = process.cpuUsage(before)
  return {
    cpuSeconds: (user + system) / 1e6,
    attempts: engine.ledger.attempts,
    spans: spans?.spans ?? 0,
    requests: spans?.requests ?? [],
  }
}
