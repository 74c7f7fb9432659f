// What is known of streams of text between their chunks: what they are the continuation of, and which stand within a line that is
// too long.

/** Streams that go on in others; with more the oldest is forgotten, and text that goes on there has a key of its own. */
const maxStreams = 65_536

export interface SavedRouteStreams {
  readonly firsts: readonly (readonly [string, string])[]
  readonly skipping: readonly string[]
}

export class RouteStreams {
  /** The first stream of a row of streams, by each of the others: all have its key. */
  readonly #firsts = new Map<string, string>()
  readonly #skipping = new Set<string>()

  firstOf(id: string): string {
    return this.#firsts.get(id) ?? id
  }

  /** False when that is known. */
  goOn(from: string, to: string): boolean {
    if (this.#firsts.has(to)) return false
    this.#firsts.set(to, this.firstOf(from))
    if (this.#firsts.size > maxStreams) {
      const [oldest] = this.#firsts.keys()
      if (oldest !== undefined) this.#firsts.delete(oldest)
    }
    return true
  }

  isSkipping(id: string): boolean {
    return this.#skipping.has(id)
  }

  setSkipping(id: string, isSkipping: boolean): void {
    if (isSkipping) this.#skipping.add(id)
    else this.#skipping.delete(id)
  }

  save(): SavedRouteStreams {
    return { firsts: [...this.#firsts], skipping: [...this.#skipping] }
  }

  load({ firsts, skipping }: SavedRouteStreams): void {
    for (const [to, first] of firsts) this.#firsts.set(to, first)
    for (const id of skipping) this.#skipping.add(id)
  }
}
