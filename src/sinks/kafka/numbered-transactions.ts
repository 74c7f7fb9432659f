// Transactions of one writer of a topic, each with a number: the offset of a group that has no members, told in the same transaction.
// So a transaction is in the topic if, and only if, its number was told.
import { setTimeout as pause } from 'node:timers/promises'
import type { CompressionTypes, Producer, Transaction } from 'kafkajs'
import type { KafkaClient } from '../../lib/kafka/kafka-client.ts'
import type { PlacedRecord, TargetTopic } from './target-topic.ts'
import type { ToldOffset } from './transaction-ends.ts'

/** A transaction that takes longer is ended by the cluster; until then readers do not see what is behind it. */
const transactionTimeoutMs = 60_000
const closeMs = 3000
const abortMs = 1000
/** So long brokers may take to show what a transaction told. */
const showMs = 20_000
/** Then another mark is made: if somebody else has written theirs over it, that says so. */
const markAgainMs = 1000
const firstLookMs = 5
const maxLookMs = 200
/** The next transaction may come too soon after the last one: that passes within milliseconds. What lasts longer is the queue's. */
const retry = { initialRetryTime: 20, multiplier: 2, factor: 0, maxRetryTime: 400, retries: 8 } as const
const numberPartition = 0

export interface NumberedTransactionsParts {
  readonly client: KafkaClient
  readonly topic: TargetTopic
  /** Transactional id and name of the group: the same for this worker whenever it is started, and never another's. */
  readonly identity: string
  readonly compression: CompressionTypes
  /** Ends a transaction when it may; see {@link TransactionEnds}. */
  readonly end: (end: () => Promise<void>, told: ToldOffset) => Promise<void>
  readonly random: () => number
}

export class NumberedTransactions {
  readonly #parts: NumberedTransactionsParts
  #producer: Producer | null = null

  constructor(parts: NumberedTransactionsParts) {
    this.#parts = parts
  }

  /**
   * Shuts out whoever wrote under this identity before, ends what it left open, and returns the number of its last transaction; 0
   * when the cluster knows of none.
   */
  async open(): Promise<number> {
    const { client, identity } = this.#parts
    const producer = client.kafka.producer({
      transactionalId: identity,
      transactionTimeout: transactionTimeoutMs,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      // Of what is sent outside of transactions, and nothing is.
      idempotent: false,
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? numberPartition,
      retry,
    })
    this.#producer = producer
    await producer.connect()
    const untilMs = performance.now() + showMs
    for (;;) {
      const number = await this.#readNumber(await this.#mark(producer))
      if (number !== null) return number
      if (performance.now() > untilMs) throw new Error(`the group ${identity} does not show what it was told`)
    }
  }

  /** One transaction. It is not known what became of it when this fails: {@link open} of another one tells. */
  async commit(
    records: readonly (readonly PlacedRecord[])[],
    how: { number: number; storedMs: number },
  ): Promise<void> {
    const producer = this.#producer
    if (producer === null) throw new RangeError('BUG: transactions that were not opened')
    const { topic, identity, end } = this.#parts
    const transaction = await producer.transaction()
    try {
      for (const send of records) await this.#send(transaction, send, how.storedMs)
      const told = { groupId: identity, topic: topic.name, partition: numberPartition, offset: how.number }
      await transaction.sendOffsets(offsetsOf(told))
      await end(() => transaction.commit(), told)
    } catch (error) {
      await abortQuietly(transaction)
      throw error
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer
    this.#producer = null
    if (producer === null) return
    await Promise.race([producer.disconnect().catch(() => {}), pause(closeMs, undefined, { ref: false })])
  }

  async #send(transaction: Transaction, records: readonly PlacedRecord[], storedMs: number): Promise<void> {
    const { topic, compression } = this.#parts
    const messages = records.map(({ key, value, partition }) => ({
      // Views of the same memory: kafkajs takes nothing but these.
      key: Buffer.from(key.buffer, key.byteOffset, key.length),
      value: Buffer.from(value.buffer, value.byteOffset, value.length),
      partition,
      timestamp: String(storedMs),
    }))
    const answers = await transaction.send({ topic: topic.name, messages, compression })
    // What failed is sent anew, broker by broker: a partition that moved to another broker in between is left out, or comes twice.
    const sent = new Set(records.map(({ partition }) => partition))
    const answered = new Set(answers.map(({ partition }) => partition))
    if (answers.length !== sent.size || [...sent].some(partition => !answered.has(partition)))
      throw new Error('partitions moved to other brokers while they were written')
  }

  /**
   * Brokers before Kafka 4 may show the old number for a moment when a transaction has ended: they look through ended ones in the
   * background, in their order. So a transaction of our own follows, whose mark is waited for.
   */
  async #mark(producer: Producer): Promise<number> {
    const { topic, identity, end, random } = this.#parts
    const mark = 1 + Math.floor(random() * 2 ** 48)
    // The first transaction of a producer asks for its id; with that, whoever had it is shut out.
    const transaction = await producer.transaction()
    const told = { groupId: markGroupOf(identity), topic: topic.name, partition: numberPartition, offset: mark }
    await transaction.sendOffsets(offsetsOf(told))
    await end(() => transaction.commit(), told)
    return mark
  }

  /** Null when the mark does not show for a while. */
  async #readNumber(mark: number): Promise<number | null> {
    const { client, topic, identity } = this.#parts
    const admin = client.kafka.admin({ retry })
    const read = async (groupId: string): Promise<number> => {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic.name] })
      return Number(found?.partitions.find(({ partition }) => partition === numberPartition)?.offset ?? -1)
    }
    const untilMs = performance.now() + markAgainMs
    try {
      await admin.connect()
      for (let waitMs = firstLookMs; (await read(markGroupOf(identity))) !== mark; waitMs *= 2) {
        if (performance.now() > untilMs) return null
        await pause(Math.min(waitMs, maxLookMs))
      }
      return Math.max(0, await read(identity))
    } finally {
      await Promise.race([admin.disconnect().catch(() => {}), pause(closeMs, undefined, { ref: false })])
    }
  }
}

const markGroupOf = (identity: string): string => `${identity}.mark`

const offsetsOf = ({ groupId, topic, partition, offset }: ToldOffset) => ({
  consumerGroupId: groupId,
  topics: [{ topic, partitions: [{ partition, offset: String(offset) }] }],
})

/** So that readers need not wait until the cluster ends it. */
async function abortQuietly(transaction: Transaction): Promise<void> {
  if (!transaction.isActive()) return
  await Promise.race([transaction.abort().catch(() => {}), pause(abortMs, undefined, { ref: false })])
}
