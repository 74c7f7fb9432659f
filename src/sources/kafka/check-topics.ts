// Looks whether topics can be read, for somebody who asks before a worker is started: joins no group, and changes nothing.
import { askCluster } from '../../lib/kafka/ask-cluster.ts'
import { GroupPlaces } from './group-places.ts'
import { type FailedStart, startFailure, unreadableFile } from './start-failure.ts'

/** Signs in, and asks for the topics and for the group's places. Fails with an `FcscopeError` that says what is wrong. */
export async function checkTopics(about: Omit<FailedStart, 'remarks'>): Promise<void> {
  const { source, connection, groupId, topics } = about
  await askCluster(
    connection,
    async client => {
      const places = new GroupPlaces(client.kafka.admin(), { groupId, topics })
      await places.connect()
      await places.read()
      await places.close()
    },
    (error, remarks) => startFailure(unreadableFile(source, error), { ...about, remarks }),
  )
}
