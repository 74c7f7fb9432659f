// Divides partitions among the members of a group: evenly, and each keeps what it had as far as that goes.
import type { AssignerProtocol, PartitionAssigner } from 'kafkajs'

/** Of the group's protocol: all members must have the same. */
const protocolName = 'fcscope-sticky'
const protocolVersion = 0

/** Partitions by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>

/** A member, and what it had until now. */
export interface Member {
  readonly id: string
  readonly topics: readonly string[]
  readonly had: Assignment
}

export interface StickyAssignerParts {
  readonly protocol: typeof AssignerProtocol
  /** Called before every join; an error keeps kafkajs from joining. */
  readonly beforeJoin: () => void
  /** What this member had last. */
  readonly had: () => Assignment
}

export const stickyAssigner =
  ({ protocol, beforeJoin, had }: StickyAssignerParts): PartitionAssigner =>
  ({ cluster }) => ({
    name: protocolName,
    version: protocolVersion,
    protocol({ topics }) {
      beforeJoin()
      const userData = Buffer.from(JSON.stringify(had()))
      return {
        name: protocolName,
        metadata: protocol.MemberMetadata.encode({ version: protocolVersion, topics, userData }),
      }
    },
    async assign({ members }) {
      const read = members.map(({ memberId, memberMetadata }) => {
        const metadata = protocol.MemberMetadata.decode(memberMetadata)
        return { id: memberId, topics: metadata?.topics ?? [], had: readHad(metadata?.userData) }
      })
      const topics = new Set(read.flatMap(member => member.topics))
      const partitions = [...topics].map(topic => {
        const ids = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
        return [topic, ids] as const
      })
      return [...divide(read, new Map(partitions))].map(([memberId, assignment]) => ({
        memberId,
        memberAssignment: protocol.MemberAssignment.encode({
          version: protocolVersion,
          // kafkajs does not change it, but its type says so.
          assignment: assignment as Record<string, number[]>,
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })

/** Every partition to one of the members that read its topic; numbers of partitions differ by one at most where all read the same. */
export function divide(
  members: readonly Member[],
  partitions: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, Assignment> {
  const sorted = members.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const given = new Map(sorted.map(({ id }) => [id, [] as { topic: string; partition: number }[]]))
  const free = new Map<string, { topic: string; partition: number }>()
  for (const [topic, ids] of partitions)
    for (const partition of ids) free.set(`${topic}-${partition}`, { topic, partition })
  const total = free.size
  const least = Math.floor(total / Math.max(1, members.length))
  let larger = total - least * members.length
  for (const { id, topics, had } of sorted) {
    const own = given.get(id) ?? []
    for (const each of heldBy(had, topics)) {
      const hasRoom = own.length < least || (own.length === least && larger > 0)
      if (!hasRoom || !free.delete(`${each.topic}-${each.partition}`)) continue
      if (own.length === least) larger -= 1
      own.push(each)
    }
  }
  for (const each of free.values()) {
    const takers = sorted.filter(({ topics }) => topics.includes(each.topic))
    const counts = takers.map(({ id }) => given.get(id)?.length ?? 0)
    const taker = takers[counts.indexOf(Math.min(...counts))]
    if (taker !== undefined) given.get(taker.id)?.push(each)
  }
  return new Map([...given].map(([id, own]) => [id, byTopic(own)]))
}

const heldBy = (had: Assignment, topics: readonly string[]): readonly { topic: string; partition: number }[] =>
  topics.flatMap(topic =>
    (Object.hasOwn(had, topic) ? (had[topic] ?? []) : []).map(partition => ({ topic, partition })),
  )

function byTopic(own: readonly { topic: string; partition: number }[]): Assignment {
  const assignment: Record<string, number[]> = Object.create(null)
  for (const { topic, partition } of own) {
    const partitions = assignment[topic] ?? []
    partitions.push(partition)
    assignment[topic] = partitions
  }
  return assignment
}

/** What a member says it had; nothing when it says something else. */
function readHad(userData: Buffer | undefined): Assignment {
  try {
    const value: unknown = JSON.parse(userData?.toString('utf8') ?? '')
    if (typeof value !== 'object' || value === null) return {}
    const entries = Object.entries(value).filter(
      ([, ids]) => Array.isArray(ids) && ids.every(id => Number.isInteger(id)),
    )
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}
