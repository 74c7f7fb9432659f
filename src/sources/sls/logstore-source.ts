// The source for a Logstore: gives the worker the records of the shards that the consumer group gave to it.

import {
  hasRecords,
  type PartitionChunk,
  type PartitionedSource,
  type PartitionMove,
} from '../../model/partitioned-source.ts'
import type { Chunk, SourceLag, StoredStream } from '../../model/source.ts'
import type { SourceDeps } from '../shared/source-definition.ts'
import { checkLogstore, patiently } from './check-logstore.ts'
import type { SlsApi } from './client/sls-api.ts'
import { ownConsumerName } from './consumer-name.ts'
import { RowEncoder } from './decode/encode-rows.ts'
import { GroupMember, type MemberSettings } from './group-member.ts'
import type { ReadShard } from './held-shard.ts'
import { PullMemory } from './pull-memory.ts'
import { ShardList } from './shard-list.ts'
import type { ReaderShared, ShardReader } from './shard-reader.ts'
import type { ShardShelf } from './shard-shelf.ts'
import { ShardTails } from './shard-tails.ts'
import { startFailure } from './start-failure.ts'
import { Troubles } from './troubles.ts'

export interface LogstoreSettings extends Omit<MemberSettings, 'once' | 'consumer'> {
  /** Null: a name that is kept in the source's folder. */
  readonly consumerName: string | null
  /** For messages. */
  readonly endpoint: string
  readonly hasQuery: boolean
  readonly maxBufferedBytes: number
  /** How old the list of shards may be. */
  readonly shardListMs: number
}

export interface LogstoreDeps extends SourceDeps {
  /** The name of this machine. */
  readonly host: string
  /** Makes what asks the service. Called once, by `start`. */
  readonly connect: () => SlsApi
  /** Goes on evenly, whatever is done to the clock. */
  readonly monotonicMs: () => number
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number
}

/** Rows of one reply. Those of fewer LogGroups are asked for when it were more. */
const maxReplyRows = 256 * 1024 * 1024

export class LogstoreSource implements PartitionedSource {
  readonly isPartitioned = true
  readonly name: string
  readonly format = 'sls'
  readonly group: string
  readonly #settings: LogstoreSettings
  readonly #deps: LogstoreDeps
  readonly #ending = new AbortController()
  #api: SlsApi | null = null
  #member: GroupMember | null = null
  #tails: ShardTails | null = null
  /** The shard of the chunk that was given last, and the reading of it. */
  #given: { readonly held: ReadShard; readonly shelf: ShardShelf; readonly reader: ShardReader } | null = null
  /** The worker took nothing of it: a line is longer than the window was, and the next one is larger. */
  #mustRepeat = false
  #stopped: Promise<void> | null = null
  #failure: { readonly error: unknown } | null = null

  constructor(settings: LogstoreSettings, deps: LogstoreDeps) {
    this.name = deps.name
    this.group = `sls ${settings.project}/${settings.logstore} ${settings.group}`
    this.#settings = settings
    this.#deps = deps
  }

