// Costs of attempts as they come, for counters.
import type { Attempt } from './attempt.ts'

/** What tiers are filled up for. */
export interface CostAccount {
  /** YYYY-MM in Beijing. */
  readonly month: string
  /** Empty where nobody knows it, or where the book does not tell regions apart. */
  readonly region: string
}

export interface AttemptCosts {
  readonly currency: string
  /** Null for an attempt without a price: nobody knows when it ran, or it is older than the book. */
  accountOf(attempt: Attempt): CostAccount | null
  /** What the attempt's CU cost when its account had `before` CU in its month already. For attempts with an account and CU only. */
  amountOf(attempt: Attempt, before: number): number
}
