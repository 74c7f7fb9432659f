// One question to a cluster, for somebody who asks before a worker is started.
import type { KafkaConnection } from './connection-options.ts'
import { type KafkaClient, makeKafkaClient } from './kafka-client.ts'
import type { KafkaRemark } from './kafka-log.ts'

const requestTimeoutMs = 5000
/** Less than whoever asks waits for all. */
const retry = { retries: 1, initialRetryTime: 200, maxRetryTime: 1000 }

/** Signs in, asks, and lets the cluster go. What goes wrong is told by `fail`, which also hears what kafkajs said. */
export async function askCluster(
  connection: KafkaConnection,
  ask: (client: KafkaClient) => Promise<unknown>,
  fail: (error: unknown, remarks: readonly KafkaRemark[]) => Promise<unknown>,
): Promise<void> {
  const remarks: KafkaRemark[] = []
  let client: KafkaClient | null = null
  try {
    client = await makeKafkaClient(connection, {
      hear: remark => void remarks.push(remark),
      retry,
      requestTimeoutMs,
    })
    await ask(client)
  } catch (error) {
    throw await fail(error, remarks)
  } finally {
    client?.sockets.destroy()
  }
}