  async start(): Promise<void> {
    const { project, logstore, consumerName, endpoint, hasQuery } = this.#settings
    const { random, folder, host, name: source } = this.#deps
    const { signal } = this.#ending
    const consumer = consumerName ?? ownConsumerName(folder, host)
    try {
      this.#api = this.#deps.connect()
      const shards = this.#listShards(this.#api)
      const member = this.#makeMember(this.#api, shards, consumer)
      const about = { api: this.#api, shards, place: { source, project, logstore }, hasQuery, signal }
      await patiently(() => checkLogstore(about), { random, signal })
      await patiently(() => member.join(signal), { random, signal })
      this.#member = member
    } catch (error) {
      this.#api?.close()
      throw startFailure({ source, endpoint, project, logstore }, error)
    }
  }

  takeMoves(): readonly PartitionMove[] {
    return this.#member?.moves.take() ?? []
  }

  begin(partition: string, from: number, stops: readonly number[]): void {
    this.#tails?.cancel(partition)
    this.#member?.begin(partition, from, stops)
  }

  read(window: Uint8Array): PartitionChunk | null {
    if (this.#failure !== null) throw this.#failure.error
    const held = this.#next()
    const { shelf = null, reader = null } = held ?? {}
    if (held === null || shelf === null || reader === null) return null
    this.#given = { held, shelf, reader }
    return shelf.read(window)
  }

  advance(chunk: Chunk, bytes: number): void {
    this.#mustRepeat = bytes === 0 && chunk.length > 0
    if (this.#given === null || !hasRecords(chunk)) return
    const { shelf, reader } = this.#given
    shelf.take(chunk, bytes)
    reader.taken()
  }

  delivered(partition: string, number: number): void {
    this.#member?.delivered(partition, number)
  }

  letGo(partition: string): void {
    this.#member?.letGo(partition)
  }

  hasEnded(partition: string): boolean {
    return this.#member?.hasEnded(partition) === true
  }

  beginTail(partition: string, from: number, to: number): void {
    this.#tails?.begin(partition, from, to)
  }

  takeChanges(): readonly StoredStream[] {
    return []
  }

  takeForgotten(): readonly string[] {
    return []
  }

  readAgain(): number {
    return 0
  }

  release(): void {}

  isDone(): boolean {
    return this.#deps.once && this.#tails?.isEmpty === true && this.#member?.isDone() === true
  }

  /** `bytes`: what was pulled and not read; of more the service does not tell. */
  lag(): SourceLag {
    let bytes = 0
    let seconds = 0
    for (const { shelf, reader } of this.#member?.held ?? []) {
      bytes += shelf?.bytes ?? 0
      seconds = Math.max(seconds, reader?.lagSeconds() ?? 0)
    }
    return { bytes, seconds }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown()
    return this.#stopped
  }

  async #shutDown(): Promise<void> {
    this.#tails?.stop()
    await this.#member?.stop()
    this.#ending.abort()
    this.#api?.close()
  }

  /** The next shard that has something: those whose stops are still to come before all others, and each in its turn. */
  #next(): ReadShard | null {
    if (this.#mustRepeat && this.#given?.shelf.hasRecords === true) return this.#given.held
    // What began there goes on in other shards: it has to be known first.
    if (this.#tails?.isEmpty === false) return this.#tails.next()
    const last = this.#given?.held.shard ?? -1
    let first: ReadShard | null = null
    let next: ReadShard | null = null
    let isUrgent = false
    for (const held of this.#member?.held ?? []) {
      const { shelf, shard } = held
      if (shelf === null) continue
      if (shelf.isReplaying && !isUrgent) {
        isUrgent = true
        first = next = null
      }
      if (!shelf.hasRecords || shelf.isReplaying !== isUrgent) continue
      if (first === null || shard < first.shard) first = held
      if (shard > last && (next === null || shard < next.shard)) next = held
    }
    return next ?? first
  }

  #listShards(api: SlsApi): ShardList {
    const { monotonicMs } = this.#deps
    return new ShardList({ api, monotonicMs, maxAgeMs: this.#settings.shardListMs, signal: this.#ending.signal })
  }

  #makeMember(api: SlsApi, shards: ShardList, consumer: string): GroupMember {
    const { once, log, nowMs, monotonicMs, random, wake, name: source } = this.#deps
    const { hasQuery, maxBufferedBytes } = this.#settings
    const troubles = new Troubles({ log, source, monotonicMs })
    const onFailure = (error: unknown): void => {
      this.#failure ??= { error }
      wake()
    }
    const reading: ReaderShared = {
      source,
      api,
      hasQuery,
      memory: new PullMemory(maxBufferedBytes),
      encoder: new RowEncoder(maxReplyRows),
      shards,
      troubles,
      log,
      nowMs,
      monotonicMs,
      random,
      onChange: wake,
      onFailure,
    }
    const { project, logstore } = this.#settings
    this.#tails = new ShardTails({ shared: reading, project, logstore })
    const settings = { ...this.#settings, consumer, once }
    return new GroupMember({
      settings,
      source,
      api,
      shards,
      reading,
      troubles,
      log,
      monotonicMs,
      random,
      wake,
      onFailure,
    })
  }
}
