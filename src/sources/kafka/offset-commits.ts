// Tells the group how far partitions are stored for good: one request at a time for all of them, again when it fails, never backwards.
import { protocolErrorType } from '../../lib/kafka/kafka-fault.ts'
import { oneLine } from '../../lib/kafka/kafka-log.ts'
import { kafkaCommitFailed } from '../../telemetry/events/kafka-source.ts'
import type { Log } from '../../telemetry/log.ts'
import type { CommitOffsets } from './group-member.ts'
import type { HeldPartition } from './held-partition.ts'

/** Between two requests. */
const commitEveryMs = 500
/** Failures in a row that are nobody's concern: groups rebalance, and coordinators move. */
const quietFailures = 10

/** The group does not take offsets from this membership any more. */
const isOver = (error: unknown): boolean => {
  const type = protocolErrorType(error)
  return type === 'UNKNOWN_MEMBER_ID' || type === 'ILLEGAL_GENERATION' || type === 'FENCED_INSTANCE_ID'
}

export interface OffsetCommitsParts {
  readonly source: string
  readonly group: string
  /** Null while there is no way to commit. */
  readonly sender: () => CommitOffsets | null
  readonly log: Log
}

export class OffsetCommits {
  readonly #parts: OffsetCommitsParts
  /** The number that is to be told, by partition. */
  readonly #waiting = new Map<HeldPartition, number>()
  /** The number that was told last, by partition. */
  readonly #told = new WeakMap<HeldPartition, number>()
  #sending: Promise<boolean> | null = null
  #timer: NodeJS.Timeout | null = null
  #failures = 0

  constructor(parts: OffsetCommitsParts) {
    this.#parts = parts
  }

  /** All before `number` is stored for good. */
  note(partition: HeldPartition, number: number): void {
    const told = this.#told.get(partition) ?? partition.committed ?? -1
    if (number <= Math.max(told, this.#waiting.get(partition) ?? -1)) return
    this.#waiting.set(partition, number)
    this.#schedule(0)
  }

  /** kafkajs overwrote what the group had been told of this partition: it is told again. */
  tellAgain(partition: HeldPartition, number: number): void {
    this.#told.set(partition, -1)
    if (number >= 0) this.note(partition, number)
  }

  /** Nothing of these will be told any more. */
  forget(partitions: Iterable<HeldPartition>): void {
    for (const partition of partitions) this.#waiting.delete(partition)
  }

  /** Tells everything that waits. Resolves when it was told, or when that failed until `untilMs` by `nowMs`. */
  async flush({ untilMs, nowMs }: { untilMs: number; nowMs: () => number }): Promise<void> {
    while (this.#waiting.size > 0 && this.#parts.sender() !== null) {
      if (await this.#send()) continue
      if (nowMs() >= untilMs) return
      await new Promise(resolve => setTimeout(resolve, commitEveryMs))
    }
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#waiting.clear()
  }

  #schedule(ms: number): void {
    this.#timer ??= setTimeout(() => void this.#sendDue(), ms)
  }

  async #sendDue(): Promise<void> {
    if (this.#waiting.size > 0) await this.#send()
    this.#timer = null
    if (this.#waiting.size > 0) this.#schedule(commitEveryMs)
  }

  /**
   * True when the group took it, or will not take it from this member any more. What came since a request that is under way is
   * not part of it.
   */
  #send(): Promise<boolean> {
    if (this.#sending !== null) return this.#sending
    const sender = this.#parts.sender()
    if (sender === null) return Promise.resolve(false)
    const sent = [...this.#waiting]
    this.#sending = sender(offsetsOf(sent))
      .then(
        () => this.#succeed(sent),
        (error: unknown) => this.#fail(sent, error),
      )
      .finally(() => {
        this.#sending = null
      })
    return this.#sending
  }

  #succeed(sent: readonly (readonly [HeldPartition, number])[]): boolean {
    this.#failures = 0
    for (const [partition, number] of sent) {
      this.#told.set(partition, number)
      if (this.#waiting.get(partition) === number) this.#waiting.delete(partition)
    }
    return true
  }

  #fail(sent: readonly (readonly [HeldPartition, number])[], error: unknown): boolean {
    if (isOver(error)) {
      this.forget(sent.map(([partition]) => partition))
      return true
    }
    this.#failures += 1
    const { source, group, log } = this.#parts
    const reason = oneLine(error instanceof Error ? error.message : String(error))
    if (this.#failures === quietFailures) kafkaCommitFailed(log, { source, group, reason })
    return false
  }
}

function offsetsOf(sent: readonly (readonly [HeldPartition, number])[]) {
  const topics = Map.groupBy(sent, ([{ topic }]) => topic)
  return {
    topics: [...topics].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map(([{ partition, numbers }, number]) => ({
        partition,
        offset: numbers.offsetOf(number),
      })),
    })),
  }
}
