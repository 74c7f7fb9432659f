// The table of hours is brought up to date again and again, while attempts come, are revised and are withdrawn. A bill that reads it
// must be that of the attempts as they are.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { BillHours } from '../../src/app/bill/keep-bill-hours.ts'
import { storedHours } from '../../src/app/bill/stored-hours.ts'
import { estimate } from '../../src/billing/estimate.ts'
import { UsageGatherer } from '../../src/billing/gather-usage.ts'
import type { MeasuredAttempt } from '../../src/billing/what-if/run-histories.ts'
import { createFunctionLookup } from '../../src/config/function-lookup.ts'
import { type BusyHours, busyHoursOf, hullOf, noHours } from '../../src/model/busy-hours.ts'
import type { PriceBook } from '../../src/model/price-book.ts'
import { keptUsageHours, refreshUsageHours, usageDebt } from '../../src/store/bill/usage-hours.ts'
import { migrate } from '../../src/store/migrate.ts'
import { openTemporary, rowsOf, withoutChdb } from '../store/temporary-store.ts'
import {
  attempt,
  beganMs,
  billOf,
  book,
  functions,
  insertRows,
  ofFiles,
  parts,
  type StoredRow,
} from './stored-attempts.ts'

type Knowledge = 'nothing' | 'some functions' | 'all functions'

type Step =
  | {
      readonly kind: 'give'
      readonly given: readonly { readonly id: number; readonly attempt: MeasuredAttempt | null }[]
    }
  | {
      readonly kind: 'give less'
      readonly given: readonly { readonly id: number; readonly attempt: MeasuredAttempt }[]
    }
  | { readonly kind: 'refresh'; readonly knows: Knowledge }
  | { readonly kind: 'merge' }

/** A few CU lead through its tiers, and nights are cheap. */
const steepBook: PriceBook = {
  ...book,
  editions: book.editions.map(edition => ({
    ...edition,
    floor: null,
    night: { fromHour: 0, toHour: 8, factor: '0.65' },
    tiers: [
      { upTo: '3', price: '0.0009', discounted: '0.00085' },
      { upTo: '9', price: '0.0007', discounted: '0.00063' },
      { upTo: null, price: '0.0005', discounted: '0.00041' },
    ],
  })),
}

