// Waits for what the cluster has promised: leaders of partitions that have just been made. kafkajs's own wait fails at the first answer that
// does not know the topic yet.
import { setTimeout as pause } from 'node:timers/promises'
import type { Admin } from 'kafkajs'

const waitMs = 60_000
const pollMs = 50

/** Makes a topic. Resolves when it can be written to. */
export async function makeTopic(
  admin: Admin,
  topic: { topic: string; numPartitions: number; configEntries?: { name: string; value: string }[] },
): Promise<void> {
  await admin.createTopics({ topics: [topic], waitForLeaders: false })
  await leadersOf(admin, topic.topic, topic.numPartitions)
}

/** Resolves when so many partitions of the topic have leaders. */
export async function leadersOf(admin: Admin, topic: string, partitions: number): Promise<void> {
  const untilMs = performance.now() + waitMs
  while ((await ledPartitions(admin, topic)) < partitions) {
    if (performance.now() > untilMs) throw new Error(`${topic} has not ${partitions} partitions with leaders`)
    await pause(pollMs)
  }
}

async function ledPartitions(admin: Admin, topic: string): Promise<number> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    return topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0
  } catch (error) {
    if (error instanceof Error && 'retriable' in error && error.retriable === true) return 0
    throw error
  }
}
