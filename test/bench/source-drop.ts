// The least that a worker can do with a partitioned source: takes everything and forgets it.
import type { PartitionedSource } from '../../src/model/partitioned-source.ts'

const windowBytes = 256 * 1024
const turnMs = 20
const idleMs = 100

export interface DropTotal {
  readonly records: number
  readonly rows: number
  /** Records that were taken. */
  readonly taken: () => number
}

/** Runs until so many records came. */
export class SourceDrop {
  readonly attempts = 0
  readonly unaccounted = 0
  readonly #source: PartitionedSource
  readonly #total: DropTotal
  #wakeUp: (() => void) | null = null

  constructor(source: PartitionedSource, total: DropTotal) {
    this.#source = source
    this.#total = total
  }

  /** As if all records had as many. */
  get rows(): number {
    const { taken, records, rows } = this.#total
    return (taken() / records) * rows
  }

  wake(): void {
    this.#wakeUp?.()
  }

  async run(): Promise<void> {
    const window = new Uint8Array(windowBytes)
    let turnBeganMs = performance.now()
    while (this.#total.taken() < this.#total.records) {
      for (const move of this.#source.takeMoves())
        if (move.kind === 'assigned') this.#source.begin(move.partition, move.position, [])
      const hasTaken = await this.#takeNext(window)
      if (!hasTaken) await this.#sleep()
      else if (performance.now() - turnBeganMs < turnMs) continue
      else await new Promise(setImmediate)
      turnBeganMs = performance.now()
    }
  }

  async #takeNext(window: Uint8Array): Promise<boolean> {
    const chunk = await this.#source.read(window)
    if (chunk === null) return false
    this.#source.advance(chunk, chunk.length)
    return true
  }

  async #sleep(): Promise<void> {
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, idleMs)
      this.#wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wakeUp = null
  }
}
