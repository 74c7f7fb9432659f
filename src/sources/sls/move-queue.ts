// What became of shards, until the worker takes it.
import type { PartitionMove } from '../../model/partitioned-source.ts'

/** Holds a few moves for each shard at most: an assignment that the worker has not heard of yet can be taken back. */
export class MoveQueue {
  #moves: PartitionMove[] = []
  readonly #onMove: () => void

  constructor(onMove: () => void) {
    this.#onMove = onMove
  }

  get isEmpty(): boolean {
    return this.#moves.length === 0
  }

  push(move: PartitionMove): void {
    this.#moves.push(move)
    this.#onMove()
  }

  /** The worker has not heard the newest about it. */
  isPending(partition: string): boolean {
    return this.#moves.some(move => move.partition === partition)
  }

  /** Takes back the last assignment and what came after it; false when the worker knows of it already. */
  withdraw(partition: string): boolean {
    const from = this.#moves.findLastIndex(move => move.partition === partition && move.kind === 'assigned')
    if (from < 0) return false
    this.#moves = this.#moves.filter((move, i) => i < from || move.partition !== partition)
    return true
  }

  take(): readonly PartitionMove[] {
    const moves = this.#moves
    this.#moves = []
    return moves
  }
}
