// This worker as a member of a consumer group: joins, stays, is brought back after errors, and leaves. Knows nothing of records.
import type { Consumer, EachBatchPayload } from 'kafkajs'
import { Backoff } from '../../lib/backoff.ts'
import { type KafkaClient, loadKafkajs } from '../../lib/kafka/kafka-client.ts'
import { type KafkaRemark, oneLine } from '../../lib/kafka/kafka-log.ts'
import { kafkaMembershipLost, kafkaRestarting } from '../../telemetry/events/kafka-source.ts'
import type { Log } from '../../telemetry/log.ts'
import { RebalanceHold } from './rebalance-hold.ts'
import { type Assignment, stickyAssigner } from './sticky-assigner.ts'

const firstRestartMs = 1000
const maxRestartMs = 30_000
/** So long the group and its brokers may take to say goodbye. */
const leaveMs = 8000

export interface MemberOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly fetchMaxBytes: number
  readonly fetchMaxBytesPerPartition: number
  /** How long a fetch waits for messages: also how long a partition may wait that has just been begun. */
  readonly fetchMaxWaitMs: number
  readonly metadataMaxAgeMs: number
}

/** What the member tells. */
export interface MemberEvents {
  /** What is this worker's from now on; nothing of it is fetched before {@link GroupMember.read}. */
  onAssigned(assignment: Assignment): void
  /** Everything must be let go; the group waits until {@link isHolding} is false. */
  onRevoked(): void
  /** Everything is another's. */
  onLost(): void
  /** The membership is over, and nothing is held: what {@link onAssigned} told last is of no use any more. */
  onOver(): void
  isHolding(): boolean
  /** Nothing is fetched before the promise is settled. */
  onBatch(payload: EachBatchPayload): Promise<void>
  /** Messages up to this offset are nobody's to read: ends of transactions, and those that were aborted. */
  onPassedOver(topic: string, partition: number, lastOffset: string): void
  /** The cluster answers. */
  onAlive(): void
}

export interface GroupMemberParts {
  readonly source: string
  readonly client: KafkaClient
  readonly options: MemberOptions
  readonly events: MemberEvents
  readonly log: Log
  readonly nowMs: () => number
}

/** Commits offsets, once, without a second try. */
export type CommitOffsets = EachBatchPayload['commitOffsetsIfNecessary']

export class GroupMember {
  readonly #parts: GroupMemberParts
  readonly #hold: RebalanceHold
  readonly #backoff = new Backoff({ firstMs: firstRestartMs, maxMs: maxRestartMs, random: () => 1 })
  #consumer: Consumer | null = null
  #assignment: Assignment = {}
  #isStopping = false
  #restart: NodeJS.Timeout | null = null
  /** Settled by the first join, or by the failure of it. */
  readonly #joined = Promise.withResolvers<void>()
  /** kafkajs lends it with every batch; null as long as there was none since the last start of the consumer. */
  commitOffsets: CommitOffsets | null = null

