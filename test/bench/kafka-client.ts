// The least that a program can do with kafkajs, as a process of its own: reads a topic to its end as a member of a new group, and does
// nothing with it. `kafka-client.ts BROKER TOPIC MESSAGES`.
import { randomUUID } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'

const [broker = '', topic = '', messages = '0'] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.NOTHING })
// With the client's own sizes of fetches: larger ones, as the source asks for, make it slower by a fifth.
const consumer = kafka.consumer({ groupId: randomUUID() })
let left = Number(messages)
const isDone = Promise.withResolvers<void>()
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: 16,
  eachBatch: async ({ batch }) => {
    left -= batch.messages.length
    if (left <= 0) isDone.resolve()
  },
})
await isDone.promise
await consumer.disconnect()
