// Rows of a file as messages of a topic: one row each, all of a function in one partition.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Kafka, logLevel, type Message } from 'kafkajs'
import { makeTopic } from '../../services/topic-leaders.ts'

/** Small enough for a broker with its own limits, large enough to be quick. */
const messagesAtOnce = 1500

export interface TopicOptions {
  readonly broker: string
  readonly topic: string
  readonly partitions: number
}

/** Makes the topic. Resolves when every partition has a leader. */
export async function createTopic({ broker, topic, partitions }: TopicOptions): Promise<void> {
  const admin = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    await makeTopic(admin, { topic, numPartitions: partitions })
  } finally {
    await admin.disconnect()
  }
}

/** Sends all rows of the file; resolves with their number. */
export async function fillTopic(path: string, { broker, topic, partitions }: TopicOptions): Promise<number> {
  const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  let sent = 0
  let messages: Message[] = []
  const send = async (): Promise<void> => {
    if (messages.length > 0) await producer.send({ topic, acks: -1, messages })
    sent += messages.length
    messages = []
  }
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      messages.push({ value: line, partition: partitionOf(line, partitions) })
      if (messages.length >= messagesAtOnce) await send()
    }
    await send()
  } finally {
    await producer.disconnect()
  }
  return sent
}

/** A retried request runs on another instance, but of the same function. */
export function partitionOf(line: string, partitions: number): number {
  const name = /"functionName":"([^"]*)"/.exec(line)?.[1] ?? ''
  return Buffer.from(name).reduce((hash, byte) => (hash * 31 + byte) % 65_521, 7) % partitions
}