const id = fc.nat({ max: 7 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('give' as const),
      given: fc.array(fc.record({ id, attempt: fc.option(attempt, { freq: 5 }) }), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('give less' as const),
      given: fc.array(fc.record({ id, attempt }), { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('refresh' as const),
      knows: fc.constantFrom<Knowledge>('nothing', 'some functions', 'all functions'),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'merge' as const }) },
)

const phaseOf = (of: number): string => (of % 3 === 0 ? 'preStop' : 'invoke')

/** What is stored of each attempt, as the worker would know it. */
class Given {
  readonly #known = new Map<number, { attempt: MeasuredAttempt | null; revision: number; hours: BusyHours }>()
  readonly #less = new Map<number, { attempt: MeasuredAttempt; revision: number }>()

  give(of: number, now: MeasuredAttempt | null): StoredRow | null {
    const known = this.#known.get(of)
    // What counts for less was said by somebody else; whoever follows does not know of what.
    const less = this.#less.get(of)
    const others = less === undefined ? noHours : busyHoursOf(less.attempt)
    const priorHours = hullOf(known?.hours ?? noHours, others)
    if (now === null && known === undefined) return null
    const revision = (known?.revision ?? 0) + 1
    const hours = now === null ? priorHours : hullOf(priorHours, busyHoursOf(now))
    this.#known.set(of, { attempt: now, revision, hours })
    return { id: of, phase: phaseOf(of), attempt: now, revision, generation: 1, priorHours }
  }

  giveLess(of: number, now: MeasuredAttempt): StoredRow {
    const before = this.#less.get(of)
    const revision = (before?.revision ?? 0) + 1
    const priorHours = before === undefined ? noHours : busyHoursOf(before.attempt)
    this.#less.set(of, { attempt: now, revision })
    return { id: of, phase: phaseOf(of), attempt: now, revision, generation: 0, priorHours }
  }

  attempts(): readonly MeasuredAttempt[] {
    const ids = new Set([...this.#known.keys(), ...this.#less.keys()])
    return [...ids].flatMap(of => {
      const known = this.#known.get(of)
      const now = known === undefined ? this.#less.get(of)!.attempt : known.attempt
      return now === null ? [] : [{ ...now, phase: phaseOf(of) }]
    })
  }
}

/** The hours of the same attempts in files, priced by the same book. */
function chargedHours(attempts: readonly MeasuredAttempt[], by: PriceBook): readonly object[] {
  const gatherer = new UsageGatherer({ ...parts, month: null })
  for (const hour of ofFiles(attempts)) gatherer.add(hour)
  const { hours } = estimate(gatherer.hours(), { book: by, hasDiscount: true, billsAllDisk: true })
  const plain = JSON.parse(JSON.stringify(hours))
  return inOrder(plain)
}

const inOrder = (rows: readonly object[]): readonly object[] =>
  rows
    .map(row => Object.fromEntries(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))

describe('the table of hours', { skip: withoutChdb }, () => {
  let temporary: Awaited<ReturnType<typeof openTemporary>>
  before(async () => {
    temporary = await openTemporary()
    await migrate(temporary.store, { retentionDays: 3650 })
  })
  after(() => temporary.close())

  /** As the worker does it; each time another one, with another functions.yaml. */
  async function refresh(knows: Knowledge, by = book): Promise<void> {
    const events: unknown[] = []
    const known = knows === 'all functions' ? functions : functions.slice(1, 3)
    const bill = {
      book: by,
      functions: known,
      configOf: createFunctionLookup(known),
      billsAllDisk: true,
      hasDiscount: true,
    }
    const hours = new BillHours({
      store: temporary.store,
      bill: knows === 'nothing' ? null : bill,
      retentionDays: 3650,
      nowMs: Date.now,
      isStopping: () => false,
      log: { write: (...event) => events.push(event) },
    })
    hours.start()
    await hours.stop({ isLast: true })
    assert.deepEqual(events, [])
  }

  async function reset(): Promise<void> {
    const { store } = temporary
    for (const table of ['attempts', 'usage_hours', 'bill_rates', 'bill_editions', 'store_settings'])
      await store.run(`TRUNCATE TABLE ${table}`)
  }

  /** What the view says of hours that have a price. */
  async function billHours(): Promise<readonly object[]> {
    const rows = await rowsOf<{ hour: string; cu: number }>(
      temporary.store,
      `SELECT hour, functionName, serviceName, region, edition, invocations, vCPUSeconds, memoryGBSeconds, diskGBSeconds, gpuGBSeconds,
        cuExact, cu, amount FROM bill_hours WHERE amount IS NOT NULL`,
    )
    return inOrder(rows.map(({ hour, cu, ...row }) => ({ hourMs: Date.parse(hour), cu: String(cu), ...row })))
  }

  test('gives the bill of the attempts as they are', async () => {
    const { store } = temporary
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 9 }),
        fc.constantFrom(null, '2026-01', '2026-02'),
        fc.constantFrom(book, steepBook),
        async (steps, month, by) => {
          await reset()
          const given = new Given()
          for (const each of steps) {
            if (each.kind === 'refresh') await refresh(each.knows)
            else if (each.kind === 'merge') await store.run('OPTIMIZE TABLE attempts FINAL')
            else {
              const rows = each.given.map(({ id: of, attempt: now }) =>
                each.kind === 'give' || now === null ? given.give(of, now) : given.giveLess(of, now),
              )
              await insertRows(
                store,
                rows.filter(row => row !== null),
              )
            }
          }
          const question = { lives: [], month }
          const wanted = await billOf(ofFiles(given.attempts()), question)
          assert.equal(await billOf(storedHours(store, { ...parts, month, byInstance: false }), question), wanted)
          await refresh('all functions', by)
          assert.deepEqual((await usageDebt(store)).hours, [])
          assert.equal(await billOf(storedHours(store, { ...parts, month, byInstance: false }), question), wanted)
          assert.deepEqual(await billHours(), chargedHours(given.attempts(), by))
        },
      ),
      { numRuns: Number(process.env['FCSCOPE_PROPERTY_RUNS'] ?? 12) },
    )
  })

  test('tells eras of functions.yaml apart again after a worker that did not know of them', async () => {
    const { store } = temporary
    for (const between of ['nothing', 'some functions'] as const) {
      await reset()
      const call = {
        functionName: 'a',
        serviceName: null,
        qualifier: null,
        instanceID: null,
        phase: 'invoke',
        status: 'ok',
        endTimeMs: null,
        durationMs: null,
        billedMs: 1000,
        memoryMB: null,
        maxMemoryUsedMB: null,
      }
      // The entry of functions.yaml changes between the two, within an hour.
      const calls = [beganMs + 4_000_000, beganMs + 6_000_000].map(startTimeMs => ({ ...call, startTimeMs }))
      const row = { phase: 'invoke', revision: 1, generation: 1, priorHours: noHours }
      await insertRows(store, [{ ...row, id: 0, attempt: calls[0]! }])
      await refresh('all functions')
      await insertRows(store, [{ ...row, id: 1, attempt: calls[1]! }])
      await refresh(between)
      await refresh('all functions')
      assert.deepEqual(await billHours(), chargedHours(calls, book), between)
    }
  })

  test('keeps what was stored of an hour whose attempts are gone', async () => {
    const { store } = temporary
    await reset()
    const [of] = fc.sample(
      attempt.map(some => ({
        ...some,
        functionName: 'a',
        status: 'ok',
        phase: 'invoke',
        startTimeMs: beganMs,
        billedMs: 1000,
      })),
      1,
    )
    const row = { phase: 'invoke', attempt: of!, revision: 1, generation: 1, priorHours: noHours }
    await insertRows(
      store,
      [0, 1, 2].map(each => ({ ...row, id: each })),
    )
    await refresh('all functions')
    await store.run("ALTER TABLE attempts DELETE WHERE requestId IN ('r-0', 'r-1') SETTINGS mutations_sync = 2")
    await insertRows(store, [{ ...row, id: 3 }])
    const hour = Math.floor(beganMs / 3_600_000)
    const invocations = async (): Promise<number> => {
      let sum = 0
      const all = { fromMs: null, toMs: null, exceptHours: [], except: [] }
      for await (const each of keptUsageHours(store, all)) sum += each.invocations
      return sum
    }
    const { upTo } = await usageDebt(store)
    await refreshUsageHours(store, { hours: [hour], upTo, boundaries: [], completeFrom: hour + 1 })
    assert.equal(await invocations(), 3)
    await refreshUsageHours(store, { hours: [hour], upTo, boundaries: [], completeFrom: hour })
    assert.equal(await invocations(), 2)
  })
})
