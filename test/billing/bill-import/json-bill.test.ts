// Answers of DescribeInstanceBill and QueryInstanceBill, whole and broken.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellsOf, readBill } from './read-bill.ts'

const json = (...files: string[]) => readBill('describe-instance-bill', files)

const item = (day: number, more: object = {}): object => ({
  ProductCode: 'fc',
  BillingDate: `2026-01-${day}`,
  InstanceID: 'f',
  BillingItem: 'CU',
  Usage: '1151',
  UsageUnit: 'CU',
  PretaxAmount: 0.101288,
  Currency: 'CNY',
  ...more,
})
const page = (items: readonly object[], data: object = {}, answer: object = {}): string =>
  JSON.stringify({
    Code: 'Success',
    Success: true,
    ...answer,
    Data: { BillingCycle: '2026-01', TotalCount: items.length, NextToken: '', Items: items, ...data },
  })

const cells = ['- -/f 2026-01-15: 1151 0.101288', '- -/f 2026-01-16: 1151 0.101288']
const both = [item(15), item(16)]
const first = page([item(15)], { TotalCount: 2, NextToken: 'CAES' })
const second = page([item(16)], { TotalCount: 2 })

const same: readonly [what: string, files: readonly string[]][] = [
  ['one page', [page(both)]],
  ['two pages in a file', [`${first}\n${second}`]],
  ['two pages behind each other without a line end', [first + second]],
  ['two pages in two files', [first, second]],
  ['pages in the wrong order', [second, first]],
  ['a list of pages', [`[${first},${second}]`]],
  ['a list of items', [JSON.stringify(both)]],
  ['items as JSON lines', [both.map(each => JSON.stringify(each)).join('\n')]],
  ['printed with blanks', [JSON.stringify(JSON.parse(page(both)), null, 2)]],
  ['an answer as an SDK gives it', [JSON.stringify({ statusCode: 200, body: JSON.parse(page(both)) })]],
  ['QueryInstanceBill', [page([], { Items: { Item: both }, TotalCount: 2, PageNum: 1, PageSize: 20 })]],
  ['a page for each day', [page([item(15)]), page([item(16)])]],
  ['a page without items among them', [page(both), page([], { TotalCount: 0 })]],
]
for (const [what, files] of same)
  test(`${what}: the same lines`, () => assert.deepEqual(cellsOf(json(...files)), cells))

test('numbers keep every digit', () => {
  const exact = '0.10128800000000000000000001'
  const text = page([item(15)]).replace('0.101288', exact)
  assert.equal(json(text).cells[0]?.payable.toFixed(), exact)
})

test('small numbers as JavaScript writes them', () => {
  const text = page([item(15, { PretaxAmount: 1e-7 })])
  assert.equal(json(text).cells[0]?.payable.toFixed(), '0.0000001')
})

test('brackets, quotes and keys of prototypes in texts are text', () => {
  const odd = '{"__proto__":{"x":1},"NickName":"a\\"}{[","Tag":"\\\\"}'
  const lines = `${JSON.stringify(item(15, JSON.parse(odd) as object))}\n${JSON.stringify(item(16))}`
  assert.deepEqual(cellsOf(json(lines)), cells)
})

test('the month of a page is that of its items without a day', () => {
  const bill = json(page([item(15, { BillingDate: null })]))
  assert.deepEqual([cellsOf(bill), bill.isMonthly], [['- -/f 2026-01: 1151 0.101288'], true])
})

const wrong: readonly [what: string, files: readonly string[], says: RegExp][] = [
  ['the last page', [first], /^bill-1#1: a page is missing \(1 \/ 2\): an answer has a NextToken/],
  ['the first page', [second], /a page is missing \(1 \/ 2\)/],
  [
    'a page of one day of several',
    [page([item(15)]), page([item(16)], { TotalCount: 3 })],
    /a page is missing \(1 \/ 3\)/,
  ],
  [
    'a page without a total',
    [page([item(15)], { TotalCount: null, NextToken: 'x' })],
    /^bill-1#1: a page is missing: /,
  ],
]
for (const [what, files, says] of wrong)
  test(`${what} is missing`, () => assert.throws(() => json(...files), { message: says }))

const broken: readonly [what: string, files: readonly string[], says: RegExp][] = [
  [
    'a page twice',
    [second, first, second.replace(' ', '')],
    /^bill-3#1: this answer was there already; give each page once\.$/,
  ],
  [
    'an answer twice',
    [page(both, {}, { RequestId: 'R1' }), page(both, {}, { RequestId: 'R1' })],
    /this answer \(RequestId 'R1'\) was there already/,
  ],
  [
    'an answer that failed',
    ['{"Code":"NotAuthorized","Message":"no","Success":false}'],
    /the answer says that it failed: 'NotAuthorized no'/,
  ],
  ['a file that breaks off', [page(both).slice(0, -40)], /^bill-1#1: the JSON breaks off; get the file again\.$/],
  ['something else behind it', [`${page(both)} x`], /^bill-1#2: the JSON breaks off|^bill-1#2: found no JSON/],
  ['no items', ['{"Data":{"Items":"none"}}'], /Items: found no list/],
  ['items that are none', ['[1]'], /found no mapping/],
  [
    'CSV',
    ['a,b\n1,2\n'],
    /^bill-1: found CSV, but the mapping describe-instance-bill reads JSON; try --mapping console-csv\.$/,
  ],
  ['keys that nobody knows', ['[{"a":1}]'], /finds no column for .*; the columns are 'a'/],
]
for (const [what, files, says] of broken)
  test(`${what} is refused`, () => assert.throws(() => json(...files), { message: says }))
