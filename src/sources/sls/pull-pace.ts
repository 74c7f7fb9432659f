// How long to wait between two pulls of a shard (facts §3.4), and how long after one that failed (§8).
import { Backoff } from '../../lib/backoff.ts'
import type { SlsFailureKind } from './client/sls-api.ts'

/** The most that one pull may ask for. */
export const maxPullGroups = 1000

const mebibyte = 1024 * 1024
/** Behind the newest record. */
const idleMs = 500
/** A shard gives 100 answers a second at most, to all its readers together: small pulls in a row keep within half of that. */
const smallPullMs = 20

export interface PullSize {
  /** LogGroups that were asked for. */
  readonly asked: number
  readonly groups: number
  /** What was read for it, before a filter. */
  readonly rawBytes: number
  readonly isAtEnd: boolean | null
  /** False: the next cursor is the one that was asked for. */
  readonly hasMoved: boolean
}

/** From the beginning of the pull, in ms. */
export function paceMs({ asked, groups, rawBytes, isAtEnd, hasMoved }: PullSize): number {
  if (!hasMoved) return idleMs
  if (groups >= asked || rawBytes >= 4 * mebibyte || (isAtEnd === false && rawBytes >= mebibyte)) {
    return asked < maxPullGroups ? smallPullMs : 0
  }
  // The platform's own clients wait by the size alone; but where more is there, waiting only makes it more.
  if (isAtEnd === false) return smallPullMs
  if (groups < 100 && rawBytes < mebibyte) return idleMs
  if (groups < 500 && rawBytes < 2 * mebibyte) return 200
  return 50
}

/** Waits after failures in a row: longer each time, and longer where a repetition is of less use. */
export class RetryWaits {
  readonly #usual: Backoff
  readonly #quota: Backoff
  readonly #refused: Backoff
  #tries = 0

  /** `random`: from 0 (included) to 1 (excluded). */
  constructor(random: () => number) {
    this.#usual = new Backoff({ firstMs: 200, maxMs: 10_000, random })
    // A wait is between half and all of its length, so the first one takes 1 s or more.
    this.#quota = new Backoff({ firstMs: 2000, maxMs: 10_000, random })
    this.#refused = new Backoff({ firstMs: 5000, maxMs: 60_000, random })
  }

  /** Failures since the last {@link reset}. */
  get tries(): number {
    return this.#tries
  }

  nextMs(kind: SlsFailureKind): number {
    this.#tries += 1
    if (kind === 'quota') return this.#quota.nextMs()
    const isRefused = kind === 'denied' || kind === 'missing' || kind === 'fatal'
    return isRefused ? this.#refused.nextMs() : this.#usual.nextMs()
  }

  reset(): void {
    this.#tries = 0
    for (const backoff of [this.#usual, this.#quota, this.#refused]) backoff.reset()
  }
}
