// Quantiles of durations in fixed memory: buckets that grow by 4.4 %.
const bucketsPerDoubling = 16
/** Up to 2^27 ms, more than a day: the longest a task may run. */
const buckets = 27 * bucketsPerDoubling

export class DurationHistogram {
  count = 0
  readonly #counts = new Uint32Array(buckets)

  add(durationMs: number): void {
    const bucket = Math.floor(Math.log2(durationMs + 1) * bucketsPerDoubling)
    const index = Math.min(buckets - 1, Math.max(0, bucket))
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.count += 1
  }

  /** The upper bound of the bucket in which the quantile lies, in ms; null without durations. */
  quantileMs(share: number): number | null {
    let left = Math.ceil(share * this.count)
    if (left === 0) return null
    for (let index = 0; index < buckets; index++) {
      left -= this.#counts[index] ?? 0
      if (left <= 0) return 2 ** ((index + 1) / bucketsPerDoubling) - 1
    }
    return null
  }
}
