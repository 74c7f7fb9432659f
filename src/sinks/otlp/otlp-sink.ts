// An OpenTelemetry backend as a sink: each request of spans is a file, sent until the backend has taken or refused it.
import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Delivery, DeliveryPostponed, type DeliverySink } from '../../model/delivery.ts'
import { spansPartlyRejected, spansRefused } from '../../telemetry/events/otlp-sink.ts'
import type { Log } from '../../telemetry/log.ts'
import { openTransport } from './open-transport.ts'
import type { OtlpOptions } from './otlp-options.ts'
import type { OtlpSignal, OtlpTransport } from './otlp-transport.ts'
import { requestJson } from './request-json.ts'
import type { SpanRequest } from './span-batch.ts'

/** What became of spans that were sent: `rejected` one by one, `refused` with their request. */
export type SpanFate = 'taken' | 'rejected' | 'refused'

export interface OtlpSinkParts {
  readonly options: OtlpOptions
  /** Where files wait. */
  readonly folder: string
  readonly log: Log
  readonly nowMs: () => number
  readonly onSpans: (fate: SpanFate, spans: number) => void
}

/** {@link DeliverySink.name}, and the section of the configuration. */
export const tracesName = 'traces'

/** Spans, as `SpanBatch` writes them. */
export const spanSignal: OtlpSignal = {
  path: '/v1/traces',
  grpcMethod: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  jsonOf: request => Buffer.from(requestJson(request)),
}

/**
 * Stages and delivers spans. A request whose answer was lost is sent again with the same ids; nothing else is sent twice. Requests may
 * arrive in any order.
 */
export class OtlpSink implements DeliverySink {
  readonly name = tracesName
  readonly maxConcurrent = 4
  readonly #parts: OtlpSinkParts
  #transport: Promise<OtlpTransport> | null = null
  #isPartTold = false
  #refusalTold = ''

  constructor(parts: OtlpSinkParts) {
    this.#parts = parts
  }

  /** Opens nothing at the backend, which may be down. Fails with an `FcscopeError` when certificates cannot be read. */
  async open(): Promise<void> {
    await this.#open()
  }

  #open(): Promise<OtlpTransport> {
    this.#transport ??= openTransport({
      section: tracesName,
      options: this.#parts.options,
      signal: spanSignal,
      nowMs: this.#parts.nowMs,
    })
    return this.#transport
  }

  /** Writes a file per request of the batch. What was written is removed when it fails. */
  stage({ batch, storedMs }: { batch: number; storedMs: number }, requests: readonly SpanRequest[]): Delivery[] {
    const staged: Delivery[] = []
    try {
      for (const [index, { bytes, spans }] of requests.entries()) {
        const part = `spans-${index}`
        const file = join(this.#parts.folder, `${batch}-${tracesName}-${index}.otlp`)
        staged.push({ sink: tracesName, batch, part, file, rows: spans, bytes: bytes.length, storedMs })
        writeFileSync(file, bytes, { mode: 0o600 })
      }
      return staged
    } catch (error) {
      for (const { file } of staged) rmSync(file, { force: true })
      throw error
    }
  }

  /** Whether an earlier try arrived cannot be asked: spans are known by their ids, which are the same in every try. */
  async deliver({ file, rows }: Delivery, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { log, onSpans } = this.#parts
    const transport = await this.#open()
    signal.throwIfAborted()
    const outcome = await transport.send(await readFile(file), signal)
    if (outcome.kind === 'later') throw new DeliveryPostponed(outcome.reason, outcome.afterMs)
    if (outcome.kind === 'refused') {
      onSpans('refused', rows)
      if (this.#refusalTold !== outcome.reason)
        spansRefused(log, { sink: tracesName, spans: rows, reason: outcome.reason })
      this.#refusalTold = outcome.reason
      return
    }
    this.#refusalTold = ''
    const rejected = Math.min(rows, outcome.rejected)
    onSpans('taken', rows - rejected)
    if (rejected === 0 && outcome.reason === '') return
    onSpans('rejected', rejected)
    if (!this.#isPartTold) spansPartlyRejected(log, { sink: tracesName, spans: rejected, reason: outcome.reason })
    this.#isPartTold = true
  }

  /** Only when nothing is being delivered. */
  async stop(): Promise<void> {
    const transport = await this.#transport
    transport?.close()
    this.#transport = null
  }
}
