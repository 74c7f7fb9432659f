// How a function ran, summed up: what a change of its size is judged by.

/** What is asked about calls of one function that began in one era: between two moments at which functions.yaml changes. */
export interface EraQuestion {
  /** Unix ms; null for the first era. */
  readonly fromMs: number | null
  /** Longer calls would not end in time; null when nobody knows. */
  readonly slowMs: number | null
}

/** Calls that ran. Quantiles are values that were seen. */
export interface RunHistory {
  /** Index of the era. */
  readonly era: number
  /** With a known duration. */
  readonly calls: number
  readonly meanMs: number | null
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly maxMs: number | null
  /** Longer than {@link EraQuestion.slowMs}. */
  readonly slow: number
  /** With a known peak of memory. */
  readonly peaks: number
  readonly p99PeakMB: number | null
  readonly maxPeakMB: number | null
  /** Peaks above the limit that is asked about. */
  readonly above: number
  /** Peaks above nine tenths of it. */
  readonly near: number
}
