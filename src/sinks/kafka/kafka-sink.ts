// A Kafka topic as a sink: a batch becomes a file of records, and the file one transaction, which says the batch's number, too.
import { rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type KafkaClient, loadKafkajs, makeKafkaClient } from '../../lib/kafka/kafka-client.ts'
import { findKafkaFault } from '../../lib/kafka/kafka-fault.ts'
import type { KafkaRemark } from '../../lib/kafka/kafka-log.ts'
import type { Delivery, DeliverySink } from '../../model/delivery.ts'
import { kafkaBatchWasThere, kafkaRecordsTooLarge } from '../../telemetry/events/kafka-sink.ts'
import type { Log } from '../../telemetry/log.ts'
import { deliveryFailure } from './delivery-failure.ts'
import type { KafkaSinkOptions } from './kafka-sink-options.ts'
import { decodeRecords, encodeRecords, type KeyedRecord } from './keyed-record.ts'
import { NumberedTransactions } from './numbered-transactions.ts'
import { findTargetTopic, sendBytesOf, sendsOf, type TargetTopic } from './target-topic.ts'
import { sinkPrefix, sinkTopic, topicFailure, unreadableFile } from './topic-failure.ts'

const requestTimeoutMs = 15_000
/** A cluster that has just come up, or has just lost a writer, takes no transactions for a moment. */
const openMs = 15_000
const openAgainMs = 250
const maxRemarks = 20

export interface KafkaSinkParts {
  /** {@link DeliverySink.name}, and the section of the configuration. */
  readonly name: string
  readonly options: KafkaSinkOptions
  /** Where files wait. */
  readonly folder: string
  /** Of this worker's state: the same after every start, another one after the state was lost. */
  readonly workerNumber: number
  readonly log: Log
  readonly random: () => number
  /** Reads the records of a file that was staged by somebody else; not given where {@link KafkaSink.stage} did it. */
  readonly decode?: (bytes: Buffer) => readonly KeyedRecord[]
  /** Called with the number of records that the topic does not take, and that are not delivered. */
  readonly onTooLarge?: (records: number) => void
}

/** What is open at the cluster. */
interface Opened {
  readonly client: KafkaClient
  readonly topic: TargetTopic
  readonly transactions: NumberedTransactions
  /** The number of the last batch that is in the topic. */
  last: number
}

/** Stages and delivers records of one kind. Batches must come in the order of their numbers. */
export class KafkaSink implements DeliverySink {
  readonly name: string
  readonly maxConcurrent = 1
  /** Transactional id, and name of the group that keeps the number. */
  readonly identity: string
  readonly #parts: KafkaSinkParts
  #opened: Opened | null = null
  #remarks: readonly KafkaRemark[] = []

  constructor(parts: KafkaSinkParts) {
    this.#parts = parts
    this.name = parts.name
    this.identity = `${sinkPrefix(parts.name)}${(parts.workerNumber >>> 0).toString(16).padStart(8, '0')}`
  }

