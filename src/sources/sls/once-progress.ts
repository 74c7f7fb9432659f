// When a run that reads to the present end is done: every shard that the group gave was read to where it ended then.
import type { HeldShard } from './held-shard.ts'

/** So many heartbeats without anything new: the group has nothing more for this worker. */
const quietBeats = 3
/** Shards that wait for the end of the one that they came out of come when the group has noticed. */
const maxHandoverMs = 30_000

export class OnceProgress {
  readonly #isOrdered: boolean
  /** Without any shard it waits so long: they may be those of a worker that has died. */
  readonly #leaseMs: number
  readonly #beganMs: number
  readonly #targets = new Map<number, number | null>()
  /** When a shard that was split or merged was read. */
  readonly #endedMs = new Map<number, number>()
  #quietFrom = 0

  constructor(parts: { isOrdered: boolean; leaseMs: number; nowMs: number }) {
    this.#isOrdered = parts.isOrdered
    this.#leaseMs = parts.leaseMs
    this.#beganMs = parts.nowMs
  }

  /** The record at which a shard ended when it was first given; null: it is read until nothing can follow. Undefined: not known yet. */
  target(shard: number): number | null | undefined {
    return this.#targets.get(shard)
  }

  setTarget(shard: number, target: number | null): void {
    this.#targets.set(shard, target)
  }

  /** Shards came or went at this heartbeat. */
  changed(beats: number): void {
    this.#quietFrom = beats
  }

  isDone(held: Iterable<HeldShard>, now: { beats: number; ms: number }): boolean {
    for (const shard of held) if (!this.#isRead(shard, now.ms)) return false
    if (now.beats - this.#quietFrom < quietBeats) return false
    return this.#targets.size > 0 || now.ms - this.#beganMs > this.#leaseMs
  }

  #isRead({ shard, phase, reader, shelf }: HeldShard, nowMs: number): boolean {
    if (phase !== 'ours' || reader?.isDone !== true || shelf === null || shelf.hasRecords) return false
    if (!reader.hasEnded || !this.#isOrdered) return true
    const endedMs = this.#endedMs.get(shard) ?? nowMs
    this.#endedMs.set(shard, endedMs)
    return nowMs - endedMs > maxHandoverMs
  }
}
