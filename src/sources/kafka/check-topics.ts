// Looks whether topics can be read, for somebody who asks before a worker is started: joins no group, and changes nothing.
import { type KafkaClient, makeKafkaClient } from '../../lib/kafka/kafka-client.ts'
import type { KafkaRemark } from '../../lib/kafka/kafka-log.ts'
import { GroupPlaces } from './group-places.ts'
import { type FailedStart, startFailure, unreadableFile } from './start-failure.ts'

const requestTimeoutMs = 5000
/** Less than whoever asks waits for all. */
const retry = { retries: 1, initialRetryTime: 200, maxRetryTime: 1000 }

/** Signs in, and asks for the topics and for the group's places. Fails with an `FcscopeError` that says what is wrong. */
export async function checkTopics(about: Omit<FailedStart, 'remarks'>): Promise<void> {
  const { source, connection, groupId, topics } = about
  const remarks: KafkaRemark[] = []
  let client: KafkaClient | null = null
  try {
    client = await makeKafkaClient(connection, {
      hear: remark => void remarks.push(remark),
      retry,
      requestTimeoutMs,
    }).catch((error: NodeJS.ErrnoException) => {
      throw error.syscall === undefined ? error : unreadableFile(source, error)
    })
    const places = new GroupPlaces(client.kafka.admin(), { groupId, topics })
    await places.connect()
    await places.read()
    await places.close()
  } catch (error) {
    throw await startFailure(error, { ...about, remarks })
  } finally {
    client?.sockets.destroy()
  }
}
