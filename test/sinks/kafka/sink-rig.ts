// Kafka sinks in tests, and what is in their topics.
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { KafkaSink } from '../../../src/sinks/kafka/kafka-sink.ts'
import { kafkaSinkOptions, kafkaSinkShape } from '../../../src/sinks/kafka/kafka-sink-options.ts'
import type { LogFields } from '../../../src/telemetry/log.ts'
import { plainClient } from '../../services/kafka-topics.ts'

export interface SaidEvent {
  readonly event: string
  readonly fields: LogFields
}

export interface RigOptions {
  readonly address: string
  readonly topic: string
  readonly folder: string
  readonly workerNumber?: number
  readonly more?: object
}

/** A sink, and what it says. */
export function makeSink(options: RigOptions): { sink: KafkaSink; said: SaidEvent[] } {
  const { address, topic, folder, workerNumber = 0xab, more = {} } = options
  const said: SaidEvent[] = []
  const settings = { brokers: [address], topic, connectionTimeoutMs: 2000, ...more }
  const sink = new KafkaSink({
    name: 'attempts',
    options: kafkaSinkOptions(z.strictObject(kafkaSinkShape).parse(settings), null) ?? assert.fail(),
    folder,
    workerNumber,
    log: { write: (_severity, event, _text, fields = {}) => said.push({ event, fields }) },
    random: Math.random,
  })
  return { sink, said }
}

export const recordsOf = (batch: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: Buffer.from(`request ${(batch * 7 + i) % 50}`),
    value: Buffer.from(`{"batch":${batch},"record":${i}}`),
  }))

export interface ReadMessage {
  readonly key: string
  readonly value: string
}

/** Values of {@link committedMessages}. */
export async function committedValues(address: string, topic: string): Promise<ReadonlyMap<number, readonly string[]>> {
  const messages = await committedMessages(address, topic)
  return new Map([...messages].map(([partition, list]) => [partition, list.map(({ value }) => value)]))
}

/** A topic as a reader sees it that reads only what was committed, by partition; until nothing comes any more. */
export async function committedMessages(
  address: string,
  topic: string,
): Promise<ReadonlyMap<number, readonly ReadMessage[]>> {
  const kafka = plainClient(address)
  const admin = kafka.admin()
  await admin.connect()
  const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]))
  await admin.disconnect()
  const found = new Map<number, ReadMessage[]>([...ends.keys()].map(partition => [partition, []]))
  const left = new Set([...ends].filter(([, end]) => end > 0).map(([partition]) => partition))
  const consumer = kafka.consumer({ groupId: `read-${Math.random()}`, maxWaitTimeInMs: 100 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  const note = (partition: number, lastOffset: string): void => {
    if (Number(lastOffset) + 1 >= (ends.get(partition) ?? 0)) left.delete(partition)
  }
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => note(payload.partition, payload.lastOffset))
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages)
        found.get(batch.partition)?.push({ key: String(key), value: String(value) })
    },
  })
  while (left.size > 0) await pause(20)
  await consumer.disconnect()
  return found
}
