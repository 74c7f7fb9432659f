// How a loop leaves the thread to others: for a moment while it is busy, and until it is woken while there is nothing to do.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** So long a loop keeps the thread at most. */
const turnMs = 20

export class LoopPace {
  #isStopping = false
  #turnBeganMs = 0
  #wake: (() => void) | null = null
  /** It was woken while it did not sleep. */
  #isAwake = false

  /** Something may have changed. */
  wake(): void {
    this.#isAwake = true
    this.#wake?.()
  }

  /** It sleeps no more. */
  stop(): void {
    this.#isStopping = true
    this.wake()
  }

  /** Every timer, signal and answer needs its turn, however much there is to do. */
  async yield(): Promise<void> {
    if (performance.now() - this.#turnBeganMs < turnMs) return
    await nextTurn()
    this.#turnBeganMs = performance.now()
  }

  /** Until {@link wake} or for so long. */
  async sleep(ms: number): Promise<void> {
    if (!this.#isAwake && !this.#isStopping) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, ms)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.#wake = null
    this.#isAwake = false
    this.#turnBeganMs = performance.now()
  }
}
