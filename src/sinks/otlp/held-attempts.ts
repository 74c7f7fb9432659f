// Attempts that are over and whose metrics row may still come: their spans are not sent until it has, or has been waited for long enough.
import type { Attempt } from '../../model/attempt.ts'

/** Attempts that are held at most; with more the one that was held first goes. Of those that went without their row as many are remembered. */
export const maxHeld = 65_536

/** An attempt as it was given out last. */
export interface HeldAttempt {
  readonly attempt: Attempt
  /** Trace id (4 words) and span id (2 words) that follow from the identity; null when those of the attempt hold. */
  readonly words: Int32Array | null
  /** Where its records came from. */
  readonly home: string
  /** Since when it has been held, unix ms. */
  readonly sinceMs: number
}

/** In a snapshot. */
export interface SavedHeld {
  readonly held: readonly (readonly [key: string, held: HeldAttempt])[]
  readonly gone: readonly string[]
}

/** Keys are span ids that follow from identities. Attempts go in the order in which they came. */
export class HeldAttempts {
  readonly #held = new Map<string, HeldAttempt>()
  /** Those that went without their row. */
  readonly #gone = new Set<string>()

  get isEmpty(): boolean {
    return this.#held.size === 0
  }

  has(key: string): boolean {
    return this.#held.size > 0 && this.#held.has(key)
  }

  /** True when its spans were sent: it must not be held again. */
  hasGone(key: string): boolean {
    return this.#gone.size > 0 && this.#gone.has(key)
  }

  /** Holds a copy, in the place of what is held of it already. */
  hold(key: string, { attempt, words, home, sinceMs }: HeldAttempt): void {
    const before = this.#held.get(key)
    const { flags, causes, sources, levels } = attempt
    const copy = { ...attempt, flags: [...flags], causes: [...causes], sources: { ...sources }, levels: { ...levels } }
    this.#held.set(key, {
      attempt: copy,
      words: words?.slice() ?? null,
      home,
      sinceMs: before === undefined ? sinceMs : before.sinceMs,
    })
  }

  /** It is not held any more, if it was. */
  drop(key: string): void {
    if (this.#held.size > 0) this.#held.delete(key)
  }

  /** Takes out those that have been held since then or longer, and those that are too many. */
  *goSince(ms: number): Generator<HeldAttempt> {
    for (const [key, held] of this.#held) {
      if (held.sinceMs > ms && this.#held.size <= maxHeld) return
      this.#held.delete(key)
      this.#remember(key)
      yield held
    }
  }

  #remember(key: string): void {
    this.#gone.add(key)
    if (this.#gone.size <= maxHeld) return
    for (const oldest of this.#gone) {
      this.#gone.delete(oldest)
      return
    }
  }

  /** What came from these homes is somebody else's. */
  forget(isGone: (home: string) => boolean): void {
    for (const [key, { home }] of this.#held) if (isGone(home)) this.#held.delete(key)
  }

  save(): SavedHeld {
    return { held: [...this.#held], gone: [...this.#gone] }
  }

  load(saved: SavedHeld): void {
    for (const [key, held] of saved.held) this.#held.set(key, held)
    for (const key of saved.gone) this.#gone.add(key)
  }
}
