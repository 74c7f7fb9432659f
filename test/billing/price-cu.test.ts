// Prices of CU against the tables of the platform's pages (facts §D.2, vectors D1 and D3 to D5).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { priceCUAt } from '../../src/app/bill/price-cu-at.ts'

/** [what, book, CU, day, list price, discounted] */
const vectors: readonly [string, string, string, string, string, string][] = [
  ['D1: the worked example', 'intl', '217500', '2024-09-01', '4.35', '3.48'],
  ['D3: all of the first tier', 'fc3-cn', '200000000', '2026-01-15', '22000', '17600'],
  ['D3: one more', 'fc3-cn', '200000001', '2026-01-15', '22000.0001', '17600.00008'],
  ['D3: within the second', 'fc3-cn', '250000000', '2026-01-15', '27000', '21600'],
  ['D3: within the third', 'fc3-cn', '1200000000', '2026-01-15', '120000', '96000'],
  ['D4: all of the first tier', 'fc2-cn', '100000000', '2025-01-15', '12000', '9600'],
  ['D4: within the second', 'fc2-cn', '250000000', '2025-01-15', '27000', '21600'],
  ['D4: within the third', 'fc2-cn', '600000000', '2025-01-15', '60000', '48000'],
  ['D4: far in the third', 'fc2-cn', '1200000000', '2025-01-15', '108000', '86400'],
  ['D5: all of the first tier', 'intl', '100000000', '2025-01-15', '2000', '1600'],
  ['D5: within the second', 'intl', '250000000', '2025-01-15', '4550', '3640'],
  ['D5: within the third', 'intl', '600000000', '2025-01-15', '10200', '8160'],
  ['D5: far in the third', 'intl', '1200000000', '2025-01-15', '18600', '14880'],
  // 0.00011 and 0.000088 for one; nothing for none.
  ['a single CU', 'fc3-cn', '1', '2026-01-15', '0.00011', '0.000088'],
  ['none', 'fc3-cn', '0', '2026-01-15', '0', '0'],
  // 0.5 x 0.00011; 0.5 x 0.000088.
  ['half a CU', 'fc3-cn', '0.5', '2026-01-15', '0.000055', '0.000044'],
  // The discount ended: 2026-08-27 (3.0), 2025-08-27 (2.0 and abroad). 1000 x 0.00011; x 0.00012; x 0.00002.
  ['the last day of the discount', 'fc3-cn', '1000', '2026-08-26', '0.11', '0.088'],
  ['the day after', 'fc3-cn', '1000', '2026-08-27', '0.11', '0.11'],
  ['2.0 without the discount', 'fc2-cn', '1000', '2025-08-27', '0.12', '0.12'],
  ['abroad without the discount', 'intl', '1000', '2025-08-27', '0.02', '0.02'],
  // 2e8 x 0.00011 + 8e8 x 0.0001 + 1e18 x 0.00009 - 1e9 x 0.00009: no digit of it is lost.
  [
    'more than a binary number can hold',
    'fc3-cn',
    '1000000000000000001',
    '2026-01-15',
    '90000000012000.00009',
    '72000000009600.000072',
  ],
]
for (const [what, book, cu, day, list, discounted] of vectors) {
  test(`${what}: ${cu} CU of ${book}`, () => {
    const ask = (hasDiscount: boolean): string => priceCUAt({ cu, book, at: day, nowMs: 0, hasDiscount }).amount
    assert.equal(ask(false), list)
    assert.equal(ask(true), discounted)
  })
}

test('says what falls into which tier', () => {
  const { edition, tiers, currency } = priceCUAt({
    cu: '1200000000',
    book: 'fc3-cn',
    at: '2026-01-15',
    nowMs: 0,
    hasDiscount: false,
  })
  assert.equal(edition, '2025-12-09')
  assert.equal(currency, 'CNY')
  assert.deepEqual(tiers, [
    { upTo: '200000000', cu: '200000000', price: '0.00011', amount: '22000' },
    { upTo: '1000000000', cu: '800000000', price: '0.0001', amount: '80000' },
    { upTo: null, cu: '200000000', price: '0.00009', amount: '18000' },
  ])
})

test('there is no price before there were CU', () => {
  const ask = (): unknown => priceCUAt({ cu: '1', book: 'fc3-cn', at: '2024-08-26', nowMs: 0, hasDiscount: true })
  assert.throws(ask, /fc3-cn begins on 2024-08-27/)
})

test('tiers meet without a step', () => {
  for (const book of ['fc3-cn', 'fc2-cn', 'intl']) {
    const amount = (cu: string): number =>
      Number(priceCUAt({ cu, book, at: '2026-01-15', nowMs: 0, hasDiscount: true }).amount)
    for (const edge of [100_000_000, 200_000_000, 500_000_000, 1_000_000_000]) {
      const below = amount(String(edge)) - amount(String(edge - 1))
      const above = amount(String(edge + 1)) - amount(String(edge))
      assert.ok(below > 0 && above > 0 && above <= below + 1e-9, `${book} at ${edge}`)
    }
  }
})