  /** Opens the topic before there is anything to deliver. Fails with an `FcscopeError` that says why it cannot be written. */
  async open(): Promise<void> {
    const { connection, topic } = this.#parts.options
    const untilMs = performance.now() + openMs
    while (this.#opened === null) {
      try {
        this.#opened = await this.#open(new AbortController().signal)
      } catch (error) {
        if (performance.now() < untilMs && (await this.#mayPass(error))) await pause(openAgainMs)
        else throw await topicFailure(error, { ...sinkTopic(this.name, topic), connection, remarks: this.#remarks })
      }
    }
  }

  async #mayPass(error: unknown): Promise<boolean> {
    if (!(error instanceof Error) || !error.name.startsWith('KafkaJS')) return false
    const { kind } = await findKafkaFault(error, this.#parts.options.connection, this.#remarks)
    return kind === 'other' || kind === 'noCoordinator'
  }

  /** Writes the file of a batch; none when there is nothing. What was written is removed when it fails. */
  stage({ batch, storedMs }: { batch: number; storedMs: number }, records: readonly KeyedRecord[]): Delivery[] {
    if (records.length === 0) return []
    const file = join(this.#parts.folder, `${batch}-${this.name}.records`)
    const bytes = encodeRecords(records)
    try {
      writeFileSync(file, bytes, { mode: 0o600 })
    } catch (error) {
      rmSync(file, { force: true })
      throw error
    }
    return [{ sink: this.name, batch, part: 'records', file, rows: records.length, bytes: bytes.length, storedMs }]
  }

  /**
   * Whatever became of an earlier try, its number tells: it is read whenever the topic is opened, and a try that failed leaves nothing
   * open. What has been open for long may have been forgotten by the cluster: then it is opened anew at once.
   */
  async deliver(
    delivery: Delivery,
    { signal }: { readonly mayBeThere: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const stop = (): void => this.#opened?.client.sockets.destroy()
    signal.addEventListener('abort', stop)
    try {
      if (this.#opened !== null && (await this.#succeeds(delivery, this.#opened, signal))) return
      this.#opened ??= await this.#open(signal)
      await this.#deliver(delivery, this.#opened, signal)
    } catch (error) {
      await this.#close()
      const { options } = this.#parts
      const { connection, topic } = options
      throw await deliveryFailure(error, { connection, topic, identity: this.identity, remarks: this.#remarks })
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async #succeeds(delivery: Delivery, opened: Opened, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#deliver(delivery, opened, signal)
      return true
    } catch (error) {
      await this.#close()
      if (signal.aborted) throw error
      return false
    }
  }

  async #deliver({ batch, file, rows, storedMs }: Delivery, opened: Opened, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const { log, options, decode = decodeRecords } = this.#parts
    if (batch <= opened.last) {
      kafkaBatchWasThere(log, { sink: this.name, batch, rows })
      return
    }
    const { topic, transactions } = opened
    const all = decode(await readFile(file))
    const fitting = all.filter(record => sendBytesOf(record) <= topic.maxSendBytes)
    const placed = fitting.map(record => ({ ...record, partition: topic.partitionOf(record.key) }))
    await transactions.commit(sendsOf(placed, topic.maxSendBytes), { number: batch, storedMs })
    opened.last = batch
    if (fitting.length < all.length) {
      const maxBytes = topic.maxSendBytes
      kafkaRecordsTooLarge(log, {
        sink: this.name,
        topic: options.topic,
        records: all.length - fitting.length,
        maxBytes,
      })
      this.#parts.onTooLarge?.(all.length - fitting.length)
    }
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const { options, random } = this.#parts
    this.#remarks = []
    const client = await makeKafkaClient(options.connection, {
      hear: remark => {
        this.#remarks = [...this.#remarks.slice(-maxRemarks), remark]
      },
      retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1000 },
      requestTimeoutMs,
    }).catch((error: unknown) => {
      throw unreadableFile(this.name, error)
    })
    const stop = (): void => client.sockets.destroy()
    signal.addEventListener('abort', stop)
    try {
      const { CompressionTypes } = await loadKafkajs()
      const compression = { none: CompressionTypes.None, gzip: CompressionTypes.GZIP, zstd: CompressionTypes.ZSTD }
      const topic = await findTargetTopic(client, options.topic)
      const transactions = new NumberedTransactions({
        client,
        topic,
        identity: this.identity,
        compression: compression[options.compression],
        end: end => end(),
        random,
      })
      const last = await transactions.open()
      return { client, topic, transactions, last }
    } catch (error) {
      client.sockets.destroy()
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  async #close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    if (opened === null) return
    await opened.transactions.close()
    opened.client.sockets.destroy()
  }

  /** Lets the cluster go; only when nothing is being delivered. */
  async stop(): Promise<void> {
    await this.#close()
  }
}
