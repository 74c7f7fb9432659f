// Where partitions begin and end, and where the group says that reading goes on.
import type { Admin } from 'kafkajs'
import { nameOf, type PartitionPlace } from './held-partition.ts'

/** What went wrong with one topic. */
export class TopicError extends Error {
  override readonly name = 'TopicError'
  readonly topic: string

  constructor(topic: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.topic = topic
  }
}

/** What kafkajs gives for a group that says nothing; -2 stands in a group that kafkajs told so when a place was gone. */
const isOffset = (offset: string): boolean => /^\d+$/.test(offset)

/** Asks the cluster. Rejects with kafkajs's error, or a {@link TopicError} of it. */
export class GroupPlaces {
  readonly #admin: Admin
  readonly #groupId: string
  readonly #topics: readonly string[]

  constructor(admin: Admin, group: { readonly groupId: string; readonly topics: readonly string[] }) {
    this.#admin = admin
    this.#groupId = group.groupId
    this.#topics = group.topics
  }

  connect(): Promise<void> {
    return this.#admin.connect()
  }

  close(): Promise<void> {
    return this.#admin.disconnect()
  }

  /** Of all partitions of all topics, by name. */
  async read(): Promise<ReadonlyMap<string, PartitionPlace>> {
    const ends = await this.ends()
    const groups = await this.#admin.fetchOffsets({ groupId: this.#groupId, topics: [...this.#topics] })
    const committed = new Map(
      groups.flatMap(({ topic, partitions }) =>
        partitions.map(
          ({ partition, offset }) => [nameOf(topic, partition), isOffset(offset) ? offset : null] as const,
        ),
      ),
    )
    return new Map(
      [...ends].map(([name, place]) => [name, { ...place, committed: committed.get(name) ?? null }] as const),
    )
  }

  /** Without what the group says. */
  async ends(): Promise<ReadonlyMap<string, Omit<PartitionPlace, 'committed'>>> {
    const ends = new Map<string, Omit<PartitionPlace, 'committed'>>()
    for (const topic of this.#topics) {
      for (const { partition, low, high } of await this.#endsOf(topic))
        ends.set(nameOf(topic, partition), { topic, partition, low, high })
    }
    return ends
  }

  async #endsOf(topic: string) {
    try {
      return await this.#admin.fetchTopicOffsets(topic)
    } catch (error) {
      throw new TopicError(topic, error)
    }
  }
}
