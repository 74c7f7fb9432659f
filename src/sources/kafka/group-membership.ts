// What this worker has to do with its group: joins, finds out where partitions begin, tells how far they are delivered, leaves.
import { setTimeout as pause } from 'node:timers/promises'
import type { EachBatchPayload } from 'kafkajs'
import type { KafkaConnection } from '../../lib/kafka/connection-options.ts'
import { type KafkaClient, makeKafkaClient } from '../../lib/kafka/kafka-client.ts'
import { mayPass } from '../../lib/kafka/kafka-fault.ts'
import { type KafkaRemark, saysOffsetIsGone } from '../../lib/kafka/kafka-log.ts'
import { kafkaNothingAssigned } from '../../telemetry/events/kafka-source.ts'
import type { SourceDeps } from '../shared/source-definition.ts'
import { GroupMember, type MemberOptions } from './group-member.ts'
import { GroupPlaces } from './group-places.ts'
import { type HeldPartition, nameOf, type PartitionPlace } from './held-partition.ts'
import type { AsOfStart, HeldPartitions } from './held-partitions.ts'
import { findLostPlace } from './lost-place.ts'
import { OffsetCommits } from './offset-commits.ts'
import { startFailure, unreadableFile } from './start-failure.ts'
import type { Assignment } from './sticky-assigner.ts'
import { Troubles } from './troubles.ts'

const requestTimeoutMs = 30_000
/** Between two looks at a cluster that does not answer. */
const lookAgainMs = 1000
const firstReadMs = 15_000
/** So long the group may need to hear the last offsets: before a partition goes to another, and before this worker leaves. */
const lastCommitMs = 5000
const maxRemarks = 20
/** A group that is joined waits for its other members, and for those that died until their sessions are over. */
const joinSlackMs = 30_000

export interface MembershipOptions extends MemberOptions {
  readonly connection: KafkaConnection
}

export interface MembershipParts {
  readonly options: MembershipOptions
  readonly held: HeldPartitions
  readonly deps: SourceDeps
  readonly onBatch: (payload: EachBatchPayload) => Promise<void>
  /** Partitions came, went, or go on elsewhere. */
  readonly onChange: () => void
}

export class GroupMembership {
  readonly #parts: MembershipParts
  readonly #troubles: Troubles
  readonly #commits: OffsetCommits
  #client: KafkaClient | null = null
  #member: GroupMember | null = null
  #places: GroupPlaces | null = null
  #asOfStart: AsOfStart = { known: new Set(), ends: null }
  /** The first assignment; later ones are waited for by nobody. */
  readonly #firstLook = Promise.withResolvers<void>()
  #isStarted = false
  /** What kafkajs said last before the start was done. */
  #remarks: readonly KafkaRemark[] = []
  #isStopped = false
  #isKnown = false
  readonly #letGo = new Set<HeldPartition>()

