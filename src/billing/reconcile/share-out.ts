// Several reasons for one gap: what each can be worked out to, and who gets the rest.
import Big from 'big.js'
import { type Explanation, within } from './explanation.ts'
import type { Fact, ReasonCode } from './reason.ts'

export interface Candidate {
  readonly code: ReasonCode
  /** Money, with the sign of the gap; null when it cannot be worked out. */
  readonly estimate: Big | null
  /** The estimate is of what is known to be there, not of averages. */
  readonly isMeasured: boolean
  readonly facts: readonly Fact[]
}

const zero = new Big(0)

/**
 * A single candidate takes the gap, unless its estimate says that it is less than half of it. Of several, measured ones take theirs;
 * averages are fitted to what is left, when they come to at least half of it; one that cannot be worked out gets the remainder, and
 * of two such nobody can say who has which part.
 */
export function shareOut(explanation: Explanation, candidates: readonly Candidate[]): void {
  const [only] = candidates
  if (only === undefined) return
  if (candidates.length === 1) {
    const { rest } = explanation
    const { code, estimate, facts } = only
    if (estimate?.abs().times(2).lt(rest.abs()) === true) explanation.take(code, estimate, facts, true)
    else explanation.take(code, rest, facts)
    return
  }
  for (const { code, estimate, facts } of candidates.filter(({ isMeasured }) => isMeasured))
    explanation.take(code, within(estimate ?? zero, explanation.rest), facts, true)
  const averaged = candidates.filter(({ estimate, isMeasured }) => !isMeasured && estimate !== null)
  const unknown = candidates.filter(({ estimate }) => estimate === null)
  shareAverages(explanation, averaged, unknown.length === 0)
  for (const { code, facts } of unknown) explanation.take(code, unknown.length === 1 ? explanation.rest : null, facts)
}

function shareAverages(explanation: Explanation, averaged: readonly Candidate[], getsAll: boolean): void {
  const sum = averaged.reduce((all, { estimate }) => all.plus(estimate ?? zero), zero)
  const { rest } = explanation
  const isTooMuch = sum.abs().gt(rest.abs())
  const isFitted = isTooMuch || (getsAll && sum.abs().times(2).gte(rest.abs()))
  for (const [i, { code, estimate, facts }] of averaged.entries()) {
    const own = estimate ?? zero
    const isLast = i === averaged.length - 1
    // The last one gets what is left, so that shares add up exactly.
    const fitted = isLast || sum.eq(0) ? explanation.rest : rest.times(own).div(sum)
    explanation.take(code, isFitted ? fitted : own, facts, true)
  }
}
