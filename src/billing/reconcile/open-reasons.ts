// What is left of a difference is a gap: attempts that are missing or not whole, or lines of the bill that are. Each candidate has
// something that speaks for it; together they share what is left.
import type Big from 'big.js'
import type { LeftReason } from '../gather-usage.ts'
import type { CellContext } from './cell-context.ts'
import type { Explanation } from './explanation.ts'
import { coversMost, untoldIdleOf } from './idle.ts'
import { callsOf, missingLogsOf } from './missing-logs.ts'
import type { Fact, ReasonCode } from './reason.ts'
import { type Candidate, shareOut } from './share-out.ts'

/** When instances began to be kept after their last request, unix ms, and for how long (facts §D.4). */
const keptFromMs = Date.parse('2025-12-09T00:00:00+08:00')
const keptSeconds = 60

/** `cuMore`: CU that the bill has more than we; null when it tells none. */
export function explainGap(explanation: Explanation, context: CellContext, cuMore: Big | null): void {
  const { rest } = explanation
  if (rest.abs().lte(context.slack)) return
  if (rest.lt(0)) explainTooMuch(explanation, context)
  else shareOut(explanation, candidatesOf(context, rest, cuMore))
}

/** We have more than the bill. */
function explainTooMuch(explanation: Explanation, context: CellContext): void {
  const { cell, price, cuPerCall, isDayOnBill } = context
  const { rest } = explanation
  if (cell.bill === null || cell.bill.lines === 0) {
    explanation.take('missingBillLines', rest, [{ fact: 'noBillLines', hasOthers: isDayOnBill }])
    return
  }
  const calls = callsOf(cell)
  if (calls === null || calls.ours <= calls.theirs) return
  const estimate =
    cuPerCall
      ?.times(calls.ours - calls.theirs)
      .times(price)
      .neg() ?? null
  shareOut(explanation, [{ code: 'extraAttempts', estimate, isMeasured: false, facts: [calls] }])
}

function candidatesOf(context: CellContext, rest: Big, cuMore: Big | null): readonly Candidate[] {
  const idle = idleOf(context)
  const found: Candidate[] = idle === null ? [] : [idle]
  const unmeasured = leftOf(context)
  found.push(...unmeasured)
  const isIdleEnough = idle?.estimate != null && coversMost(idle.estimate, rest)
  const logs = missingLogsOf(context, {
    hasOther: isIdleEnough || unmeasured.some(({ code }) => code === 'unknownConfig'),
  })
  if (logs !== null) found.push(logs)
  return found.length === 0 ? weakCandidates(context, cuMore) : found
}

function idleOf({ cell, rules, price }: CellContext): Candidate | null {
  const { bill, ours } = cell
  const facts: Fact[] = []
  let cu: Big | null = null
  if (bill?.asleepCU.gt(0) === true && ours.asleepMs === 0) {
    cu = bill.asleepCU
    facts.push({ fact: 'asleepCU', ours: '0', bill: bill.asleepCU.toFixed() })
  }
  const untold = untoldIdleOf(cell, rules)
  if (untold !== null) {
    cu ??= untold.cu
    facts.push({
      fact: 'minInstances',
      count: untold.minInstances,
      knownSeconds: Math.round(untold.knownMs / 1000),
    })
  }
  return cu === null ? null : { code: 'provisionedIdle', estimate: cu.times(price), isMeasured: true, facts }
}

const leftCodes: readonly (readonly [LeftReason, ReasonCode])[] = [
  ['noDuration', 'missingMetrics'],
  ['unknownConfig', 'unknownConfig'],
  ['noTime', 'unknownTime'],
  ['noPrice', 'olderThanBook'],
]

function leftOf({ cell, cuPerCall, price }: CellContext): readonly Candidate[] {
  return leftCodes.flatMap(([why, code]) => {
    const count = cell.left.get(why) ?? 0
    if (count === 0) return []
    // Of the others not even the size is known.
    const estimate = code === 'missingMetrics' ? (cuPerCall?.times(count).times(price) ?? null) : null
    return [{ code, estimate, isMeasured: false, facts: [{ fact: 'attemptsLeftOut', why, count }] }]
  })
}

/** Nothing speaks for a reason but that the bill has more. */
function weakCandidates({ cell, cuPerCall }: CellContext, cuMore: Big | null): readonly Candidate[] {
  const { ours, bill } = cell
  if (ours.invocations === 0 || bill === null) return []
  const facts: Fact[] = bill.cu === null ? [] : [{ fact: 'cu', ours: ours.cu.toFixed(), bill: bill.cu.toFixed() }]
  const calls = callsOf(cell)
  const found: Candidate[] = []
  // All calls are there, so it is time between and after them.
  if (calls === null && cuPerCall !== null && (cuMore === null || cuMore.gt(0)))
    found.push({ code: 'missingLogs', estimate: null, isMeasured: false, facts })
  const isKept = (ours.hours[0]?.hourMs ?? 0) >= keptFromMs
  if (isKept) {
    const kept: Fact = { fact: 'keptAfterLastRequest', seconds: keptSeconds }
    found.push({
      code: 'releaseDelay',
      estimate: null,
      isMeasured: false,
      facts: calls === null ? [kept] : [calls, kept],
    })
  }
  return found
}
