// A topic in memory with transactions: whoever opens a name shuts out the one before, and any call may fail, done or undone.
import { setImmediate as turn } from 'node:timers/promises'
import type { Random } from '../../../src/lib/random.ts'
import type { RouteMessage, RouteTransactions } from '../../../src/model/route.ts'

export class FencedError extends Error {
  override readonly name = 'FencedError'
}

/** What was written, in order. */
export interface Written {
  readonly partition: number
  readonly key: string
  readonly value: string
}

export class MemoryTopic {
  readonly written: Written[] = []
  readonly #numbers = new Map<string, number>()
  readonly #writers = new Map<string, MemoryTransactions>()
  readonly random: Random
  /** Share of calls that fail. */
  faults = 0
  /** Nobody answers. */
  isAway = false
  fenced = 0
  failed = 0

  constructor(random: Random) {
    this.random = random
  }

  transactionsOf(name: string): RouteTransactions {
    return new MemoryTransactions(this, name)
  }

  async open(name: string, writer: MemoryTransactions): Promise<number | null> {
    await this.#answer()
    this.#writers.set(name, writer)
    await this.#answer()
    return this.#numbers.get(name) ?? null
  }

  async commit(
    name: string,
    writer: MemoryTransactions,
    messages: readonly RouteMessage[],
    next: number,
  ): Promise<void> {
    await this.#answer()
    if (this.#writers.get(name) !== writer) {
      this.fenced += 1
      throw new FencedError('another writes under this name')
    }
    const before = this.#numbers.get(name) ?? -1
    if (next < before) throw new Error(`${name} went back from ${before} to ${next}`)
    this.#numbers.set(name, next)
    for (const { key, value } of messages)
      this.written.push({ partition: key.partition, key: key.text, value: value.toString() })
    await this.#answer()
  }

  async #answer(): Promise<void> {
    for (let turns = this.random.below(3); turns > 0; turns -= 1) await turn()
    if (!this.isAway && this.random.float() >= this.faults) return
    this.failed += 1
    throw new Error('nobody knows what became of it')
  }
}

class MemoryTransactions implements RouteTransactions {
  readonly #topic: MemoryTopic
  readonly #name: string
  #isBusy = false

  constructor(topic: MemoryTopic, name: string) {
    this.#topic = topic
    this.#name = name
  }

  open(): Promise<number | null> {
    return this.#alone(() => this.#topic.open(this.#name, this))
  }

  commit(messages: readonly RouteMessage[], next: number): Promise<void> {
    return this.#alone(() => this.#topic.commit(this.#name, this, messages, next))
  }

  async close(): Promise<void> {}

  async #alone<T>(call: () => Promise<T>): Promise<T> {
    if (this.#isBusy) throw new Error('calls overlap')
    this.#isBusy = true
    try {
      return await call()
    } finally {
      this.#isBusy = false
    }
  }
}
