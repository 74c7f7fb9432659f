// Sends what /metrics shows to an OpenTelemetry backend, now and then. Nothing waits for it: what could not be sent is in the next request.
import type { Registry } from 'prom-client'
import { type MetricWriter, metricSignal, openMetricWriter } from '../sinks/otlp/metric-request.ts'
import { openTransport } from '../sinks/otlp/open-transport.ts'
import type { OtlpMetricsOptions } from '../sinks/otlp/otlp-options.ts'
import type { ExportOutcome, OtlpTransport } from '../sinks/otlp/otlp-transport.ts'
import { metricsNotSent, metricsSentAgain } from '../telemetry/events/metric-export.ts'
import type { Log } from '../telemetry/log.ts'

/** The section of the configuration, for messages. */
export const metricsSection = 'metrics.otlp'

/** How long the last request of a worker that stops may take. */
const lastMs = 3000

export interface MetricExportParts {
  readonly options: OtlpMetricsOptions
  readonly registry: Registry
  /** Called before each request: sets gauges that nobody else keeps. */
  readonly observe: () => void
  /** Attributes of the worker. */
  readonly resource: Readonly<Record<string, string>>
  readonly onSent: (result: 'ok' | 'failed') => void
  readonly log: Log
  /** Unix ms. */
  readonly nowMs: () => number
}

export class MetricExport {
  readonly #parts: MetricExportParts
  readonly #transport: OtlpTransport
  readonly #write: MetricWriter
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | null = null
  #sending: Promise<void> | null = null
  /** Why the last request was not taken; null when it was. */
  #failure: string | null = null

  private constructor(parts: MetricExportParts, transport: OtlpTransport, write: MetricWriter) {
    this.#parts = parts
    this.#transport = transport
    this.#write = write
  }

  /** Opens nothing at the backend, which may be down. Fails with an `FcscopeError` when certificates cannot be read. */
  static async start(parts: MetricExportParts): Promise<MetricExport> {
    const { options, resource, nowMs } = parts
    const transport = await openTransport({ section: metricsSection, options, signal: metricSignal, nowMs })
    const write = await openMetricWriter(resource, options.protocol === 'http/json')
    const started = new MetricExport(parts, transport, write)
    started.#wait()
    return started
  }

  #wait(): void {
    if (this.#abort.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#sending = this.#send(this.#abort.signal).finally(() => {
        this.#sending = null
        this.#wait()
      })
    }, this.#parts.options.everyMs).unref()
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { registry, observe, nowMs, onSent } = this.#parts
    observe()
    const request = this.#write(await registry.getMetricsAsJSON(), nowMs())
    let outcome: ExportOutcome
    try {
      outcome = await this.#transport.send(request, signal)
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    onSent(outcome.kind === 'taken' ? 'ok' : 'failed')
    this.#tell(outcome)
  }

  /** Once for each reason; a part that was rejected is a reason as well. */
  #tell({ kind, reason }: ExportOutcome): void {
    const { log } = this.#parts
    const failure = kind === 'taken' && reason === '' ? null : reason
    if (failure === this.#failure) return
    if (failure !== null) metricsNotSent(log, { reason: failure })
    else metricsSentAgain(log)
    this.#failure = failure
  }

  /** Sends what is known at the end, if the backend takes it soon. Safe twice. */
  async stop(): Promise<void> {
    if (this.#abort.signal.aborted) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#abort.abort()
    await this.#sending
    await this.#send(AbortSignal.timeout(lastMs))
    this.#transport.close()
  }
}
