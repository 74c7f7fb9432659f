// Merges the instances' streams in a random order in which each stream keeps its own, as shards and partitions do.
import type { Random } from '../lib/random.ts'
import type { Emission } from './emission.ts'

/** Records held back to choose from. */
const windowSize = 4096

export class Shuffler {
  readonly #next: () => Emission | undefined
  readonly #random: Random
  readonly #queues: Emission[][] = []
  readonly #byStream = new Map<unknown, Emission[]>()
  #held = 0

  constructor(next: () => Emission | undefined, random: Random) {
    this.#next = next
    this.#random = random
  }

  next(): Emission | undefined {
    while (this.#held < windowSize) {
      const emission = this.#next()
      if (emission === undefined) break
      this.#hold(emission)
    }
    if (this.#held === 0) return undefined
    const at = this.#random.below(this.#queues.length)
    const queue = this.#queues[at]
    const emission = queue?.shift()
    this.#held -= 1
    if (queue !== undefined && queue.length === 0) this.#drop(queue, at)
    return emission
  }

  #hold(emission: Emission): void {
    const key = streamKey(emission)
    let queue = this.#byStream.get(key)
    if (queue === undefined) {
      queue = []
      this.#byStream.set(key, queue)
      this.#queues.push(queue)
    }
    queue.push(emission)
    this.#held += 1
  }

  #drop(queue: Emission[], at: number): void {
    const last = this.#queues.pop()
    if (last !== undefined && last !== queue) this.#queues[at] = last
    for (const [key, held] of this.#byStream) if (held === queue) this.#byStream.delete(key)
  }
}

/** Rows of functions that do not name instances share one stream. */
const streamKey = ({ instance }: Emission): unknown => (instance.profile.namesInstance ? instance : instance.profile)
