// How much memory replies may take: what is being pulled, and what was pulled and is not yet read.

/** A reply's part. */
export interface MemoryShare {
  /** It turned out to be so many bytes. */
  resize(bytes: number): void
  /** It is not urgent any more. Safe twice. */
  calm(): void
  /** Safe twice. */
  release(): void
}

/**
 * Shards that have to be read before all others have as much of their own: what was pulled of the others lies there until those are
 * done, and must not keep them from it.
 */
export class PullMemory {
  readonly #usual: Pool
  readonly #urgent: Pool

  constructor(maxBytes: number) {
    this.#usual = new Pool(maxBytes)
    this.#urgent = new Pool(maxBytes)
  }

  get usedBytes(): number {
    return this.#usual.used + this.#urgent.used
  }

  /** Resolves when there is room for so many bytes, or nothing else is there. An abort rejects with the signal's reason. */
  async take(bytes: number, options: { isUrgent: boolean; signal: AbortSignal }): Promise<MemoryShare> {
    const pool = options.isUrgent ? this.#urgent : this.#usual
    await pool.take(bytes, options.signal)
    return new Share(pool, this.#usual, bytes)
  }
}

class Share implements MemoryShare {
  #pool: Pool
  readonly #usual: Pool
  #bytes: number

  constructor(pool: Pool, usual: Pool, bytes: number) {
    this.#pool = pool
    this.#usual = usual
    this.#bytes = bytes
  }

  resize(bytes: number): void {
    this.#pool.add(bytes - this.#bytes)
    this.#bytes = bytes
  }

  calm(): void {
    if (this.#pool === this.#usual) return
    this.#pool.add(-this.#bytes)
    this.#pool = this.#usual
    this.#pool.add(this.#bytes)
  }

  release(): void {
    this.resize(0)
  }
}

interface Waiting {
  readonly bytes: number
  readonly go: () => void
}

class Pool {
  readonly #max: number
  /** In the order in which they came; as many as there are shards at most. */
  readonly #waiting = new Set<Waiting>()
  used = 0

  constructor(max: number) {
    this.#max = max
  }

  take(bytes: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(waiting)
        reject(signal.reason)
        this.#serve()
      }
      const go = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const waiting: Waiting = { bytes, go }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(waiting)
      this.#serve()
    })
  }

  add(bytes: number): void {
    this.used += bytes
    this.#serve()
  }

  #serve(): void {
    for (const waiting of this.#waiting) {
      if (this.used > 0 && this.used + waiting.bytes > this.#max) return
      this.#waiting.delete(waiting)
      this.used += waiting.bytes
      waiting.go()
    }
  }
}