  constructor(parts: GroupMemberParts) {
    this.#parts = parts
    const { events, nowMs, options } = parts
    this.#joined.promise.catch(() => {})
    this.#hold = new RebalanceHold({
      isHolding: () => events.isHolding(),
      onRevoked: () => events.onRevoked(),
      onLost: () => this.#lose('the session is over'),
      onJoining: () => events.onOver(),
      nowMs,
      heartbeatMs: heartbeatMsOf(options),
      sessionTimeoutMs: options.sessionTimeoutMs,
    })
  }

  hear(remark: KafkaRemark): void {
    this.#hold.hear(remark)
  }

  /** Resolves when the group was joined. Rejects with kafkajs's error, or after `timeoutMs`. */
  async join(timeoutMs: number): Promise<void> {
    const { client, options } = this.#parts
    const { AssignerProtocol } = await loadKafkajs()
    const consumer = client.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionTimeoutMs,
      rebalanceTimeout: options.rebalanceTimeoutMs,
      heartbeatInterval: heartbeatMsOf(options),
      maxBytes: options.fetchMaxBytes,
      maxBytesPerPartition: options.fetchMaxBytesPerPartition,
      metadataMaxAge: options.metadataMaxAgeMs,
      maxWaitTimeInMs: options.fetchMaxWaitMs,
      allowAutoTopicCreation: false,
      partitionAssigners: [
        stickyAssigner({
          protocol: AssignerProtocol,
          beforeJoin: () => this.#hold.assertMayJoin(),
          had: () => this.#assignment,
        }),
      ],
      retry: { ...retryOf(options), restartOnFailure: async () => !this.#isStopping },
    })
    this.#consumer = consumer
    this.#listen(consumer)
    await consumer.connect()
    // Where reading begins is always said; this only says where it goes on when a place is not there any more.
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true })
    const timer = setTimeout(() => this.#joined.reject(new JoinTimeout(timeoutMs)), timeoutMs)
    try {
      await this.#run(consumer)
      await this.#joined.promise
    } finally {
      clearTimeout(timer)
    }
  }

  #run(consumer: Consumer): Promise<void> {
    return consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: 16,
      eachBatch: payload => {
        this.commitOffsets = payload.commitOffsetsIfNecessary
        this.#hold.useHeartbeat(payload.heartbeat)
        this.#parts.events.onAlive()
        return this.#parts.events.onBatch(payload)
      },
    })
  }

  #listen(consumer: Consumer): void {
    const { events } = consumer
    const { onAlive, onPassedOver } = this.#parts.events
    consumer.on(events.GROUP_JOIN, ({ payload }) => this.#join(payload.memberAssignment))
    consumer.on(events.REBALANCING, () => this.#hold.begin())
    consumer.on(events.HEARTBEAT, () => onAlive.call(this.#parts.events))
    consumer.on(events.START_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) onPassedOver.call(this.#parts.events, topic, partition, lastOffset)
    })
    consumer.on(events.CRASH, ({ payload: { error, restart } }) => this.#crash(error, restart))
  }

  #join(assignment: Assignment): void {
    this.#hold.joined()
    this.#assignment = assignment
    this.#backoff.reset()
    this.#consumer?.pause(Object.entries(assignment).map(([topic, ids]) => ({ topic, partitions: [...ids] })))
    this.#parts.events.onAlive()
    this.#parts.events.onAssigned(assignment)
    this.#joined.resolve()
  }

  #lose(reason: string): void {
    const { source, options, log, events } = this.#parts
    if (!events.isHolding()) return
    kafkaMembershipLost(log, { source, group: options.groupId, reason })
    events.onLost()
  }

  /** kafkajs has left the group already, and starts again by itself after errors that may pass. */
  #crash(error: Error, doesRestart: boolean): void {
    this.#joined.reject(error)
    this.commitOffsets = null
    this.#hold.useHeartbeat(null)
    if (this.#isStopping) return
    const reason = oneLine(error.message)
    this.#lose(reason)
    this.#parts.events.onOver()
    if (doesRestart) return
    const nextTryMs = this.#backoff.nextMs()
    const { source, log } = this.#parts
    // Once, until the group is joined again: it may take days until somebody mends what is wrong.
    if (this.#backoff.tries === 1) kafkaRestarting(log, { source, reason, nextTryMs })
    this.#restart = setTimeout(() => {
      // It is the consumer that crashes when this fails; that is heard of as this was.
      if (this.#consumer !== null) this.#run(this.#consumer).catch((again: Error) => this.#crash(again, false))
    }, nextTryMs)
  }

  /** Fetches a partition from an offset on. */
  read(topic: string, partition: number, offset: string): void {
    this.#tell(consumer => consumer.seek({ topic, partition, offset }))
    this.resume(topic, partition)
  }

  pause(topic: string, partition: number): void {
    this.#tell(consumer => consumer.pause([{ topic, partitions: [partition] }]))
  }

  resume(topic: string, partition: number): void {
    this.#tell(consumer => consumer.resume([{ topic, partitions: [partition] }]))
  }

  /** A consumer that is about to say that it crashed takes nothing any more; what is held is lost then. */
  #tell(order: (consumer: Consumer) => void): void {
    try {
      if (this.#consumer !== null) order(this.#consumer)
    } catch (error) {
      if (!(error instanceof Error && error.name === 'KafkaJSNonRetriableError')) throw error
    }
  }

  /** Leaves the group; takes seconds at most. Safe twice. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#hold.stop()
    if (this.#restart !== null) clearTimeout(this.#restart)
    const consumer = this.#consumer
    this.#consumer = null
    if (consumer === null) return
    const timeout = Promise.withResolvers<void>()
    const timer = setTimeout(timeout.resolve, leaveMs)
    await Promise.race([consumer.disconnect().catch(() => {}), timeout.promise])
    clearTimeout(timer)
  }
}

/** The group did not come together in time. */
export class JoinTimeout extends Error {
  override readonly name = 'JoinTimeout'

  constructor(timeoutMs: number) {
    super(`the group was not joined within ${Math.round(timeoutMs / 1000)} s`)
  }
}

/** As Kafka's own clients have it: a third of the session, and not more than some seconds. */
const heartbeatMsOf = ({ sessionTimeoutMs }: MemberOptions): number => Math.min(3000, Math.floor(sessionTimeoutMs / 4))

/**
 * Tries come soon and often: each is also a look whether what was read was let go, and there must be enough of them for the longest
 * rebalance.
 */
const retryOf = ({ rebalanceTimeoutMs }: MemberOptions) => ({
  initialRetryTime: 50,
  maxRetryTime: 500,
  multiplier: 2,
  factor: 0,
  retries: Math.ceil(rebalanceTimeoutMs / 500) + 60,
})
