// Transactions of the lanes of partitions: what the topic's sink has for batches, with keys in place.
import type { CompressionTypes } from 'kafkajs'
import type { KafkaClient } from '../lib/kafka/kafka-client.ts'
import { protocolErrorType } from '../lib/kafka/kafka-fault.ts'
import type { RouteKey, RouteMessage, RouteTransactions } from '../model/route.ts'
import { NumberedTransactions, type NumberedTransactionsParts } from '../sinks/kafka/numbered-transactions.ts'
import { sendBytesOf, sendsOf, type TargetTopic } from '../sinks/kafka/target-topic.ts'
import { maxKeyBytes } from './route-keys.ts'

const nothing = new Uint8Array(0)

/** Makes the keys of a topic. */
export const keyMaker =
  (topic: TargetTopic) =>
  (text: string): RouteKey => {
    const bytes = Buffer.from(text)
    return { text, bytes, partition: topic.partitionOf(bytes) }
  }

/** The longest line, with its line end, that the topic takes under a key. */
export const maxLineBytesOf = ({ maxSendBytes }: TargetTopic, { bytes: key }: RouteKey): number =>
  maxSendBytes - sendBytesOf({ key, value: nothing })

/** The longest message of several lines: as long as is wished, and as the topic takes under any key. */
export const maxMessageBytesOf = ({ maxSendBytes }: TargetTopic, wishedBytes: number): number =>
  Math.max(1, Math.min(wishedBytes, maxSendBytes - maxKeyBytes - sendBytesOf({ key: nothing, value: nothing })))

/** Somebody else writes under this name now, or the cluster ended a transaction that took too long. */
export const isFenced = (error: unknown): boolean => protocolErrorType(error) === 'INVALID_PRODUCER_EPOCH'

export interface KafkaRouteTransactionsParts {
  readonly client: KafkaClient
  readonly topic: TargetTopic
  /** Transactional id, and name of the group that keeps the number. */
  readonly identity: string
  readonly compression: CompressionTypes
  readonly end: NumberedTransactionsParts['end']
  readonly random: () => number
  readonly nowMs: () => number
}

export class KafkaRouteTransactions implements RouteTransactions {
  readonly #parts: KafkaRouteTransactionsParts
  #open: NumberedTransactions | null = null

  constructor(parts: KafkaRouteTransactionsParts) {
    this.#parts = parts
  }

  async open(): Promise<number | null> {
    await this.close()
    const transactions = new NumberedTransactions(this.#parts)
    this.#open = transactions
    const number = await transactions.open()
    return number === 0 ? null : number
  }

  async commit(messages: readonly RouteMessage[], next: number): Promise<void> {
    if (this.#open === null) throw new RangeError('BUG: transactions that are not open')
    const { topic, nowMs } = this.#parts
    const records = messages.map(({ key: { bytes: key, partition }, value }) => ({ key, value, partition }))
    await this.#open.commit(sendsOf(records, topic.maxSendBytes), { number: next, storedMs: nowMs() })
  }

  async close(): Promise<void> {
    const transactions = this.#open
    this.#open = null
    await transactions?.close()
  }
}
