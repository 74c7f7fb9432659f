// What happens when partitions come and go: what was read is brought to an end first, so that nobody reads it beside us.
import { setTimeout as pause } from 'node:timers/promises'
import { Backoff } from '../lib/backoff.ts'
import type { PartitionedSource, PartitionMove } from '../model/partitioned-source.ts'
import { StoreError } from '../model/store-connection.ts'
import {
  partitionsAdopted,
  partitionsGivenUp,
  partitionsLost,
  storeNotesFailed,
} from '../telemetry/events/partitions.ts'
import type { Log } from '../telemetry/log.ts'
import { type Engine, homeOf } from './engine.ts'
import type { HeldPartition, Partitions } from './partitions.ts'

/** A partition that cannot be delivered for so long is another's: it reads again what the store has not. */
const revokeWaitMs = 45_000
const pollMs = 50
const firstRetryMs = 200
const maxRetryMs = 5000

interface Moved {
  readonly source: PartitionedSource
  readonly move: PartitionMove
}
type Assigned = Extract<PartitionMove, { kind: 'assigned' }>

export interface PartitionMovesParts {
  readonly partitions: Partitions
  readonly engine: Engine
  readonly log: Log
  readonly nowMs: () => number
  readonly isStopping: () => boolean
  /** Gives out what is over and commits the batch at hand. */
  readonly close: () => Promise<void>
  readonly lastBatch: () => number
}

/** Follows the sources' moves. */
export class PartitionMoves {
  readonly #parts: PartitionMovesParts
  #moved: Moved[] = []

  constructor(parts: PartitionMovesParts) {
    this.#parts = parts
  }

  /** Does what the sources' moves ask for; true when there were any. Nothing is read meanwhile. */
  async settle(): Promise<boolean> {
    this.#collect()
    if (this.#moved.length === 0) return false
    await this.#parts.close()
    while (this.#moved.length > 0 && !this.#parts.isStopping()) {
      const moved = this.#moved
      this.#moved = []
      this.#lose(moved.filter(({ move }) => move.kind === 'lost'))
      await this.#giveUp(moved.filter(({ move }) => move.kind === 'revoked'))
      for (const source of this.#parts.partitions.sources) {
        const assigned = moved.flatMap(each => (each.source === source && isAssigned(each.move) ? [each.move] : []))
        if (assigned.length > 0) await this.#adopt(source, assigned)
      }
      this.#collect()
    }
    return true
  }

  #collect(): void {
    for (const source of this.#parts.partitions.sources)
      for (const move of source.takeMoves()) this.#moved.push({ source, move })
  }

  #heldOf(moved: readonly Moved[]): readonly HeldPartition[] {
    const { partitions } = this.#parts
    return moved.flatMap(({ source, move }) => partitions.of(source.name, move.partition) ?? [])
  }

  #forget(held: readonly HeldPartition[]): void {
    const homes = new Set(held.map(({ home }) => home))
    this.#parts.engine.abandon(home => homes.has(home))
    for (const each of held) this.#parts.partitions.drop(each)
  }

  /** Somebody else has read on already: nothing of it may reach the store through us any more. */
  #lose(moved: readonly Moved[]): void {
    const held = this.#heldOf(moved)
    if (held.length === 0) return
    this.#forget(held)
    this.#parts.partitions.handover.exclude(held.flatMap(({ streamIds }) => streamIds))
    partitionsLost(this.#parts.log, { partitions: namesOf(held) })
  }

  async #giveUp(revoked: readonly Moved[]): Promise<void> {
    if (revoked.length === 0) return
    const { partitions, nowMs, log } = this.#parts
    const untilMs = nowMs() + revokeWaitMs
    const isLost = ({ source, move }: Moved): boolean =>
      this.#moved.some(
        other => other.source === source && other.move.kind === 'lost' && other.move.partition === move.partition,
      )
    while (!partitions.marks.isAllDelivered && nowMs() < untilMs && !revoked.every(isLost)) {
      await pause(pollMs)
      this.#collect()
    }
    if (!partitions.marks.isAllDelivered) this.#lose(revoked)
    const held = this.#heldOf(revoked)
    const ended = this.#heldOf(revoked.filter(({ move }) => move.kind === 'revoked' && move.hasEnded === true))
    for (const each of ended) each.hasEnded = true
    await partitions.note()
    this.#forget(held.filter(({ hasEnded }) => !hasEnded))
    for (const { source, move } of revoked) source.letGo(move.partition)
    if (held.length > 0) partitionsGivenUp(log, { partitions: namesOf(held) })
  }

  /** Waits for the store: without its notes nobody knows where to begin. */
  async #adopt(source: PartitionedSource, assigned: readonly Assigned[]): Promise<void> {
    const { partitions, engine, isStopping, lastBatch, log } = this.#parts
    const homes = new Set(assigned.map(({ partition }) => homeOf(source.name, partition)))
    engine.abandon(home => homes.has(home))
    const backoff = new Backoff({ firstMs: firstRetryMs, maxMs: maxRetryMs, random: () => 1 })
    while (!isStopping()) {
      try {
        await partitions.adopt(source, assigned, lastBatch())
        partitionsAdopted(log, {
          source: source.name,
          partitions: assigned.map(({ partition }) => partition).join(', '),
        })
        return
      } catch (error) {
        if (error instanceof StoreError && !error.isTransient) throw error
        const nextTryMs = backoff.nextMs()
        storeNotesFailed(log, { reason: error instanceof Error ? error.message : String(error), nextTryMs })
        await pause(nextTryMs)
      }
    }
  }
}

const isAssigned = (move: PartitionMove): move is Assigned => move.kind === 'assigned'

const namesOf = (held: readonly HeldPartition[]): string => held.map(({ home }) => home).join(', ')
