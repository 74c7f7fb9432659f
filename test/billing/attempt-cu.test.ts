// CU of single attempts: by hand, and against the bill of each alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import Big from 'big.js'
import fc from 'fast-check'
import { openPriceBook, shippedBooks } from '../../src/app/bill/price-books.ts'
import { createCUOf } from '../../src/billing/attempt-cu.ts'
import type { BilledAttempt } from '../../src/billing/billed-attempt.ts'
import { createFunctionLookup } from '../../src/config/function-lookup.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import type { FunctionConfig } from '../../src/model/function-config.ts'
import { emptyAttempt } from '../../src/reconstruct/empty-attempt.ts'
import { beijing, bill, call, functionOf } from './case.ts'

const whole = (of: BilledAttempt): Attempt => ({ ...emptyAttempt(), ...of }) as Attempt

function cuOf(attempt: BilledAttempt, config: FunctionConfig | null, book = 'fc3-cn'): string | null {
  const configOf = createFunctionLookup(config === null ? [] : [config])
  return createCUOf({ book: openPriceBook(book), configOf, billsAllDisk: false })(whole(attempt))
}

const ada = { vCPU: 8, memoryMB: 65_536, gpu: { type: 'ada', memoryMB: 49_152 } } as const

const cases: readonly [
  what: string,
  cu: string | null,
  attempt: BilledAttempt,
  of?: Partial<FunctionConfig>,
  book?: string,
][] = [
  // 0.1 x 1 + 0.1 x 1 x 0.15 + 0.0075
  ['100 ms of 1 vCPU and 1 GB', '0.1225', call('10:00:00', 100)],
  // 0.001 x 0.35 + 0.001 x (320 / 1024) x 0.15 + 0.0075
  ['1 ms of a small one', '0.007896875', call('10:00:00', 1), { vCPU: 0.35, memoryMB: 320 }],
  // A day: 86,400 x 16 + 86,400 x 32 x 0.15 + 0.0075.
  ['a day of the largest', '1797120.0075', call('00:00:00', 86_400_000), { vCPU: 16, memoryMB: 32_768 }],
  ['what was seen counts before functions.yaml', '0.115', call('10:00:00', 100, { memoryMB: 512 })],
  ['a hook is no call', '0.115', call('10:00:00', 100, { phase: 'initialize' })],
  ['throttled', '0', call('10:00:00', 100, { status: 'throttled' })],
  ['failed of the platform', '0', call('10:00:00', 100, { status: 'platformError' })],
  ['timed out', '0.1225', call('10:00:00', 100, { status: 'timeout' })],
  ['a duration that nobody knows', null, call('10:00:00', 100, { billedMs: null, durationMs: null })],
  ['memory that nobody knows', null, call('10:00:00', 100), { memoryMB: null }],
  ['vCPU that nobody knows', null, call('10:00:00', 100), { vCPU: null }],
  ['no time at all', '0.1225', call('10:00:00', 100, { startTimeMs: null })],
  ['older than the book', '0.1225', call('2024-01-15T10:00:00', 100)],
  // 11 s x (8 + 64 x 0.15 + 48 x 1.7) + 0.0075
  ['10.5 s with a GPU', '1091.2075', call('10:00:00', 10_500), ada],
  // (0.1 + 0.015 + 0.0075) / 2
  ['at night, 2.0', '0.06125', call('2025-01-15T01:00:00', 100), {}, 'fc2-cn'],
  ['at six, 2.0', '0.1225', call('2025-01-15T06:00:00', 100), {}, 'fc2-cn'],
  ['nobody knows whether at night', null, call('10:00:00', 100, { startTimeMs: null }), {}, 'fc2-cn'],
]
for (const [what, cu, attempt, config = {}, book] of cases)
  test(`${what}: ${cu} CU`, () => assert.equal(cuOf(attempt, functionOf(config), book), cu))

test('a function that functions.yaml does not have: not known', () =>
  assert.equal(cuOf(call('10:00:00', 100), functionOf({ functionName: 'g' })), null))

const sizes = fc.record({
  vCPU: fc.integer({ min: 1, max: 320 }).map(n => n / 20),
  memoryMB: fc.integer({ min: 2, max: 512 }).map(n => n * 64),
  gpu: fc.constantFrom(null, { type: 'ada', memoryMB: 12_288 } as const, { type: 'tesla', memoryMB: 16_384 } as const),
})
const calls = fc.record({
  startTimeMs: fc.integer({ min: beijing('2025-10-01T00:00:00'), max: beijing('2026-03-01T00:00:00') }),
  billedMs: fc.option(fc.integer({ min: 0, max: 86_400_000 })),
  durationMs: fc.double({ min: 0, max: 86_400_000, noNaN: true }),
  phase: fc.constantFrom('invoke', 'preStop'),
  status: fc.constantFrom('ok', 'timeout', 'throttled'),
})

test('alone in a bill, an attempt comes to the same', () => {
  fc.assert(
    fc.property(sizes, calls, fc.constantFrom('fc3-cn', 'intl'), (size, of, book) => {
      const attempt = call('00:00:00', 0, of)
      const functions = [functionOf(size)]
      const { total } = bill({ attempts: [attempt], functions, book })
      assert.equal(new Big(cuOf(attempt, functionOf(size), book) ?? '-1').toFixed(), total.cuExact.toFixed())
    }),
  )
})

test('every shipped book is known to the configuration by its name', () => {
  for (const name of shippedBooks) assert.equal(openPriceBook(name).book, name)
})
