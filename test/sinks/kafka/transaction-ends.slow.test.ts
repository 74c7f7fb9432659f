// Many transactions that end at the same time, on brokers that may lose the end of one then.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type KafkaClient, loadKafkajs, makeKafkaClient } from '../../../src/lib/kafka/kafka-client.ts'
import { NumberedTransactions } from '../../../src/sinks/kafka/numbered-transactions.ts'
import { findTargetTopic, type TargetTopic } from '../../../src/sinks/kafka/target-topic.ts'
import { TransactionEnds } from '../../../src/sinks/kafka/transaction-ends.ts'
import { KafkaBroker, noKafka } from '../../services/kafka-broker.ts'
import { KafkaTopics } from '../../services/kafka-topics.ts'
import { committedMessages } from './sink-rig.ts'

const writers = 8
const transactions = 25

describe('transactions that end at the same time', { skip: noKafka }, () => {
  let broker: KafkaBroker
  let topics: KafkaTopics
  let client: KafkaClient
  before(async () => {
    broker = await KafkaBroker.start()
    topics = await KafkaTopics.open(broker.address)
    client = await makeKafkaClient(
      { brokers: [broker.address], clientId: 'test', connectionTimeoutMs: 5000, ssl: false, sasl: undefined },
      { hear: () => {}, retry: { retries: 4 }, requestTimeoutMs: 30_000 },
    )
  })
  after(async () => {
    client?.sockets.destroy()
    await topics?.close()
    await broker?.stop()
  })

  async function write(topic: TargetTopic, writer: number, ends: TransactionEnds): Promise<void> {
    const { CompressionTypes } = await loadKafkajs()
    const own = new NumberedTransactions({
      client,
      topic,
      identity: `writer-${writer}`,
      compression: CompressionTypes.None,
      end: (end, told) => ends.run(end, told),
      random: Math.random,
    })
    assert.equal(await own.open(), 0)
    for (let number = 1; number <= transactions; number += 1) {
      const record = { key: Buffer.from(`${writer}`), value: Buffer.from(`${writer} ${number}`) }
      await own.commit([[{ ...record, partition: writer % 4 }]], { number, storedMs: Date.now() })
    }
    await own.close()
  }

  test('all end, and what they wrote is there once', { timeout: 100_000 }, async () => {
    const topic = await findTargetTopic(client, await topics.create(4))
    const ends = new TransactionEnds(client)
    await Promise.all(Array.from({ length: writers }, (_, writer) => write(topic, writer, ends)))
    const values = [...(await committedMessages(broker.address, topic.name)).values()].flat().map(({ value }) => value)
    const all = Array.from(
      { length: writers * transactions },
      (_, i) => `${i % writers} ${1 + Math.floor(i / writers)}`,
    )
    assert.deepEqual(values.toSorted(), all.toSorted())
  })
})
