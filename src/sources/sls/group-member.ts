// This worker as a member of a consumer group: which shards it holds, and what becomes of them.
import { slsJoined, slsShardGivenUp, slsShardsAssigned, slsShardsLost } from '../../telemetry/events/sls-source.ts'
import type { Log } from '../../telemetry/log.ts'
import { Checkpoints } from './checkpoints.ts'
import type { SlsApi } from './client/sls-api.ts'
import { GroupHeartbeat } from './group-heartbeat.ts'
import { type FoundShard, HeldShard } from './held-shard.ts'
import { MoveQueue } from './move-queue.ts'
import { OnceProgress } from './once-progress.ts'
import { ShardFinder, type StartAt } from './shard-finder.ts'
import type { ShardList } from './shard-list.ts'
import { type ReaderShared, ShardReader } from './shard-reader.ts'
import { ShardShelf } from './shard-shelf.ts'
import type { Troubles } from './troubles.ts'

export interface MemberSettings {
  readonly project: string
  readonly logstore: string
  readonly group: string
  readonly consumer: string
  readonly startAt: StartAt
  readonly heartbeatMs: number
  readonly groupTimeoutSeconds: number
  readonly isOrdered: boolean
  readonly checkpointMs: number
  /** Read to the present end and be done. */
  readonly once: boolean
}

export interface MemberParts {
  readonly settings: MemberSettings
  readonly source: string
  readonly api: SlsApi
  readonly shards: ShardList
  readonly reading: ReaderShared
  readonly troubles: Troubles
  readonly log: Log
  readonly monotonicMs: () => number
  readonly random: () => number
  readonly wake: () => void
  readonly onFailure: (error: unknown) => void
}

/** What a stop may take: the last checkpoints, and the last heartbeat. */
const lastCheckpointsMs = 6000
const lastHeartbeatMs = 3000
/** A shard that is given up waits so long for its checkpoint. */
const lastWriteMs = 10_000
const maxNamed = 50

export class GroupMember {
  readonly #parts: MemberParts
  readonly #held = new Map<number, HeldShard>()
  readonly #heartbeat: GroupHeartbeat
  readonly #checkpoints: Checkpoints
  readonly #once: OnceProgress
  readonly #flushing = new AbortController()
  readonly #ending = new AbortController()
  #finder: ShardFinder | null = null
  #loops: Promise<unknown> = Promise.resolve()
  #isStopping = false
  readonly moves: MoveQueue

