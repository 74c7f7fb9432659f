// What must hold of every bill and every month.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import Big from 'big.js'
import fc from 'fast-check'
import type { Reconciliation } from '../../../src/billing/reconcile/reconcile.ts'
import { beijing, call } from '../case.ts'
import { item, runSmall } from './small-bill.ts'

const started = beijing('2026-01-10T00:00:00')
const anyCall = fc
  .record({
    functionName: fc.constantFrom('f', 'g'),
    instance: fc.integer({ min: 0, max: 2 }),
    minute: fc.integer({ min: 0, max: 5 * 1440 }),
    seconds: fc.integer({ min: 0, max: 3000 }),
    status: fc.constantFrom('ok', 'ok', 'throttled'),
    isTold: fc.boolean(),
  })
  .map(({ functionName, instance, minute, seconds, status, isTold }) =>
    call('00:00:00', seconds * 1000, {
      functionName,
      instanceID: `${functionName}-${instance}`,
      startTimeMs: started + minute * 60_000,
      status,
      ...(isTold ? {} : { durationMs: null, billedMs: null }),
    }),
  )

const money = fc.integer({ min: 0, max: 2_000_000 }).map(micros => new Big(micros).div(1_000_000).toFixed())
const anyLine = fc
  .record({
    functionName: fc.constantFrom('f', 'g', 'g', ''),
    day: fc.integer({ min: 10, max: 14 }),
    cu: fc.option(fc.integer({ min: 0, max: 5000 })),
    payable: money,
    discount: fc.option(money),
    isRefund: fc.boolean(),
    deducted: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ isRefund, deducted, discount, payable, ...line }) =>
    item({
      ...line,
      payable: isRefund ? `-${payable}` : payable,
      ...(discount === null ? {} : { discount, list: new Big(discount).plus(payable).toFixed() }),
      more: { DeductedByResourcePackage: deducted, ...(isRefund ? { Item: 'Refund' } : {}) },
    }),
  )
const lists = {
  attempts: fc.array(anyCall, { maxLength: 25 }),
  lines: fc.array(anyLine, { minLength: 1, maxLength: 12 }),
}

const figuresOf = (result: Reconciliation): string =>
  JSON.stringify([result.cells, result.account.map(({ places: _, ...rest }) => rest), result.bill, result.reasons])

test('the order of lines and attempts changes nothing', () => {
  fc.assert(
    fc.property(lists.attempts, lists.lines, fc.integer({ min: 1, max: 11 }), (attempts, lines, turn) => {
      const turned = [...lines.slice(turn % lines.length), ...lines.slice(0, turn % lines.length)]
      const other = runSmall({ attempts: attempts.toReversed(), lines: turned })
      assert.equal(figuresOf(other), figuresOf(runSmall({ attempts, lines })))
    }),
    { numRuns: 60 },
  )
})

test('a line cut in two is the same bill', () => {
  fc.assert(
    fc.property(lists.attempts, fc.integer({ min: 2, max: 4000 }), (attempts, cu) => {
      const whole = [item({ day: 12, cu: 2 * cu, payable: new Big(cu).times('0.0002').toFixed(4) })]
      const half = item({ day: 12, cu, payable: new Big(cu).times('0.0001').toFixed(4) })
      const sums = (lines: readonly object[]): readonly string[] =>
        runSmall({ attempts, lines }).cells.map(({ difference }) => difference.toFixed())
      assert.deepEqual(sums([half, half]), sums(whole))
    }),
    { numRuns: 60 },
  )
})

test('reasons and what is left are the difference, and the cells and the rest are the bill', () => {
  fc.assert(
    fc.property(lists.attempts, lists.lines, (attempts, lines) => {
      const { cells, account, bill, ours, difference } = runSmall({ attempts, lines })
      for (const cell of cells) {
        const hasUnknown = cell.reasons.some(({ amount }) => amount === null)
        const told = cell.reasons.reduce((sum, { amount }) => sum.plus(amount ?? 0), cell.unexplained)
        // Quotients may leave a crumb, which is not told.
        if (!hasUnknown) assert.ok(told.minus(cell.difference).abs().lte('0.000000001'), `${told} ${cell.difference}`)
        assert.deepEqual(
          cell.reasons.length,
          new Set(cell.reasons.map(({ code, facts }) => `${code} ${facts[0]?.fact}`)).size,
        )
      }
      const sum = (amounts: readonly Big[]): Big => amounts.reduce((all, amount) => all.plus(amount), new Big(0))
      assert.equal(
        sum([...cells.map(({ billAmount }) => billAmount), ...account.map(({ amount }) => amount)]).cmp(bill),
        0,
      )
      assert.equal(sum(cells.map(({ cell }) => cell.ours.amount)).cmp(ours), 0)
      assert.equal(bill.minus(ours).cmp(difference), 0)
    }),
    { numRuns: 120 },
  )
})

test('money in another unit is the same reconciliation', () => {
  // Ten thousand times the amounts with a threshold in percent: only sums of the bill scale, and shares stay.
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 1000 }), (cu, factor) => {
      const payable = new Big(cu).times('0.0001')
      const lines = (times: number): object[] => [item({ functionName: 'f', payable: payable.times(times).toFixed(8) })]
      const one = runSmall({ lines: lines(1) })
      const many = runSmall({ lines: lines(factor) })
      assert.equal(many.bill.toFixed(), one.bill.times(factor).toFixed())
      assert.deepEqual(
        many.cells.map(({ reasons }) => reasons.map(({ code }) => code)),
        one.cells.map(({ reasons }) => reasons.map(({ code }) => code)),
      )
    }),
    { numRuns: 40 },
  )
})