  constructor(parts: MembershipParts) {
    this.#parts = parts
    const { options, deps } = parts
    const { name: source, log, nowMs } = deps
    this.#troubles = new Troubles({ source, log, nowMs })
    this.#firstLook.promise.catch(() => {})
    this.#commits = new OffsetCommits({
      source,
      group: options.groupId,
      sender: () => this.#member?.commitOffsets ?? null,
      log,
    })
  }

  get places(): GroupPlaces | null {
    return this.#places
  }

  /** This worker's partitions are known, and none is about to go. */
  get isSettled(): boolean {
    return this.#isKnown
  }

  /** Resolves when the first assignment is known; fails with an `FcscopeError`. */
  async start(): Promise<void> {
    const { options, deps } = this.#parts
    const { connection, groupId, topics, sessionTimeoutMs } = options
    try {
      this.#client = await makeKafkaClient(connection, {
        hear: remark => this.#hear(remark),
        retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 2000 },
        requestTimeoutMs,
      }).catch((error: unknown) => {
        throw unreadableFile(deps.name, error)
      })
      this.#places = new GroupPlaces(this.#client.kafka.admin(), { groupId, topics })
      await this.#places.connect()
      const places = await this.#readFirst(this.#places)
      const ends = deps.once ? new Map([...places].map(([name, { high }]) => [name, high])) : null
      this.#asOfStart = { known: new Set(places.keys()), ends }
      await this.#join(this.#client)
      await this.#firstLook.promise
      this.#isStarted = true
      this.#remarks = []
    } catch (error) {
      const start = { source: deps.name, connection, groupId, topics, sessionTimeoutMs, remarks: this.#remarks }
      const failure = await startFailure(error, start)
      await this.stop()
      throw failure
    }
  }

  /** A cluster that has just come up is not ready for groups at once. */
  async #readFirst(places: GroupPlaces): Promise<ReadonlyMap<string, PartitionPlace>> {
    const { nowMs } = this.#parts.deps
    const untilMs = nowMs() + firstReadMs
    for (;;) {
      try {
        return await places.read()
      } catch (error) {
        if (!mayPass(error, this.#remarks) || nowMs() > untilMs) throw error
        await pause(lookAgainMs)
      }
    }
  }

  #join(client: KafkaClient): Promise<void> {
    const { options, deps, held, onBatch } = this.#parts
    this.#member = new GroupMember({
      source: deps.name,
      client,
      options,
      log: deps.log,
      nowMs: deps.nowMs,
      events: {
        onAssigned: assignment => void this.#assign(assignment),
        onRevoked: () => this.#change(() => held.revoke()),
        onLost: () => this.#change(() => this.#commits.forget(held.lose())),
        onOver: () => {
          this.#isKnown = false
          held.era += 1
        },
        isHolding: () => held.size > 0,
        onBatch,
        onPassedOver: (topic, partition, offset) => this.#passOver(nameOf(topic, partition), offset),
        onAlive: () => this.#troubles.end(),
      },
    })
    return this.#member.join(options.rebalanceTimeoutMs + joinSlackMs)
  }

  #change(change: () => void): void {
    this.#isKnown = false
    change()
    this.#parts.onChange()
  }

  #hear(remark: KafkaRemark): void {
    if (!this.#isStarted) this.#remarks = [...this.#remarks.slice(-maxRemarks), remark]
    this.#member?.hear(remark)
    this.#troubles.hear(remark)
    const { topic, partition } = remark
    if (topic === null || partition === null || !saysOffsetIsGone(remark)) return
    const held = this.#parts.held.of(nameOf(topic, partition))
    if (held !== undefined) void this.#findPlace(held)
  }

  /** Asks where the partitions begin, until the cluster says so or the group changes again. */
  async #assign(assignment: Assignment): Promise<void> {
    const { held } = this.#parts
    this.#isKnown = false
    held.era += 1
    const { era } = held
    const names = Object.entries(assignment).flatMap(([topic, ids]) => ids.map(id => nameOf(topic, id)))
    while (held.era === era && !this.#isStopped) {
      try {
        const places = names.length === 0 ? new Map<string, PartitionPlace>() : await this.#places?.read()
        if (held.era !== era || this.#isStopped || places === undefined) return
        const own = names.flatMap(name => places.get(name) ?? [])
        // A broker may not have heard yet of partitions that were added.
        if (own.length === names.length) {
          this.#hold(own)
          return
        }
      } catch (error) {
        if (!this.#isStarted && !mayPass(error, this.#remarks)) this.#firstLook.reject(error)
      }
      await pause(lookAgainMs)
    }
  }

  #hold(places: readonly PartitionPlace[]): void {
    const { held, deps, options, onChange } = this.#parts
    held.assign(places, this.#asOfStart)
    this.#isKnown = true
    if (places.length === 0) kafkaNothingAssigned(deps.log, { source: deps.name, group: options.groupId })
    this.#firstLook.resolve()
    onChange()
    // Nothing may be there to be read: a worker that reads to the end and was given nothing is done.
    deps.wake()
  }

  /** kafkajs goes on at the oldest message, after it has told the group so; neither is what is wanted. */
  async #findPlace(partition: HeldPartition): Promise<void> {
    const { held, deps, onChange } = this.#parts
    if (partition.isAstray) return
    partition.isAstray = true
    onChange()
    const { era } = held
    while (held.era === era && !this.#isStopped) {
      try {
        const place = (await this.#places?.ends())?.get(partition.name)
        if (held.era !== era || this.#isStopped) return
        if (place === undefined) throw new Error(`${partition.name} is not there`)
        const { numbers } = partition
        const now = { low: numbers.numberOf(place.low), high: numbers.numberOf(place.high) }
        partition.fetchedTo = findLostPlace(partition, now, { source: deps.name, log: deps.log })
        partition.isAstray = false
        this.#commits.tellAgain(partition, Math.max(partition.delivered, partition.committed ?? -1))
        this.read(partition)
        onChange()
        return
      } catch {
        // Said by kafkajs already.
        await pause(lookAgainMs)
      }
    }
  }

  #passOver(name: string, lastOffset: string): void {
    const { held, deps, onChange } = this.#parts
    const partition = held.of(name)
    if (partition === undefined || partition.state !== 'reading' || partition.isAstray) return
    partition.take([], partition.numbers.numberOf(lastOffset) + 1)
    onChange()
    deps.wake()
  }

  /** Reading begins. What is not there any more at its beginning is told. */
  begin(partition: HeldPartition): void {
    const { low, high, fetchedTo } = partition
    if (fetchedTo < low) {
      const { name: source, log } = this.#parts.deps
      partition.fetchedTo = findLostPlace(partition, { low, high }, { source, log })
    }
    this.read(partition)
  }

  /** Fetches from where the partition was fetched to. */
  read(partition: HeldPartition): void {
    const { topic, partition: id, numbers, fetchedTo } = partition
    this.#member?.read(topic, id, numbers.offsetOf(fetchedTo))
  }

  pause({ topic, partition }: HeldPartition): void {
    this.#member?.pause(topic, partition)
  }

  resume({ topic, partition }: HeldPartition): void {
    this.#member?.resume(topic, partition)
  }

  delivered(partition: HeldPartition, number: number): void {
    if (this.#isStopped || number <= partition.delivered) return
    partition.delivered = number
    this.#commits.note(partition, number)
  }

  /** Partitions that are let go together are told of together. */
  letGo(partition: HeldPartition): void {
    if (partition.state !== 'leaving') return
    this.#letGo.add(partition)
    if (this.#letGo.size === 1) setImmediate(() => void this.#giveUp())
  }

  async #giveUp(): Promise<void> {
    const { held, deps } = this.#parts
    const leaving = [...this.#letGo]
    this.#letGo.clear()
    await this.#commits.flush({ untilMs: deps.nowMs() + lastCommitMs, nowMs: deps.nowMs })
    this.#commits.forget(leaving)
    for (const partition of leaving) held.letGo(partition)
  }

  /** Tells the group what was delivered, and leaves it; takes some seconds at most. Once. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#firstLook.reject(new Error('the source was stopped'))
    const { nowMs } = this.#parts.deps
    const told = this.#commits.flush({ untilMs: nowMs() + lastCommitMs, nowMs })
    await Promise.race([told, pause(lastCommitMs, undefined, { ref: false })])
    this.#commits.stop()
    await this.#member?.stop()
    await Promise.race([this.#places?.close().catch(() => {}), pause(lookAgainMs, undefined, { ref: false })])
    this.#client?.sockets.destroy()
  }
}
