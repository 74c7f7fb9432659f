// Looks whether a sink's topic is there, for somebody who asks before a worker is started: writes nothing, and shuts nobody out.
import { askCluster } from '../../lib/kafka/ask-cluster.ts'
import type { KafkaSinkOptions } from './kafka-sink-options.ts'
import { findTargetTopic } from './target-topic.ts'
import { sinkTopic, topicFailure, unreadableFile } from './topic-failure.ts'

/**
 * Signs in, and asks for the topic that `section` names. Whether it may be written shows only when it is. Fails with an `FcscopeError`
 * that says what is wrong.
 */
export const checkTopic = (section: string, { connection, topic }: KafkaSinkOptions): Promise<void> =>
  askCluster(
    connection,
    client => findTargetTopic(client, topic),
    (error, remarks) =>
      topicFailure(unreadableFile(section, error), { ...sinkTopic(section, topic), connection, remarks }),
  )
