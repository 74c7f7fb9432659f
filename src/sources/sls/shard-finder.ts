// Finds out where the reading of a shard goes on that the group has just given to this worker.
import { setTimeout as wait } from 'node:timers/promises'
import { slsRecordsExpired } from '../../telemetry/events/sls-source.ts'
import type { Log } from '../../telemetry/log.ts'
import { type SlsApi, SlsError } from './client/sls-api.ts'
import type { FoundShard, HeldShard } from './held-shard.ts'
import { inLanes } from './lanes.ts'
import { RetryWaits } from './pull-pace.ts'
import { ShardNumbers } from './shard-numbers.ts'
import type { Troubles } from './troubles.ts'

/** Where a shard is begun that the group says nothing about; a time is unix seconds, of receipt. */
export type StartAt = 'beginning' | 'end' | number

export interface FinderParts {
  readonly api: SlsApi
  readonly source: string
  readonly project: string
  readonly logstore: string
  readonly group: string
  readonly startAt: StartAt
  /** Shards that were there when a group without any checkpoint was joined: `startAt` is meant for them. Null: the group has some. */
  readonly firstShards: ReadonlySet<number> | null
  readonly troubles: Troubles
  readonly log: Log
  readonly random: () => number
  readonly onFound: (held: HeldShard, found: FoundShard) => void | Promise<void>
  readonly onFailure: (error: unknown) => void
}

const lanes = 8

export class ShardFinder {
  readonly #parts: FinderParts

  constructor(parts: FinderParts) {
    this.#parts = parts
  }

  /** Until each is found, or is not held any more. Does not fail. */
  async findAll(fresh: readonly HeldShard[]): Promise<void> {
    await inLanes(fresh, lanes, held => this.#find(held))
  }

  async #find(held: HeldShard): Promise<void> {
    const { troubles, random, onFound, onFailure } = this.#parts
    const waits = new RetryWaits(random)
    while (!held.finding.aborted) {
      try {
        const found = await this.#look(held.shard, held.finding)
        held.finding.throwIfAborted()
        await onFound(held, found)
        troubles.succeeded('lookup', held.shard)
        return
      } catch (error) {
        if (held.finding.aborted) return
        if (!(error instanceof SlsError)) {
          onFailure(error)
          return
        }
        troubles.failed('lookup', error, held.shard)
        await wait(waits.nextMs(error.kind), undefined, { signal: held.finding }).catch(() => {})
      }
    }
  }

  async #look(shard: number, signal: AbortSignal): Promise<FoundShard> {
    const { api, source, project, logstore, group, log } = this.#parts
    const oldest = await api.getCursor(shard, 'begin', signal)
    const numbers = new ShardNumbers({ source, project, logstore, shard }, oldest)
    const known = await api.getCheckpoints(group, signal, shard)
    const cursor = known.find(checkpoint => checkpoint.shard === shard)?.cursor ?? ''
    if (cursor === '') {
      const start = await this.#startCursor({ shard, oldest, signal })
      return { numbers, position: numbers.numberOf(start), isFromGroup: false }
    }
    if (numbers.isOwn(cursor)) return { numbers, position: numbers.numberOf(cursor), isFromGroup: true }
    slsRecordsExpired(log, { source, shard, missing: null })
    return { numbers, position: numbers.first, isFromGroup: false }
  }

  /** A shard that came later goes on with what the group has read of those that it came out of: from its first record. */
  async #startCursor(about: { shard: number; oldest: string; signal: AbortSignal }): Promise<string> {
    const { api, startAt, firstShards } = this.#parts
    const { shard, oldest, signal } = about
    const isLater = firstShards?.has(shard) !== true
    if (startAt === 'beginning' || (startAt === 'end' && isLater)) return oldest
    return api.getCursor(shard, startAt, signal)
  }
}
