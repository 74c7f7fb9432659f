// Hot path: messages of one partition that were fetched and not read yet, as kafkajs made them.
import type { OffsetNumbers } from './offset-numbers.ts'

/** What is read of a message of kafkajs. */
export interface Message {
  readonly offset: string
  /** Unix ms as decimal digits; `-1` without a time. */
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** Messages that came together. */
export interface Fetched {
  readonly messages: readonly Message[]
  /** The number of the message at index 0. */
  readonly first: number
  /** There are no gaps: numbers need not be read from texts. */
  readonly isDense: boolean
  /** With what kafkajs's objects take. */
  readonly bytes: number
}

/** What kafkajs's objects and strings take per message, measured. */
const objectBytes = 400

/** First in, first out; whole messages. */
export class MessageQueue {
  readonly #numbers: OffsetNumbers
  #fetched: Fetched[] = []
  /** Index of the next message in the first batch. */
  #at = 0
  #bytes = 0
  /** Of everything that was ever pushed. */
  #pushed = 0
  #pushedBytes = 0

  constructor(numbers: OffsetNumbers) {
    this.#numbers = numbers
  }

  /** With what kafkajs's objects take; a batch counts until it was read to its end. */
  get bytes(): number {
    return this.#bytes
  }

  get isEmpty(): boolean {
    return this.#fetched.length === 0
  }

  /** Messages. */
  get length(): number {
    return this.#fetched.reduce((sum, { messages }) => sum + messages.length, 0) - this.#at
  }

  /** Of keys and values of a message. */
  get meanBytes(): number {
    return this.#pushed === 0 ? 0 : this.#pushedBytes / this.#pushed - objectBytes
  }

  /** Batches in their order; the first from {@link at} on. */
  get batches(): readonly Fetched[] {
    return this.#fetched
  }

  get at(): number {
    return this.#at
  }

  /** The next message; only when there is one. */
  get head(): Message {
    return this.#fetched[0]!.messages[this.#at]!
  }

  get headNumber(): number {
    return this.numberOf(this.#fetched[0]!, this.#at)
  }

  numberOf(batch: Fetched, index: number): number {
    return batch.isDense ? batch.first + index : this.#numbers.numberOf(batch.messages[index]!.offset)
  }

  /** The message behind the next `count` ones; only when there is one. */
  peek(count: number): Message {
    let index = this.#at + count
    for (const { messages } of this.#fetched) {
      if (index < messages.length) return messages[index]!
      index -= messages.length
    }
    throw new RangeError('BUG: a message that is not there')
  }

  /** Appends messages from the number `from` on: what came before a fault may come again. */
  push(messages: readonly Message[], from: number): void {
    const { length } = messages
    if (length === 0) return
    const first = this.#numbers.numberOf(messages[0]!.offset)
    const last = this.#numbers.numberOf(messages[length - 1]!.offset)
    if (last < from) return
    const isDense = last - first === length - 1
    let skipped = 0
    if (first < from) {
      if (isDense) skipped = from - first
      else while (this.#numbers.numberOf(messages[skipped]!.offset) < from) skipped += 1
    }
    const rest = skipped === 0 ? messages : messages.slice(skipped)
    let bytes = 0
    for (let i = 0; i < rest.length; i += 1) {
      const { value, key } = rest[i]!
      bytes += objectBytes + (value === null ? 0 : value.length) + (key === null ? 0 : key.length)
    }
    this.#fetched.push({ messages: rest, first: isDense ? first + skipped : first, isDense, bytes })
    this.#bytes += bytes
    this.#pushed += rest.length
    this.#pushedBytes += bytes
  }

  /** Takes the next `count` messages away. */
  drop(count: number): void {
    this.#at += count
    let batch = this.#fetched[0]
    while (batch !== undefined && this.#at >= batch.messages.length) {
      this.#at -= batch.messages.length
      this.#bytes -= batch.bytes
      this.#fetched.shift()
      batch = this.#fetched[0]
    }
  }

  clear(): void {
    this.#fetched = []
    this.#at = 0
    this.#bytes = 0
  }
}
