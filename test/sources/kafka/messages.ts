// Messages as kafkajs hands them over, and partitions that hold some.
import { HeldPartition } from '../../../src/sources/kafka/held-partition.ts'
import type { Message } from '../../../src/sources/kafka/message-queue.ts'

/** Values of messages by their offsets; null for a message without a value. */
export type Values = Readonly<Record<number, string | null>>

export const timestamp = '1705134831939'

/** Latin-1, so that any bytes can be written. */
export const message = (offset: number, value: string | null, key: string | null = null): Message => ({
  offset: String(offset),
  timestamp,
  key: key === null ? null : Buffer.from(key, 'latin1'),
  value: value === null ? null : Buffer.from(value, 'latin1'),
})

export const messagesOf = (values: Values): readonly Message[] =>
  Object.entries(values).map(([offset, value]) => message(Number(offset), value))

export const place = { topic: 'logs', partition: 3, low: '0', high: '1000000', committed: null }

/** One that is read from `from` on. */
export function reading(values: Values, from = 0, stops: readonly number[] = []): HeldPartition {
  const partition = new HeldPartition('kafka', place)
  partition.begin(from, stops)
  const messages = messagesOf(values)
  partition.take(messages, Number(messages.at(-1)?.offset ?? -1) + 1)
  return partition
}
