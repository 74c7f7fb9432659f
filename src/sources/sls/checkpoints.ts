// Tells the group how far shards are stored, so that another worker goes on there.
import { setTimeout as wait } from 'node:timers/promises'
import { slsCheckpointRefused } from '../../telemetry/events/sls-source.ts'
import type { Log } from '../../telemetry/log.ts'
import { Bell } from './bell.ts'
import { type SlsApi, SlsError } from './client/sls-api.ts'
import type { HeldShard } from './held-shard.ts'
import { inLanes, orAbort } from './lanes.ts'
import type { ShardList } from './shard-list.ts'
import type { Troubles } from './troubles.ts'

export interface CheckpointParts {
  readonly api: SlsApi
  readonly shards: ShardList
  readonly source: string
  readonly group: string
  readonly consumer: string
  /** Between two writes of a shard. */
  readonly intervalMs: number
  readonly held: () => Iterable<HeldShard>
  readonly troubles: Troubles
  readonly log: Log
  readonly random: () => number
  /** Another consumer has the shard. */
  readonly onTaken: (held: HeldShard) => void
  /** A shard that was split or merged is done with. */
  readonly onFinished: () => void
}

const maxTries = 3
const maxWriteMs = 5000
/** So old the list of shards may be when everything of one is told. */
const freshMs = 1000
const lanes = 8

export class Checkpoints {
  readonly #parts: CheckpointParts
  readonly #hurry = new Bell()
  /** Shards whose refusal was told. */
  readonly #refused = new Set<number>()

  constructor(parts: CheckpointParts) {
    this.#parts = parts
  }

  /** Writes what is due, now and then, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#hurry.wait(signal, this.#parts.intervalMs)
      if (!signal.aborted) await this.writeAll(signal)
    }
  }

  /** Others wait for a checkpoint: the next turn is now. */
  hurry(): void {
    this.#hurry.ring()
  }

  async writeAll(signal: AbortSignal): Promise<void> {
    const due = [...this.#parts.held()].filter(held => held.due !== null)
    await inLanes(due, lanes, held => this.write(held, signal))
  }

  /** Writes a shard's checkpoint when one is due, one at a time. Does not fail: what could not be written stays due. */
  async write(held: HeldShard, signal: AbortSignal): Promise<void> {
    while (held.writing !== null) await held.writing
    if (held.due === null || signal.aborted) return
    held.writing = this.#write(held, AbortSignal.any([signal, held.holding])).finally(() => {
      held.writing = null
    })
    await held.writing
  }

  async #write(held: HeldShard, signal: AbortSignal): Promise<void> {
    const { troubles, random } = this.#parts
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#writeOnce(held, signal)
        troubles.succeeded('checkpoint', held.shard)
        this.#refused.delete(held.shard)
        return
      } catch (error) {
        if (signal.aborted) return
        if (!this.#mayPass(held, error) || tries === maxTries) return
      }
      await wait(100 + 400 * random(), undefined, { signal }).catch(() => {})
    }
  }

  async #writeOnce(held: HeldShard, signal: AbortSignal): Promise<void> {
    const { api, group, consumer, onFinished } = this.#parts
    const number = held.due
    if (number === null || held.found === null) return
    if (!(await orAbort(this.#mayTell(held, number), signal))) return
    const cursor = held.found.numbers.cursorOf(number)
    const limits = AbortSignal.any([signal, AbortSignal.timeout(maxWriteMs)])
    await api.updateCheckpoint({ group, consumer, shard: held.shard, cursor, isForced: false }, limits)
    held.wasCommitted(number)
    if (held.isFinished) onFinished()
  }

  /**
   * The end of a shard that was split is told only after the worker has noted it: the group gives the shard to nobody again, and after
   * a crash nobody would know that it has to be read once more, for what began there and goes on elsewhere.
   */
  async #mayTell(held: HeldShard, number: number): Promise<boolean> {
    if (!held.isWhole(number)) return true
    if (held.reader?.hasEnded === true) return held.isEndHeard
    return !(await this.#parts.shards.isReadonly(held.shard, freshMs))
  }

  /** True when it is worth another try at once. */
  #mayPass(held: HeldShard, error: unknown): boolean {
    const { troubles, onTaken, log, source } = this.#parts
    if (!(error instanceof SlsError)) {
      troubles.failed('checkpoint', error, held.shard)
      return false
    }
    const { kind, code, requestId } = error
    if (kind === 'shardLost' || kind === 'shardGone' || kind === 'rejoin') {
      onTaken(held)
      return false
    }
    if (kind === 'fatal' && !this.#refused.has(held.shard)) {
      this.#refused.add(held.shard)
      slsCheckpointRefused(log, { source, shard: held.shard, code, requestId })
    }
    if (kind !== 'fatal') troubles.failed('checkpoint', error, held.shard)
    return kind === 'retry'
  }
}
