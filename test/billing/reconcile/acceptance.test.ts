// The month of the issue: ten functions, retries, tiers, provisioned time, and faults of every kind, against a bill made from the
// truth. Every difference is found and has its right reason in first place; nothing else has one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MonitoredDay } from '../../../src/billing/bill-import/monitor-calls.ts'
import type { BilledAttempt } from '../../../src/billing/billed-attempt.ts'
import type { ReasonCode } from '../../../src/billing/reconcile/reason.ts'
import type { Reconciliation } from '../../../src/billing/reconcile/reconcile.ts'
import { configsOf, dayName, dayOf, generateMonth, hourMs, monthFunctions, monthStartMs } from './month.ts'
import { keyOf, type RunOf, run } from './run.ts'
import { apiPages, consoleCsv, dayLines, hourLines, type TrueLine } from './truth-bill.ts'

const month = generateMonth(20_260_115)
const functions = configsOf(monthFunctions)

interface Case {
  attempts: readonly BilledAttempt[]
  lives: typeof month.lives
  functions: typeof functions
  lines: TrueLine[]
  /** By `function day`. */
  readonly expected: Map<string, ReasonCode>
}

type Fault = (of: Case) => void

const isOn = (attempt: BilledAttempt, functionName: string, day: number): boolean =>
  attempt.functionName === functionName && attempt.startTimeMs !== null && dayOf(attempt.startTimeMs) === day
const hourOf = (attempt: BilledAttempt): number => Math.floor(((attempt.startTimeMs ?? 0) - monthStartMs) / hourMs) % 24
const expect = (of: Case, functionName: string, day: number, reason: ReasonCode): void =>
  void of.expected.set(`${functionName} ${dayName(day)}`, reason)

const logsLost =
  (name: string, day: number, ofHours = (_: number) => true): Fault =>
  of => {
    of.attempts = of.attempts.filter(attempt => !isOn(attempt, name, day) || !ofHours(hourOf(attempt)))
    expect(of, name, day, 'missingLogs')
  }

const metricsLost =
  (name: string, day: number): Fault =>
  of => {
    of.attempts = of.attempts.map(attempt =>
      isOn(attempt, name, day) ? { ...attempt, durationMs: null, billedMs: null } : attempt,
    )
    expect(of, name, day, 'missingMetrics')
  }

/** The function's entry begins on the day `until`. */
const configLost =
  (name: string, until: number): Fault =>
  of => {
    const effectiveFromMs = monthStartMs + (until - 1) * 24 * hourMs
    of.functions = of.functions.map(config => (config.functionName === name ? { ...config, effectiveFromMs } : config))
    for (let day = 1; day < until; day += 1) expect(of, name, day, 'unknownConfig')
  }

const livesLost =
  (name: string, day: number): Fault =>
  of => {
    of.lives = of.lives.filter(life => life.functionName !== name || dayOf(life.fromMs) !== day)
    expect(of, name, day, 'provisionedIdle')
  }

const changeLines = (of: Case, name: string, day: number, change: (line: TrueLine) => void): void => {
  for (const line of of.lines) if (line.functionName === name && line.day === day) change(line)
}

/** A plan takes over a share of each line's CU. */
const planDeducts =
  (name: string, day: number, share: bigint, of = 100n): Fault =>
  to => {
    changeLines(to, name, day, line => {
      line.deducted = (line.cu * share) / of
      const paid = of - share
      line.micros = (line.micros * paid) / of
      line.listMicros = (line.listMicros * paid) / of
      line.discountMicros = line.listMicros - line.micros
    })
    expect(to, name, day, 'resourcePlan')
  }

const couponDeducts =
  (name: string, day: number): Fault =>
  of => {
    changeLines(of, name, day, line => {
      line.couponMicros = line.micros / 2n
      line.micros -= line.couponMicros
    })
    expect(of, name, day, 'coupon')
  }

const refunded =
  (name: string, day: number): Fault =>
  of => {
    const [first] = of.lines.filter(line => line.functionName === name && line.day === day)
    assert.ok(first)
    of.lines.push({ ...first, cu: 0n, listMicros: 0n, discountMicros: 0n, micros: -900_000n, type: 'Refund' })
    expect(of, name, day, 'adjustment')
  }

/** A contract: 50 % off the list price instead of the general 20 %. */
const contractDiscount =
  (name: string, day: number): Fault =>
  of => {
    changeLines(of, name, day, line => {
      line.micros = line.listMicros / 2n
      line.discountMicros = line.listMicros - line.micros
    })
    expect(of, name, day, 'discount')
  }

