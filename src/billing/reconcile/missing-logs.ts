// Requests that the platform counted or billed, and that our attempts do not have.
import Big from 'big.js'
import type { Cell } from './cell.ts'
import type { CellContext } from './cell-context.ts'
import type { Fact } from './reason.ts'
import type { Candidate } from './share-out.ts'

type Calls = Extract<Fact, { fact: 'calls' }>
const zero = new Big(0)

/** Requests on both sides, those that are not billed or cannot be priced as well; null when nobody else counted. */
export function callsOf({ ours, bill, monitored, left }: Cell): Calls | null {
  const known =
    ours.invocations +
    (['notBilled', 'unknownConfig', 'noPrice'] as const).reduce((sum, why) => sum + (left.get(why) ?? 0), 0)
  if (monitored !== null) return { fact: 'calls', ours: known, theirs: monitored, by: 'cloudMonitor' }
  const billed = bill?.invocations ?? null
  return billed === null ? null : { fact: 'calls', ours: known, theirs: billed.toNumber(), by: 'bill' }
}

/**
 * Null when nothing speaks for it. With `hasOther` something else already speaks for hours and days without attempts, so that only
 * calls can.
 */
export function missingLogsOf(context: CellContext, { hasOther }: { hasOther: boolean }): Candidate | null {
  const { cell, cuPerCall, price } = context
  const calls = callsOf(cell)
  const hours = hoursWithout(cell)
  if (calls !== null) {
    if (calls.theirs <= calls.ours) return null
    const estimate = cuPerCall?.times(calls.theirs - calls.ours).times(price) ?? null
    const facts: Fact[] = [calls, ...(hours === null ? [] : [hours.fact]), ...absenceOf(context)]
    return { code: 'missingLogs', estimate, isMeasured: false, facts }
  }
  if (hasOther) return null
  if (hours !== null) {
    const facts: Fact[] = [hours.fact, ...absenceOf(context)]
    return { code: 'missingLogs', estimate: hours.payable, isMeasured: true, facts }
  }
  const absence = absenceOf(context)
  return absence.length === 0 ? null : { code: 'missingLogs', estimate: null, isMeasured: false, facts: absence }
}

/** Hours that the bill has and we do not, with what they cost. */
function hoursWithout({ bill, ours }: Cell): { readonly fact: Fact; readonly payable: Big } | null {
  if (bill === null || bill.hours.size === 0) return null
  const own = new Set(
    ours.hours.filter(({ invocations, activeMs }) => invocations > 0 || activeMs > 0).map(({ hourMs }) => hourMs),
  )
  let payable = zero
  let hours = 0
  for (const [hourMs, hour] of bill.hours) {
    if (own.has(hourMs) || (hour.cu.eq(0) && hour.payable.eq(0))) continue
    hours += 1
    payable = payable.plus(hour.payable)
  }
  return hours === 0 ? null : { fact: { fact: 'hoursWithoutAttempts', hours, of: bill.hours.size }, payable }
}

function absenceOf({ cell, isDayInAttempts, rules }: CellContext): readonly Fact[] {
  const { ours, functionName, serviceName } = cell
  if (ours.invocations > 0 || ours.activeMs > 0) return []
  const facts: Fact[] = [{ fact: 'noAttempts', ofAny: !isDayInAttempts }]
  const isKnown =
    functionName === null || rules.configOf({ functionName, serviceName, qualifier: null }, Number.NaN) !== null
  return isKnown ? facts : [...facts, { fact: 'notInFunctionsFile' }]
}
