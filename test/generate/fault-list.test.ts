import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFaults } from '../../src/generate/fault-list.ts'

const sls = { rows: true, metrics: true }

test('a list names faults and their rates', () => {
  assert.deepEqual(parseFaults('timeout=0.02, retry=.1', sls), { kind: 'rates', rates: { timeout: 0.02, retry: 0.1 } })
})

test('one rate is spread over all faults that the format shows', () => {
  for (const shows of [sls, { rows: true, metrics: false }, { rows: false, metrics: false }]) {
    const parsed = parseFaults('0.5', shows)
    assert.ok(parsed.kind === 'rates')
    const sum = Object.values(parsed.rates).reduce((all, rate) => all + rate, 0)
    assert.ok(Math.abs(sum - 0.5) < 1e-9)
    assert.equal('throttled' in parsed.rates, shows.metrics)
  }
})

const invalid: [text: string, part: string][] = [
  ['', ''],
  ['2', '2'],
  ['-1', '-1'],
  ['1e3', '1e3'],
  ['timeout', 'timeout'],
  ['timeout=2', 'timeout=2'],
  ['nothing=0.1', 'nothing=0.1'],
  ['__proto__=0.1', '__proto__=0.1'],
  ['timeout=0.6,retry=0.6', 'timeout=0.6,retry=0.6'],
]
for (const [text, part] of invalid) {
  test(`'${text}' is no fault list`, () => assert.deepEqual(parseFaults(text, sls), { kind: 'invalid', part }))
}
