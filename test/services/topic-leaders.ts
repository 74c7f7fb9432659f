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

/**
 * Resolves when so many partitions of the topic have leaders that know it: the cluster names a leader a moment before the broker has
 * made the partition.
 */
export async function leadersOf(admin: Admin, topic: string, partitions: number): Promise<void> {
  await untilAnswered(async () => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    const led = topics[0]?.partitions.filter(({ leader }) => leader >= 0).length ?? 0
    return led < partitions ? null : led
  }, `${topic} has not ${partitions} partitions with leaders`)
  await endsOf(admin, topic)
}

/** Where committed messages end, by partition: the offset behind the last one, or the first of a transaction that is still open. */
export function endsOf(admin: Admin, topic: string): Promise<ReadonlyMap<number, number>> {
  const ask = async (): Promise<ReadonlyMap<number, number>> => {
    const found = await admin.fetchTopicOffsets(topic)
    return new Map(found.map(({ partition, high }) => [partition, Number(high)]))
  }
  return untilAnswered(ask, `nobody tells where ${topic} ends`)
}

/** Asks until there is an answer, not null; what may be asked again is. */
async function untilAnswered<T>(ask: () => Promise<T | null>, failure: string): Promise<T> {
  const untilMs = performance.now() + waitMs
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof Error && 'retriable' in error && error.retriable === true) return null
      throw error
    })
    if (answer !== null) return answer
    if (performance.now() > untilMs) throw new Error(failure)
    await pause(pollMs)
  }
}
