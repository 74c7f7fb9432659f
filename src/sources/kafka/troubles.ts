// Makes few events of the many things that kafkajs says while a cluster is away.
import type { KafkaRemark } from '../../lib/kafka/kafka-log.ts'
import { kafkaRecovered, kafkaTroubled } from '../../telemetry/events/kafka-source.ts'
import type { Log } from '../../telemetry/log.ts'

/** Clusters answer with errors for a moment whenever something moves. */
const patienceMs = 5000

/** Said by kafkajs at every rebalance. */
const isOrdinary = ({ text }: KafkaRemark): boolean =>
  /rebalanc|re-joining|group generation id is not valid|resync group|Offset out of range/i.test(text)

export interface TroublesParts {
  readonly source: string
  readonly log: Log
  readonly nowMs: () => number
}

/** One trouble after the other: each is told once, and its end. */
export class Troubles {
  readonly #parts: TroublesParts
  #sinceMs: number | null = null
  #isTold = false

  constructor(parts: TroublesParts) {
    this.#parts = parts
  }

  hear(remark: KafkaRemark): void {
    if (remark.severity !== 'error' || isOrdinary(remark)) return
    const { source, log, nowMs } = this.#parts
    this.#sinceMs ??= nowMs()
    if (this.#isTold || nowMs() - this.#sinceMs < patienceMs) return
    this.#isTold = true
    kafkaTroubled(log, { source, reason: remark.text })
  }

  /** The cluster did what it was asked for. */
  end(): void {
    if (this.#sinceMs === null) return
    const { source, log, nowMs } = this.#parts
    if (this.#isTold) kafkaRecovered(log, { source, afterMs: nowMs() - this.#sinceMs })
    this.#sinceMs = null
    this.#isTold = false
  }
}
