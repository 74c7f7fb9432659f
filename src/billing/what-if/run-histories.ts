// Calls of one function, one by one, into how it ran.
import type { EraQuestion, RunHistory } from '../../model/run-history.ts'
import { type BilledAttempt, beganMs, isBilled, isCall } from '../billed-attempt.ts'
import { eraAt } from './era-at.ts'

/** An attempt with its peak of memory. */
export interface MeasuredAttempt extends BilledAttempt {
  readonly maxMemoryUsedMB: number | null
}

interface Era {
  readonly slowMs: number | null
  readonly durations: number[]
  readonly peaks: number[]
}

export class RunHistories {
  readonly #questions: readonly EraQuestion[]
  readonly #limitMB: number
  readonly #eras = new Map<number, Era>()

  /** `limitMB`: of memory; infinite where none is asked about. */
  constructor(questions: readonly EraQuestion[], limitMB: number) {
    this.#questions = questions
    this.#limitMB = limitMB
  }

  add(attempt: MeasuredAttempt): void {
    if (!isCall(attempt) || !isBilled(attempt)) return
    const { durationMs, maxMemoryUsedMB } = attempt
    const atMs = beganMs(attempt) ?? 0
    const index = eraAt(this.#questions, atMs)
    let era = this.#eras.get(index)
    if (era === undefined) {
      era = { slowMs: this.#questions[index]?.slowMs ?? null, durations: [], peaks: [] }
      this.#eras.set(index, era)
    }
    if (durationMs !== null) era.durations.push(durationMs)
    if (maxMemoryUsedMB !== null) era.peaks.push(maxMemoryUsedMB)
  }

  /** In the order of time; eras without a call are not among them. */
  histories(): readonly RunHistory[] {
    return [...this.#eras].sort(([a], [b]) => a - b).map(([era, of]) => this.#sumUp(era, of))
  }

  #sumUp(era: number, { durations, peaks, slowMs }: Era): RunHistory {
    const ms = Float64Array.from(durations).sort()
    const MB = Float64Array.from(peaks).sort()
    const limit = this.#limitMB
    return {
      era,
      calls: ms.length,
      meanMs: ms.length === 0 ? null : ms.reduce((sum, value) => sum + value, 0) / ms.length,
      p50Ms: quantile(ms, 0.5),
      p99Ms: quantile(ms, 0.99),
      maxMs: ms.at(-1) ?? null,
      slow: slowMs === null ? 0 : ms.filter(value => value > slowMs).length,
      peaks: MB.length,
      p99PeakMB: quantile(MB, 0.99),
      maxPeakMB: MB.at(-1) ?? null,
      above: MB.filter(value => value > limit).length,
      near: MB.filter(value => value > 0.9 * limit).length,
    }
  }
}

/** The value at that share of the sorted ones, as the store's quantileExact takes it. */
const quantile = (sorted: Float64Array, level: number): number | null =>
  sorted[Math.floor(level * sorted.length)] ?? null
