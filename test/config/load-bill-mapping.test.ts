// Mappings of bills: those that ship, and what is wrong with one.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openBillMapping, shippedMappings } from '../../src/app/bill/reconcile/bill-mappings.ts'
import { loadBillMapping } from '../../src/config/load-bill-mapping.ts'

const folder = mkdtempSync(join(tmpdir(), 'fcscope-mapping-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const load = (text: string) => {
  const path = join(folder, 'mapping.yaml')
  writeFileSync(path, text)
  return loadBillMapping(path)
}

const small = `mapping: small
format: csv
sources: [{page: own bill, url: "https://example.com", date: 2026-01-31}]
columns: {productCode: [p], day: [d], payable: [a]}
functionCompute: [{field: productCode, pattern: "^fc$"}]
fixedCurrency: CNY
`

for (const name of shippedMappings) {
  test(`${name} is whole and says where it is from`, () => {
    const { mapping, sources, columns, names } = openBillMapping(name)
    assert.equal(mapping, name)
    assert.ok(sources.length >= 2 && sources.every(({ url }) => url.startsWith('https://')))
    assert.ok(columns.has('payable') && columns.has('currency') && names.length > 0)
  })
}

test('a small one has defaults for everything else', () => {
  const { utcOffsetMs, names, kinds, items, regions, isUsageAfterDeduction, fixedCurrency } = load(small)
  assert.deepEqual(
    [utcOffsetMs, names, kinds, items, regions.size, isUsageAfterDeduction, fixedCurrency],
    [8 * 3_600_000, [], [], [], 0, false, 'CNY'],
  )
})

test('patterns look at letters of any case, and offsets may be behind UTC', () => {
  const mapping = load(
    `${small}utcOffset: "-05:30"\nitems: [{field: productCode, pattern: "^FC$", resource: cu, scale: 1000}]\n`,
  )
  assert.equal(mapping.utcOffsetMs, -5.5 * 3_600_000)
  assert.deepEqual([mapping.items[0]?.pattern.test('fc'), mapping.items[0]?.scale], [true, '1000'])
})

test('every problem is told at once, with its line', () => {
  const broken = `mapping: Small
format: xml
sources: []
utcOffset: "8"
columns: {productCode: p, payable: [a], colour: [c]}
functionCompute: [{field: productCode, pattern: "("}]
regions: {here: "a b"}
moon: 1
`
  assert.throws(
    () => load(broken),
    (error: Error) => {
      for (const place of [
        'line 1, mapping',
        'line 2, format',
        'line 3, sources',
        'line 4, utcOffset',
        'line 5, columns.productCode',
        'line 5, columns.colour',
        'line 6, functionCompute[0].pattern',
        'line 7, regions',
        'line 8, moon',
      ])
        assert.ok(error.message.includes(place), `${place}: ${error.message}`)
      return true
    },
  )
})

const rules: readonly [what: string, text: string, says: RegExp][] = [
  [
    'a rule on a field without a column',
    `${small}kinds: [{kind: adjustment, field: lineType, pattern: x}]\n`,
    /kinds\[0\]\.field: columns has no lineType/,
  ],
  [
    'a name without its group',
    `${small}names: [{field: productCode, pattern: "^(.+)$"}]\n`,
    /names\[0\]\.pattern: found no group \(\?<functionName>/,
  ],
  ['no amounts', small.replace(', payable: [a]', ''), /columns: payable is missing/],
  ['no time', small.replace('day: [d], ', ''), /columns: one of usageStart, day, month is missing/],
  [
    'no currency',
    small.replace('fixedCurrency: CNY\n', ''),
    /columns: currency is missing; allowed: it, or fixedCurrency/,
  ],
]
for (const [what, text, says] of rules)
  test(`${what} is refused`, () => assert.throws(() => load(text), { message: says }))
