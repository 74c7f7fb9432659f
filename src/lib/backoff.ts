// How long to wait before trying again: longer each time, spread by chance so that many do not come back together.

export interface BackoffOptions {
  readonly firstMs: number
  readonly maxMs: number
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number
}

/** Waits that double from `firstMs` to `maxMs`, each between half and all of its length. */
export class Backoff {
  readonly #options: BackoffOptions
  #tries = 0

  constructor(options: BackoffOptions) {
    this.#options = options
  }

  /** Tries that failed since the last {@link reset}. */
  get tries(): number {
    return this.#tries
  }

  nextMs(): number {
    const { firstMs, maxMs, random } = this.#options
    const full = Math.min(maxMs, firstMs * 2 ** Math.min(this.#tries, 30))
    this.#tries += 1
    return full / 2 + (full / 2) * random()
  }

  reset(): void {
    this.#tries = 0
  }
}
