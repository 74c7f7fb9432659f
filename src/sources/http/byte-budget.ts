// How many bytes of bodies may be in memory at once, over all requests.

export class ByteBudget {
  readonly #max: number
  #held = 0

  constructor(max: number) {
    this.#max = max
  }

  get held(): number {
    return this.#held
  }

  /** A share for one request, which must be given back at its end. */
  share(): BudgetShare {
    let own = 0
    return {
      tryTake: bytes => {
        if (this.#held + bytes > this.#max) return false
        this.#held += bytes
        own += bytes
        return true
      },
      take: bytes => {
        this.#held += bytes
        own += bytes
      },
      giveBack: () => {
        this.#held -= own
        own = 0
      },
    }
  }
}

export interface BudgetShare {
  /** False when there is not so much left; nothing is taken then. */
  tryTake(bytes: number): boolean
  /** Takes what is in memory already, also beyond the budget: then others have to wait. */
  take(bytes: number): void
  giveBack(): void
}
