// What must hold of every bill.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import Big from 'big.js'
import fc from 'fast-check'
import { unionOf } from '../../src/billing/active-runs.ts'
import { monthOf } from '../../src/billing/beijing-clock.ts'
import { beijing, bill, call, functionOf } from './case.ts'

const functions = [
  functionOf({ functionName: 'a', vCPU: 0.35, memoryMB: 1536, diskMB: 10_240 }),
  functionOf({ functionName: 'b', vCPU: 16, memoryMB: 32_768, region: 'cn-shanghai' }),
  functionOf({ functionName: 'g', vCPU: 8, memoryMB: 65_536, gpu: { type: 'ada', memoryMB: 49_152 } }),
]
const beganMs = beijing('2026-01-31T21:00:00')

const anyCall = fc
  .record({
    name: fc.constantFrom('a', 'b', 'g'),
    instance: fc.integer({ min: 0, max: 3 }),
    startMs: fc.integer({ min: 0, max: 6 * 3_600_000 }),
    ms: fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 9_000_000 })),
    phase: fc.constantFrom('invoke', 'invoke', 'invoke', 'preStop'),
    status: fc.constantFrom('ok', 'timeout', 'throttled'),
  })
  .map(({ name, instance, startMs, ms, phase, status }) =>
    call('00:00:00', ms, {
      functionName: name,
      instanceID: `${name}-${instance}`,
      startTimeMs: beganMs + startMs,
      phase,
      status,
    }),
  )
const calls = fc.array(anyCall, { maxLength: 40 })
const books = fc.constantFrom('fc3-cn', 'fc2-cn', 'intl')

const figuresOf = (of: ReturnType<typeof bill>): string => JSON.stringify([of.hours, of.functions, of.total])

test('a bill does not depend on the order of what it is made from', () => {
  fc.assert(
    fc.property(calls, fc.infiniteStream(fc.integer({ min: 0, max: 1000 })), books, (attempts, dice, book) => {
      const shuffled = attempts.map(attempt => ({ attempt, at: dice.next().value })).sort((a, b) => a.at - b.at)
      const other = bill({ attempts: shuffled.map(({ attempt }) => attempt), functions, book })
      assert.equal(figuresOf(other), figuresOf(bill({ attempts, functions, book })))
    }),
  )
})

test('one more request never costs less', () => {
  fc.assert(
    fc.property(calls, anyCall, books, (attempts, more, book) => {
      const before = bill({ attempts, functions, book }).total
      const after = bill({ attempts: [...attempts, more], functions, book }).total
      assert.ok(after.amount.gte(before.amount), `${before.amount} ${after.amount}`)
      assert.ok(after.cuExact.gte(before.cuExact))
    }),
  )
})

test('the total is the sum of the hours, and of the functions', () => {
  fc.assert(
    fc.property(calls, books, (attempts, book) => {
      const { hours, functions: charges, total } = bill({ attempts, functions, book })
      for (const parts of [hours, charges]) {
        const sum = (of: (part: (typeof parts)[number]) => Big): string =>
          parts.reduce((all, part) => all.plus(of(part)), new Big(0)).toFixed()
        assert.equal(
          sum(part => part.amount),
          total.amount.toFixed(),
        )
        assert.equal(
          sum(part => part.cu),
          total.cu.toFixed(),
        )
        assert.equal(
          sum(part => part.cuExact),
          total.cuExact.toFixed(),
        )
      }
    }),
  )
})

test('CU are whole, at least what was used, and less than one more for each function-hour', () => {
  fc.assert(
    fc.property(calls, books, (attempts, book) => {
      for (const { cu, cuExact } of bill({ attempts, functions, book }).hours) {
        assert.ok(cu.eq(cu.round(0)) && cu.gte(cuExact) && cu.minus(1).lt(cuExact), `${cuExact} ${cu}`)
      }
    }),
  )
})

test('months are billed on their own', () => {
  fc.assert(
    fc.property(calls, books, (attempts, book) => {
      const whole = bill({ attempts, functions, book })
      const months = Map.groupBy(whole.hours, ({ hourMs }) => monthOf(hourMs))
      for (const [month, hours] of months) assert.ok(hours.every(({ hourMs }) => monthOf(hourMs) === month))
      assert.ok([...months.keys()].every(month => ['2026-01', '2026-02'].includes(month)))
    }),
  )
})

const spans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 200 })), { maxLength: 30 })
  .map(pairs => pairs.map(([startMs, ms]) => [startMs, startMs + ms] as const))

test('the union is never more than the sum, and covers every moment once', () => {
  fc.assert(
    fc.property(spans, pairs => {
      const runs = unionOf(pairs.flat())
      const inSpans = new Set(pairs.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)))
      const inRuns = runs.flatMap(({ startMs, endMs }) =>
        Array.from({ length: endMs - startMs }, (_, i) => startMs + i),
      )
      assert.equal(new Set(inRuns).size, inRuns.length)
      assert.deepEqual(new Set(inRuns), inSpans)
    }),
  )
})
