// Divides spans of time into windows of few rows, in order of time: whoever pages behind many rows waits longer for each page.
import type { Seconds } from './search-api.ts'

/** A window and how many rows the service has counted in it. */
export interface Window extends Seconds {
  readonly rows: number
}

export interface WindowPlanParts {
  readonly maxRows: number
  readonly count: (window: Seconds) => Promise<number>
}

export class WindowPlan {
  readonly #parts: WindowPlanParts
  /** Those still to come; the next one at the end. */
  readonly #waiting: Window[]

  /** `spans`: in order of time. */
  constructor(spans: readonly Window[], parts: WindowPlanParts) {
    this.#parts = parts
    this.#waiting = spans.toReversed()
  }

  /** The next window with rows in it; null behind the last. A single second is not divided. */
  async next(): Promise<Window | null> {
    for (let window = this.#waiting.pop(); window !== undefined; window = this.#waiting.pop()) {
      if (window.rows === 0) continue
      if (window.rows <= this.#parts.maxRows || !isDivisible(window)) return window
      this.#waiting.push(...(await this.divide(window)))
    }
    return null
  }

  /** Both halves, the later one first. What is not in the earlier one is in the later. */
  async divide(window: Window): Promise<readonly [Window, Window]> {
    const middle = Math.floor((window.from + window.to) / 2)
    const earlier = { from: window.from, to: middle }
    const rows = await this.#parts.count(earlier)
    const later = { from: middle, to: window.to }
    // Rows have come since the whole was counted.
    const rest = rows > window.rows ? await this.#parts.count(later) : window.rows - rows
    return [
      { ...later, rows: rest },
      { ...earlier, rows },
    ]
  }
}

export const isDivisible = ({ from, to }: Seconds): boolean => to - from > 1
