// Ends transactions of this process one after the other, each when the one before is seen to be over. A broker of Kafka 3.9 with the
// preview of the new group coordinator (on where `group.coordinator.rebalance.protocols` names `consumer`) may lose the end of a
// transaction when it writes those of several at the same time (KAFKA-17877): it never ends, nothing more is taken under its id, and
// readers wait in front of it. https://issues.apache.org/jira/browse/KAFKA-17877
import { setTimeout as pause } from 'node:timers/promises'
import type { Admin } from 'kafkajs'
import type { KafkaClient } from '../../lib/kafka/kafka-client.ts'
import { Turns } from '../../lib/turns.ts'

/** A broker that does not answer must not keep the transactions of the others open. */
const patienceMs = 500
const firstLookMs = 1
const maxLookMs = 50

/** What a transaction tells a group. */
export interface ToldOffset {
  readonly groupId: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export class TransactionEnds {
  readonly #client: KafkaClient
  readonly #turns = new Turns(1)
  #admin: Promise<Admin> | null = null

  constructor(client: KafkaClient) {
    this.#client = client
  }

  /** Resolves and rejects as `end` does, which begins when it is its turn. */
  async run(end: () => Promise<void>, told: ToldOffset): Promise<void> {
    const { ended } = await this.#turns.run(async () => {
      const over = new AbortController()
      const ended = end()
      const seen = ended.then(() => this.#untilSeen(told, over.signal)).catch(() => {})
      await Promise.race([seen, pause(patienceMs, undefined, { signal: over.signal, ref: false }).catch(() => {})])
      over.abort()
      return { ended }
    })
    await ended
  }

  /** The brokers show what it told only when its end is written. */
  async #untilSeen({ groupId, topic, partition, offset }: ToldOffset, signal: AbortSignal): Promise<void> {
    const admin = await this.#connect()
    for (let waitMs = firstLookMs; !signal.aborted; waitMs = Math.min(waitMs * 2, maxLookMs)) {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] })
      if (found?.partitions.some(shown => shown.partition === partition && shown.offset === String(offset))) return
      await pause(waitMs, undefined, { signal })
    }
  }

  #connect(): Promise<Admin> {
    this.#admin ??= this.#open()
    return this.#admin
  }

  async #open(): Promise<Admin> {
    const admin = this.#client.kafka.admin({ retry: { retries: 0 } })
    try {
      await admin.connect()
      return admin
    } catch (error) {
      this.#admin = null
      throw error
    }
  }
}
