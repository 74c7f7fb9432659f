// Looks whether a sink's topic is there, for somebody who asks before a worker is started: writes nothing, and shuts nobody out.
import { type KafkaClient, makeKafkaClient } from '../../lib/kafka/kafka-client.ts'
import type { KafkaRemark } from '../../lib/kafka/kafka-log.ts'
import type { KafkaSinkOptions } from './kafka-sink-options.ts'
import { findTargetTopic } from './target-topic.ts'
import { sinkTopic, topicFailure, unreadableFile } from './topic-failure.ts'

const requestTimeoutMs = 5000
/** Less than whoever asks waits for all. */
const retry = { retries: 1, initialRetryTime: 200, maxRetryTime: 1000 }

/**
 * Signs in, and asks for the topic that `section` names. Whether it may be written shows only when it is. Fails with an `FcscopeError`
 * that says what is wrong.
 */
export async function checkTopic(section: string, { connection, topic }: KafkaSinkOptions): Promise<void> {
  const remarks: KafkaRemark[] = []
  let client: KafkaClient | null = null
  try {
    client = await makeKafkaClient(connection, {
      hear: remark => void remarks.push(remark),
      retry,
      requestTimeoutMs,
    })
    await findTargetTopic(client, topic)
  } catch (error) {
    throw await topicFailure(unreadableFile(section, error), { ...sinkTopic(section, topic), connection, remarks })
  } finally {
    client?.sockets.destroy()
  }
}