/** The last hours of a day stand on the next one, as a bill by the time of settlement has it. */
const dayEdge =
  (name: string, day: number, hours: number): Fault =>
  of => {
    const edgeMs = monthStartMs + day * 24 * hourMs
    changeLines(of, name, day, line => {
      if (line.startMs === null || line.startMs < edgeMs - hours * hourMs) return
      line.startMs += hours * hourMs
      line.day += 1
    })
    expect(of, name, day, 'timeZoneEdge')
    expect(of, name, day + 1, 'timeZoneEdge')
  }

const billLinesLost =
  (name: string, day: number): Fault =>
  of => {
    of.lines = of.lines.filter(line => line.functionName !== name || line.day !== day)
    expect(of, name, day, 'missingBillLines')
  }

const faults: readonly Fault[] = [
  logsLost('fn1', 6),
  logsLost('fn2', 1),
  logsLost('fn3', 31),
  logsLost('fn4', 14, hour => hour >= 9 && hour < 15),
  logsLost('fn9', 12),
  metricsLost('fn1', 20),
  metricsLost('fn6', 2),
  configLost('fn5', 11),
  livesLost('fn9', 4),
  livesLost('fn9', 28),
  planDeducts('fn6', 9, 100n),
  planDeducts('fn6', 10, 40n),
  planDeducts('big', 3, 25n),
  couponDeducts('fn7', 17),
  refunded('fn7', 22),
  contractDiscount('fn8', 8),
  dayEdge('fn2', 12, 1),
  dayEdge('fn8', 24, 3),
  billLinesLost('fn4', 27),
]

function injected(): Case {
  const of: Case = {
    attempts: month.attempts,
    lives: month.lives,
    functions,
    lines: hourLines(month),
    expected: new Map(),
  }
  for (const inject of faults) inject(of)
  return of
}

/** CloudMonitor counts every request, those that are throttled too. */
const monitored: readonly MonitoredDay[] = (() => {
  const calls = new Map<string, MonitoredDay>()
  for (const { functionName, startTimeMs } of month.attempts) {
    if (functionName === null || startTimeMs === null) continue
    const day = dayName(dayOf(startTimeMs))
    const known = calls.get(`${functionName} ${day}`)?.invocations ?? 0
    const names = { functionName, serviceName: null, region: 'cn-hangzhou' }
    calls.set(`${functionName} ${day}`, { ...names, day, invocations: known + 1 })
  }
  return [...calls.values()]
})()

const byHours = (of: Case): Pick<RunOf, 'bills' | 'mapping'> => ({
  bills: [consoleCsv(of.lines)],
  mapping: 'console-csv',
})
const byDays = (of: Case): Pick<RunOf, 'bills' | 'mapping'> => ({
  bills: apiPages(dayLines(of.lines)).map(page => JSON.stringify(page)),
  mapping: 'describe-instance-bill',
})

/** `function day reason` of every cell above the threshold. */
const found = ({ cells }: Reconciliation): readonly string[] =>
  cells
    .filter(({ isOver }) => isOver)
    .map(cell => `${keyOf(cell)} ${cell.reasons[0]?.code ?? 'none'}`)
    .sort()

const wanted = ({ expected }: Case): readonly string[] =>
  [...expected].map(([key, reason]) => `${key} ${reason}`).sort()

test('without faults there is no difference at all, with tiers, retries and provisioned time', () => {
  const lines = hourLines(month)
  for (const bill of [byHours, byDays]) {
    const of = { attempts: month.attempts, lives: month.lives, functions, lines, expected: new Map() }
    const { cells, difference, isGap, reasons, warnings } = run({ ...of, ...bill(of), monitored })
    assert.equal(cells.length, 310)
    assert.deepEqual([difference.toFixed(), isGap, reasons, warnings], ['0', false, [], []])
  }
})

for (const [what, bill] of [
  ['by hours, as the console exports it', byHours],
  ['by days, as the API answers', byDays],
] as const) {
  for (const calls of [monitored, null]) {
    test(`a bill ${what}, ${calls === null ? 'without' : 'with'} CloudMonitor: every fault has its reason, and nothing else has one`, () => {
      const of = injected()
      const result = run({ ...of, ...bill(of), monitored: calls })
      assert.deepEqual(found(result), wanted(of))
      assert.equal(result.isGap, true)
      // What was told explains it: hardly anything is left.
      for (const cell of result.cells)
        assert.ok(cell.unexplained.abs().lte('0.02'), `${keyOf(cell)} ${cell.unexplained}`)
    })
  }
}
