// Why a bill and our sum are apart: a closed list, each reason with what it was told by.
import type Big from 'big.js'
import type { LeftReason } from '../gather-usage.ts'

/** In the order in which they are looked for. docs/reconcile.md tells what each means. */
export const reasonCodes = [
  'adjustment',
  'coupon',
  'discount',
  'resourcePlan',
  'timeZoneEdge',
  'roundingFloor',
  'tierPosition',
  'diskRule',
  'unmappedLine',
  'undatedLine',
  'missingBillLines',
  'extraAttempts',
  'provisionedIdle',
  'missingMetrics',
  'missingLogs',
  'unknownConfig',
  'unknownTime',
  'olderThanBook',
  'releaseDelay',
  'otherPrice',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** Reasons that the bill itself accounts for, or that follow from its rules: nothing is wrong, and nothing is to be looked for. */
const settled: ReadonlySet<ReasonCode> = new Set([
  'adjustment',
  'coupon',
  'discount',
  'resourcePlan',
  'timeZoneEdge',
  'roundingFloor',
  'tierPosition',
])

export const isSettled = (code: ReasonCode): boolean => settled.has(code)

/** What a reason was told by. Decimals are exact texts. */
export type Fact =
  /** Requests that the bill or CloudMonitor counted, and those that our attempts have (billed or not). */
  | { readonly fact: 'calls'; readonly ours: number; readonly theirs: number; readonly by: 'bill' | 'cloudMonitor' }
  | { readonly fact: 'cu'; readonly ours: string; readonly bill: string }
  /** Hours in which the bill has usage and we have no attempt. */
  | { readonly fact: 'hoursWithoutAttempts'; readonly hours: number; readonly of: number }
  /** Of the function on that day; `ofAny`: of no function. */
  | { readonly fact: 'noAttempts'; readonly ofAny: boolean }
  | { readonly fact: 'attemptsLeftOut'; readonly why: LeftReason; readonly count: number }
  | { readonly fact: 'notInFunctionsFile' }
  | { readonly fact: 'deducted'; readonly cu: string; readonly of: string }
  | { readonly fact: 'deductedMoney'; readonly amount: string }
  | { readonly fact: 'coupons'; readonly amount: string }
  /** Shares of the list price. */
  | { readonly fact: 'discounts'; readonly ours: string; readonly bill: string }
  | { readonly fact: 'listPrices'; readonly ours: string; readonly bill: string }
  | { readonly fact: 'matchesListPrices' }
  | { readonly fact: 'roundedLines'; readonly unit: string; readonly lines: number }
  | { readonly fact: 'roundedOff'; readonly amount: string }
  /** The least price of an hour, which we count and the bill does not. */
  | { readonly fact: 'noFloor'; readonly hours: number; readonly amount: string }
  /** CU that we round up by function and hour, and the bill in another way. */
  | { readonly fact: 'roundedCU'; readonly ours: string; readonly exact: string; readonly bill: string }
  | { readonly fact: 'asleepCU'; readonly ours: string; readonly bill: string }
  /** `knownSeconds`: time of instances that attempts or --instances tell, of those that are always kept. */
  | { readonly fact: 'minInstances'; readonly count: number; readonly knownSeconds: number }
  /** `cu` of the hours at the edge, counted on `to` by the bill and on `from` by us. */
  | {
      readonly fact: 'edgeHours'
      readonly hours: number
      readonly from: string
      readonly to: string
      readonly cu: string
    }
  | { readonly fact: 'matchesAllDisk' }
  /** Whether the bill has lines of other functions for that day. */
  | { readonly fact: 'noBillLines'; readonly hasOthers: boolean }
  | { readonly fact: 'adjustmentLines'; readonly lines: number }
  | { readonly fact: 'lines'; readonly lines: number; readonly places: readonly string[] }
  | { readonly fact: 'unknownItem'; readonly item: string; readonly lines: number }
  /** On-demand instances are kept for a minute after their last request since 2025-12-09; attempts do not show it. */
  | { readonly fact: 'keptAfterLastRequest'; readonly seconds: number }

export interface Reason {
  readonly code: ReasonCode
  /** What of the difference (bill minus ours) it explains; null where that cannot be told apart from another reason. */
  readonly amount: Big | null
  /** The amount is worked out from averages. */
  readonly isEstimate: boolean
  readonly facts: readonly Fact[]
}
