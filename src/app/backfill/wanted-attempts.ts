// Lets only those attempts into the rows of a batch that are wanted.
import type { Attempt } from '../../model/attempt.ts'
import type { AttemptRowTaker, GivenRow } from '../../pipeline/emission.ts'
import type { AttemptRows } from '../../sinks/clickhouse/attempt-rows.ts'

export class WantedAttempts implements AttemptRowTaker {
  readonly #rows: AttemptRows
  readonly #isWanted: (attempt: Attempt) => boolean

  constructor(rows: AttemptRows, isWanted: (attempt: Attempt) => boolean) {
    this.#rows = rows
    this.#isWanted = isWanted
  }

  /** Rows of the batch so far. */
  get rows(): number {
    return this.#rows.rows
  }

  add(attempt: Attempt, given: GivenRow): void {
    if (this.#isWanted(attempt)) this.#rows.add(attempt, given)
  }

  /**
   * Nothing is taken back: what is read to its end is given out when all is known of it. And the store may know an attempt by that
   * number that was not given out here.
   */
  withdraw(): void {}
}
