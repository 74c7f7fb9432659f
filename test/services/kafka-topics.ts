// Topics of a test's broker: makes them, fills them, and reads them back with kafkajs alone.
import { setTimeout as pause } from 'node:timers/promises'
import kafkajs, { type Admin, type Kafka, type Message, type Producer } from 'kafkajs'
import { installAbortedRecords } from '../../src/lib/kafka/aborted-records.ts'
import { endsOf, makeTopic } from './topic-leaders.ts'

const waitMs = 60_000
const pollMs = 200

/** Quiet: brokers that have just come up answer with errors that pass. */
export function plainClient(address: string): Kafka {
  // Readers of committed messages need it; kafka-reading.slow.test.ts holds it to what was written.
  installAbortedRecords()
  return new kafkajs.Kafka({
    clientId: 'test',
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 10 },
  })
}

export class KafkaTopics {
  readonly #kafka: Kafka
  readonly admin: Admin
  readonly #producer: Producer
  #serial = 0
  /** Ends of partitions that this producer alone has written to, by topic and partition: to ask each time would be slow. */
  readonly #ends = new Map<string, number>()

  private constructor(address: string) {
    this.#kafka = plainClient(address)
    this.admin = this.#kafka.admin()
    // Its own tries write again what some partitions have taken already.
    this.#producer = this.#kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    })
  }

  static async open(address: string): Promise<KafkaTopics> {
    const topics = new KafkaTopics(address)
    await topics.admin.connect()
    await topics.#producer.connect()
    return topics
  }

  /** A new one; returns its name. */
  async create(partitions: number, config: Readonly<Record<string, string>> = {}): Promise<string> {
    this.#serial += 1
    const topic = `logs-${this.#serial}`
    const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }))
    await makeTopic(this.admin, { topic, numPartitions: partitions, configEntries })
    return topic
  }

  /** Each message once, also while the broker has just come back. Nobody else may write to the topic meanwhile. */
  async send(topic: string, messages: readonly Message[]): Promise<void> {
    const placed = Map.groupBy(messages, ({ partition }) => partition ?? null)
    for (const [partition, some] of placed) {
      if (partition === null) await this.#producer.send({ topic, messages: some })
      else await this.#sendOnce(topic, partition, some)
    }
  }

  /** A try that failed may have written all of them, or none. */
  async #sendOnce(topic: string, partition: number, messages: Message[]): Promise<void> {
    const place = `${topic} ${partition}`
    const before = this.#ends.get(place) ?? (await this.#endOf(topic, partition))
    const untilMs = performance.now() + waitMs
    for (;;) {
      try {
        const [written] = await this.#producer.send({ topic, messages })
        this.#ends.set(place, Number(written?.baseOffset) + messages.length)
        return
      } catch (error) {
        if (performance.now() > untilMs) throw error
        await pause(pollMs)
        const end = await this.#endOf(topic, partition)
        this.#ends.set(place, end)
        if (end >= before + messages.length) return
      }
    }
  }

  async #endOf(topic: string, partition: number): Promise<number> {
    return (await endsOf(this.admin, topic)).get(partition) ?? 0
  }

  /** A producer with transactions of its own. */
  async #transactor(): Promise<Producer> {
    this.#serial += 1
    const producer = this.#kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      transactionalId: `test-${this.#serial}`,
      idempotent: true,
      maxInFlightRequests: 1,
    })
    await producer.connect()
    return producer
  }

  /** One transaction, which is committed or not. */
  transact(topic: string, messages: readonly Message[], end: 'commit' | 'abort'): Promise<void> {
    return this.overlap(topic, [{ messages, end }], [0])
  }

  /**
   * Transactions in the order in which they begin; they end in another one. Each writes its messages in two parts, the others between.
   * Resolves when a reader of committed messages gets behind them all. Messages name their partition, and nobody else writes meanwhile.
   */
  async overlap(
    topic: string,
    transactions: readonly { messages: readonly Message[]; end: 'commit' | 'abort' }[],
    endOrder: readonly number[],
  ): Promise<void> {
    const before = await endsOf(this.admin, topic)
    const open = await Promise.all(
      transactions.map(async ({ messages, end }) => {
        const producer = await this.#transactor()
        return { producer, transaction: await producer.transaction(), messages, end }
      }),
    )
    for (const part of [0, 1]) {
      for (const { transaction, messages } of open) {
        const half = Math.ceil(messages.length / 2)
        await transaction.send({ topic, messages: messages.slice(part * half, (part + 1) * half) })
      }
    }
    for (const at of endOrder) {
      const of = open[at]
      if (of !== undefined) await of.transaction[of.end]()
    }
    for (const { producer } of open) await producer.disconnect()
    await this.#untilEnded(topic, before, transactions)
    // The marks of transactions have offsets too.
    this.#ends.clear()
  }

  /** A broker answers that a transaction has ended before its mark is in the partition; until then committed messages end at its first one. */
  async #untilEnded(
    topic: string,
    before: ReadonlyMap<number, number>,
    transactions: readonly { messages: readonly Message[] }[],
  ): Promise<void> {
    const written = transactions.flatMap(({ messages }) => [
      ...messages.map(({ partition }) => partition),
      ...new Set(messages.map(({ partition }) => partition)),
    ])
    const untilMs = performance.now() + waitMs
    for (;;) {
      const ends = await endsOf(this.admin, topic)
      const isThere = [...ends].every(
        ([partition, end]) => end === (before.get(partition) ?? 0) + written.filter(p => p === partition).length,
      )
      if (isThere) return
      if (performance.now() > untilMs) throw new Error(`transactions in ${topic} do not end`)
      await pause(pollMs)
    }
  }

  /** What the group was told, by partition; -1 where it was told nothing. */
  async committed(groupId: string, topic: string): Promise<readonly number[]> {
    const [found] = await this.admin.fetchOffsets({ groupId, topics: [topic] })
    const partitions = (found?.partitions ?? []).toSorted((a, b) => a.partition - b.partition)
    return partitions.map(({ offset }) => Number(offset))
  }

  /** Allows a user something on what begins with a name. */
  async allow(
    user: string,
    type: keyof typeof kafkajs.AclResourceTypes,
    name: string,
    operations: readonly (keyof typeof kafkajs.AclOperationTypes)[],
  ): Promise<void> {
    const { AclResourceTypes, AclOperationTypes, AclPermissionTypes, ResourcePatternTypes } = kafkajs
    const acl = operations.map(operation => ({
      resourceType: AclResourceTypes[type],
      resourceName: name,
      resourcePatternType: ResourcePatternTypes.PREFIXED,
      principal: `User:${user}`,
      host: '*',
      operation: AclOperationTypes[operation],
      permissionType: AclPermissionTypes.ALLOW,
    }))
    await this.admin.createAcls({ acl })
  }

  /** As retention does. */
  async removeBefore(topic: string, partition: number, offset: number): Promise<void> {
    // Without this kafkajs does not know the topic.
    await this.admin.fetchTopicOffsets(topic)
    await this.admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] })
  }

  async close(): Promise<void> {
    await this.#producer.disconnect()
    await this.admin.disconnect()
  }
}
