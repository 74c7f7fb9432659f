// Keeps this member out of the group's next generation until what it read is delivered and let go. kafkajs asks the assigner for
// this member's subscription right before it joins again: an error that says "not yet" there makes it try again a little later,
// and until it joins, the group waits, and takes the offsets that it commits.

import { protocolErrorType } from '../../lib/kafka/kafka-fault.ts'
import type { KafkaRemark } from '../../lib/kafka/kafka-log.ts'
import { saysMemberIsUnknown } from '../../lib/kafka/kafka-log.ts'

/** What kafkajs takes for a rebalance that is under way: it tries again. */
class NotYet extends Error {
  override readonly name = 'NotYet'
  readonly type = 'REBALANCE_IN_PROGRESS'
}

/** kafkajs does not try again. */
class NoMore extends Error {
  override readonly name = 'NoMore'
  readonly retriable = false
}

export interface RebalanceHoldParts {
  /** Something is held that was not let go. */
  readonly isHolding: () => boolean
  /** What is held must be let go. */
  readonly onRevoked: () => void
  /** What is held is another's. */
  readonly onLost: () => void
  /** Nothing is held, and a new membership begins: what the last one was given means nothing any more. */
  readonly onJoining: () => void
  readonly nowMs: () => number
  readonly heartbeatMs: number
  readonly sessionTimeoutMs: number
}

/** One member's holds, one after the other. */
export class RebalanceHold {
  readonly #parts: RebalanceHoldParts
  #timer: NodeJS.Timeout | null = null
  #isBeatSettled = true
  /** When the group was heard of last. */
  #heardMs = 0
  #isUnknown = false
  #isOver = false
  /** Sends a heartbeat, at most every so often; null as long as kafkajs gave none. */
  #beat: (() => Promise<void>) | null = null

  constructor(parts: RebalanceHoldParts) {
    this.#parts = parts
  }

  /** kafkajs's heartbeat of the present membership. */
  useHeartbeat(beat: (() => Promise<void>) | null): void {
    this.#beat = beat
  }

  hear(remark: KafkaRemark): void {
    if (saysMemberIsUnknown(remark)) this.#isUnknown = true
  }

  /** The group rebalances, as far as kafkajs knows. */
  begin(): void {
    if (this.#timer !== null || !this.#parts.isHolding()) return
    if (this.#isUnknown) {
      this.#parts.onLost()
      return
    }
    this.#heardMs = this.#parts.nowMs()
    this.#isBeatSettled = true
    this.#timer = setInterval(() => void this.#look(), this.#parts.heartbeatMs)
    this.#parts.onRevoked()
    void this.#look()
  }

  /** Asked before every join; throws as long as it must not be. */
  assertMayJoin(): void {
    if (this.#isOver) throw new NoMore('the source was stopped')
    this.begin()
    if (this.#parts.isHolding()) throw new NotYet('what was read is not delivered yet')
    this.#end()
    this.#parts.onJoining()
  }

  /** A new membership. */
  joined(): void {
    this.#isUnknown = false
    this.#end()
  }

  /** No join will follow. */
  stop(): void {
    this.#isOver = true
    this.#end()
  }

  #end(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  /** Stays a member for the time being, and finds out when it is none any more. */
  async #look(): Promise<void> {
    const { nowMs, sessionTimeoutMs } = this.#parts
    if (this.#beat !== null && this.#isBeatSettled) {
      this.#isBeatSettled = false
      const answer = await this.#beat().then(
        () => 'member',
        (error: unknown) => protocolErrorType(error),
      )
      this.#isBeatSettled = true
      if (answer === 'member' || answer === 'REBALANCE_IN_PROGRESS') this.#heardMs = nowMs()
      if (answer === 'UNKNOWN_MEMBER_ID' || answer === 'ILLEGAL_GENERATION') this.#lose()
    }
    if (nowMs() - this.#heardMs > sessionTimeoutMs) this.#lose()
  }

  #lose(): void {
    if (this.#timer === null) return
    this.#end()
    this.#parts.onLost()
  }
}
