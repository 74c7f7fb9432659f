// Which shards there are, as of a little while ago.
import type { Shard, SlsApi } from './client/sls-api.ts'

/** One look for all who ask at the same time, and none for a question before `maxAgeMs` are over. */
export class ShardList {
  readonly #api: SlsApi
  readonly #monotonicMs: () => number
  readonly #maxAgeMs: number
  readonly #signal: AbortSignal
  #shards: readonly Shard[] = []
  #lookedMs = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | null = null

  /** `signal` ends a look that is under way. */
  constructor(parts: { api: SlsApi; monotonicMs: () => number; maxAgeMs: number; signal: AbortSignal }) {
    this.#api = parts.api
    this.#monotonicMs = parts.monotonicMs
    this.#maxAgeMs = parts.maxAgeMs
    this.#signal = parts.signal
  }

  /** Nothing is written into it any more, as of so long ago. */
  async isReadonly(shard: number, maxAgeMs = this.#maxAgeMs): Promise<boolean> {
    if (this.#monotonicMs() - this.#lookedMs >= maxAgeMs) await this.look()
    return this.#shards.some(({ id, isReadonly }) => id === shard && isReadonly)
  }

  /** As of the last look. */
  get ids(): readonly number[] {
    return this.#shards.map(({ id }) => id)
  }

  async look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    await this.#looking
  }

  async #look(): Promise<void> {
    // One that fails counts as well: the service limits such calls.
    this.#lookedMs = this.#monotonicMs()
    this.#shards = await this.#api.listShards(this.#signal)
  }
}
