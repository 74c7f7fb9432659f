// The batch at hand: what was taken, in order, so that it can be gone through again exactly as it was.
import type { BatchStep } from '../model/batch-commit.ts'

/** Steps of one batch. */
export class Batch {
  #steps: BatchStep[] = []
  #takes = 0
  #mustCommit = false
  #bytes = 0
  /** When the first record of the batch was taken, by the clock that only grows; NaN while there is none. */
  openedMs = Number.NaN

  get isEmpty(): boolean {
    return this.#takes === 0 && !this.#mustCommit
  }

  get steps(): readonly BatchStep[] {
    return this.#steps
  }

  /** Bytes of sources that were taken. */
  get bytes(): number {
    return this.#bytes
  }

  time(unixMs: number): void {
    this.#steps.push(['time', unixMs])
  }

  give(): void {
    this.#steps.push(['give'])
  }

  giveClosed(): void {
    this.#steps.push(['giveClosed'])
  }

  giveAll(): void {
    this.#steps.push(['giveAll'])
  }

  goOn(from: string, to: string): void {
    this.#steps.push(['goOn', from, to])
    this.#mustCommit = true
  }

  /** A range of a stream; one that goes on where the last one ended becomes part of it. */
  take(taken: { source: string; streamId: string; from: number; to: number; nowMs: number }): void {
    const { source, streamId, from, to, nowMs } = taken
    if (this.#takes === 0) this.openedMs = nowMs
    this.#takes += 1
    this.#bytes += to - from
    const last = this.#steps.at(-1)
    const goesOn = last !== undefined && last[0] === 'take' && last[2] === streamId && last[4] === from
    if (goesOn) this.#steps[this.#steps.length - 1] = ['take', source, streamId, last[3], to]
    else this.#steps.push(['take', source, streamId, from, to])
  }

  /** Records of a partition. */
  takeRecords(taken: { bytes: number; nowMs: number }): void {
    if (this.#takes === 0) this.openedMs = taken.nowMs
    this.#takes += 1
    this.#bytes += taken.bytes
  }

  clear(): void {
    this.#steps = []
    this.#takes = 0
    this.#mustCommit = false
    this.#bytes = 0
    this.openedMs = Number.NaN
  }
}