  constructor(parts: MemberParts) {
    this.#parts = parts
    const { api, shards: list, source, settings, troubles, log, monotonicMs, random, wake } = parts
    const { group: name, consumer, isOrdered, groupTimeoutSeconds: timeoutSeconds, heartbeatMs } = settings
    this.moves = new MoveQueue(wake)
    this.#once = new OnceProgress({ isOrdered, leaseMs: timeoutSeconds * 1000, nowMs: monotonicMs() })
    const held = (): Iterable<HeldShard> => this.#held.values()
    this.#heartbeat = new GroupHeartbeat({
      api,
      group: { name, timeoutSeconds, isOrdered },
      consumer,
      intervalMs: heartbeatMs,
      held: () => [...this.#held.keys()],
      onAnswer: shards => this.#answered(shards),
      onLost: reason => this.#lose([...this.#held.values()], reason),
      troubles,
      monotonicMs,
    })
    this.#checkpoints = new Checkpoints({
      api,
      shards: list,
      source,
      group: name,
      consumer,
      intervalMs: settings.checkpointMs,
      held,
      troubles,
      log,
      random,
      onTaken: shard => this.#taken(shard),
      onFinished: () => this.#heartbeat.hurry(),
    })
  }

  /** Shards that are held, by their numbers. */
  get held(): Iterable<HeldShard> {
    return this.#held.values()
  }

  /** Joins the group; resolves when the first heartbeat was answered. */
  async join(signal: AbortSignal): Promise<void> {
    const { api, settings, shards } = this.#parts
    await this.#heartbeat.ensureGroup(signal)
    const known = await api.getCheckpoints(settings.group, signal)
    const isNew = known.every(({ cursor }) => cursor === '')
    this.#finder = this.#makeFinder(isNew ? new Set(shards.ids) : null)
    await this.#heartbeat.beat(signal)
    const checkpoints = this.#checkpoints.run(this.#flushing.signal)
    this.#loops = Promise.all([this.#heartbeat.run(this.#ending.signal), checkpoints])
  }

  /** Begins to read a shard that the worker was told of; anew, when it is told again. */
  begin(partition: string, from: number, stops: readonly number[]): void {
    const held = this.#of(partition)
    const found = held?.found
    // An answer to an assignment that is over already.
    if (held?.phase !== 'ours' || !found || this.moves.isPending(partition)) return
    const { numbers, isFromGroup } = found
    const shelf = new ShardShelf({ partition, numbers, from, stops })
    const abort = new AbortController()
    const target = this.#once.target(held.shard) ?? null
    const { reading: shared } = this.#parts
    const reader = new ShardReader({ shared, shard: held.shard, numbers, shelf, target, signal: abort.signal })
    // What is read once more lies before what was stored: the group would take that for a reset by hand.
    const isStored = isFromGroup || stops.length === 0
    held.begin({ shelf, reader, abort }, isStored ? from : -1)
    void reader.run()
    // Should this worker end before the first record: the next one goes on here.
    if (!isFromGroup) this.#checkpoints.hurry()
  }

  delivered(partition: string, number: number): void {
    const held = this.#of(partition)
    held?.stored(number)
    if (held?.reader?.hasEnded === true) this.#checkpoints.hurry()
  }

  letGo(partition: string): void {
    const held = this.#of(partition)
    if (held?.phase === 'revoked' && !this.moves.isPending(partition)) void this.#giveUp(held)
  }

  /** It was split or merged, and all of it was given to the worker. The group hears of the end when the worker has asked for it. */
  hasEnded(partition: string): boolean {
    return this.#of(partition)?.tellEnd() === true
  }

  /** Every shard was read to where it ended when it came, and no others come. */
  isDone(): boolean {
    const now = { beats: this.#heartbeat.beats, ms: this.#parts.monotonicMs() }
    return this.moves.isEmpty && this.#once.isDone(this.#held.values(), now)
  }

  /** Reads no more, tells the group how far everything is stored, and leaves it. Bounded in time. Safe before {@link join}. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const held of this.#held.values()) held.stopReading()
    this.#flushing.abort()
    await this.#checkpoints.writeAll(AbortSignal.timeout(lastCheckpointsMs))
    this.#ending.abort()
    await this.#loops
    for (const held of [...this.#held.values()]) this.#drop(held)
    // Last of all, so that nobody has the shards before the checkpoints are there.
    if (this.#finder !== null) await this.#heartbeat.leave(lastHeartbeatMs)
  }

  #of(partition: string): HeldShard | undefined {
    return this.#held.get(Number(partition))
  }

  #answered(shards: readonly number[]): void {
    const { settings, wake, log, source } = this.#parts
    if (this.#isStopping) return
    if (this.#heartbeat.beats === 1) this.#tellJoined()
    const given = new Set(shards)
    for (const held of [...this.#held.values()]) if (!given.has(held.shard)) this.#revoke(held)
    const fresh = shards.filter(shard => !this.#held.has(shard)).map(shard => new HeldShard(shard))
    for (const held of fresh) this.#held.set(held.shard, held)
    if (fresh.length > 0) {
      this.#once.changed(this.#heartbeat.beats)
      slsShardsAssigned(log, { source, ...named(fresh) })
      void this.#finder?.findAll(fresh)
    }
    if (settings.once) wake()
  }

  #tellJoined(): void {
    const { settings, log, source } = this.#parts
    const { project, logstore, group, consumer } = settings
    slsJoined(log, { source, project, logstore, group, consumer })
  }

  #makeFinder(firstShards: ReadonlySet<number> | null): ShardFinder {
    const { api, source, settings, troubles, log, random, onFailure } = this.#parts
    const { project, logstore, group, startAt } = settings
    const about = { api, source, project, logstore, group, startAt, firstShards }
    const onFound = (held: HeldShard, found: FoundShard): Promise<void> => this.#assign(held, found)
    return new ShardFinder({ ...about, troubles, log, random, onFound, onFailure })
  }

  async #assign(held: HeldShard, found: FoundShard): Promise<void> {
    const { partition } = held
    if (this.#parts.settings.once) await this.#findTarget(held, found)
    held.finding.throwIfAborted()
    held.assign(found)
    const { position, isFromGroup, numbers } = found
    this.moves.push({ kind: 'assigned', partition, position, isFromGroup, first: numbers.first })
  }

  async #findTarget({ shard, finding }: HeldShard, { numbers }: FoundShard): Promise<void> {
    const { api, shards } = this.#parts
    if (this.#once.target(shard) !== undefined) return
    if (await shards.isReadonly(shard)) this.#once.setTarget(shard, null)
    else this.#once.setTarget(shard, numbers.numberOf(await api.getCursor(shard, 'end', finding)))
  }

  #revoke(held: HeldShard): void {
    if (held.phase === 'revoked') return
    const isKnown = held.phase === 'ours' && !this.moves.withdraw(held.partition)
    if (isKnown) {
      held.revoke()
      void this.#tellRevoked(held)
    } else {
      this.#drop(held)
      this.#heartbeat.hurry()
    }
  }

  async #tellRevoked(held: HeldShard): Promise<void> {
    const hasEnded = held.isFinished || held.isEndDue || (await this.#isOver(held))
    if (held.phase === 'revoked') this.moves.push({ kind: 'revoked', partition: held.partition, hasEnded })
  }

  /** The group may notice the end of a shard before its reader does: it compares the checkpoint with the end. */
  async #isOver({ shard, found, holding, committed }: HeldShard): Promise<boolean> {
    const { api, shards } = this.#parts
    if (found === null) return false
    try {
      await shards.look()
      if (!(await shards.isReadonly(shard))) return false
      return committed >= found.numbers.numberOf(await api.getCursor(shard, 'end', holding))
    } catch {
      return false
    }
  }

  async #giveUp(held: HeldShard): Promise<void> {
    const { log, source } = this.#parts
    await this.#checkpoints.write(held, AbortSignal.any([this.#ending.signal, AbortSignal.timeout(lastWriteMs)]))
    if (held.phase === 'gone') return
    this.#drop(held)
    slsShardGivenUp(log, { source, shard: held.shard })
    this.#heartbeat.hurry()
  }

  /**
   * The group says that a shard is not ours. When its end was to be told, it was told: an answer got lost, and a shard that has ended is
   * nobody's. To begin anew with it would forget what began there and goes on in other shards.
   */
  #taken(held: HeldShard): void {
    const { due } = held
    if (due !== null && held.isEndDue) {
      held.wasCommitted(due)
      this.#revoke(held)
    } else this.#lose([held], 'taken')
  }

  #lose(lost: readonly HeldShard[], reason: 'noHeartbeat' | 'forgotten' | 'taken'): void {
    const { log, source } = this.#parts
    const ours = lost.filter(({ phase }) => phase !== 'gone')
    for (const held of ours) {
      const isKnown = held.phase !== 'finding' && !this.moves.withdraw(held.partition)
      this.#drop(held)
      if (isKnown) this.moves.push({ kind: 'lost', partition: held.partition })
    }
    if (ours.length > 0) slsShardsLost(log, { source, ...named(ours), reason })
  }

  #drop(held: HeldShard): void {
    held.drop()
    this.#held.delete(held.shard)
    this.#parts.troubles.forget(held.shard)
  }
}

const named = (shards: readonly HeldShard[]): { shards: string; count: number } => ({
  shards: shards
    .slice(0, maxNamed)
    .map(({ shard }) => shard)
    .join(','),
  count: shards.length,
})
