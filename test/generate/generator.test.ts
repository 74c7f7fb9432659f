import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateFormats, spreadFaultRate } from '../../src/generate/options.ts'
import { statuses } from '../../src/model/attempt.ts'
import { generateAll } from './run-generator.ts'

const sls = { rows: true, metrics: true }

const cases = [
  ...generateFormats.map(format => ({
    name: format,
    format,
    faults: spreadFaultRate(0.3, { rows: format === 'sls', metrics: true }),
  })),
  {
    name: 'sls without metrics',
    format: 'sls' as const,
    metrics: false,
    faults: spreadFaultRate(0.3, { rows: true, metrics: false }),
  },
  {
    name: 'sls shuffled and late',
    format: 'sls' as const,
    shuffle: true,
    late: true,
    faults: spreadFaultRate(0.3, sls),
  },
  {
    name: 'sls with few functions',
    format: 'sls' as const,
    functions: 2,
    concurrency: 40,
    faults: spreadFaultRate(0.3, sls),
  },
]

for (const { name, ...options } of cases) {
  test(`${name}: the same seed gives the same bytes and the same truth`, () => {
    const first = generateAll({ ...options, seed: 5, attempts: 300 })
    const second = generateAll({ ...options, seed: 5, attempts: 300 })
    assert.deepEqual(second, first)
    assert.notDeepEqual(generateAll({ ...options, seed: 6, attempts: 300 }).lines, first.lines)
  })

  test(`${name}: the ledger balances and counts what was written`, () => {
    const { lines, truth, ledger } = generateAll({ ...options, seed: 9, attempts: 400 })
    assert.equal(ledger.received, lines.length)
    assert.equal(ledger.unaccounted, 0)
    assert.equal(ledger.attempts, truth.length)
    assert.equal(
      Object.values(ledger.byKind).reduce((sum, count) => sum + count, 0),
      lines.length,
    )
    const counted = truth.reduce((sum, attempt) => sum + attempt.lines, 0)
    const { text, appLine, errorJson, errorText } = ledger.byKind
    assert.ok(counted <= text + appLine + errorJson + errorText)
  })

  test(`${name}: the truth has every attempt once`, () => {
    const { truth } = generateAll({ ...options, seed: 3, attempts: 400 })
    const keys = truth.filter(attempt => attempt.requestId !== null).map(key)
    assert.equal(new Set(keys).size, keys.length)
    for (const attempt of truth) {
      assert.ok(statuses.includes(attempt.status))
      assert.equal(
        Object.values(attempt.levels).reduce((sum, count) => sum + count, 0),
        attempt.lines,
      )
      assert.ok(attempt.linesAfterEnd <= attempt.lines)
      assert.match(attempt.traceId, /^[0-9a-f]{32}$/)
      assert.match(attempt.spanId, /^[0-9a-f]{16}$/)
    }
  })
}

const key = (attempt: { requestId: string | null; phase: string; attempt: number }): string =>
  `${attempt.requestId}|${attempt.phase}|${attempt.attempt}`

test('a shuffle changes the order of records and nothing that they tell', () => {
  const options = { seed: 4, attempts: 500, faults: spreadFaultRate(0.3, sls), format: 'sls' as const }
  const plain = generateAll(options)
  const shuffled = generateAll({ ...options, shuffle: true })
  assert.notDeepEqual(shuffled.lines, plain.lines)
  assert.deepEqual([...shuffled.lines].sort(), [...plain.lines].sort())
  assert.deepEqual(shuffled.ledger, plain.ledger)
  const sorted = (generated: typeof plain) => generated.truth.map(attempt => JSON.stringify(attempt)).sort()
  assert.deepEqual(sorted(shuffled), sorted(plain))
})

test('--lines ends about where it is told to', () => {
  const { lines } = generateAll({ lines: 2000, format: 'sls' })
  assert.ok(lines.length >= 2000 && lines.length < 2600, String(lines.length))
})

test('text records are one line each', () => {
  const { lines } = generateAll({
    format: 'text',
    attempts: 300,
    faults: spreadFaultRate(0.4, { rows: false, metrics: false }),
  })
  for (const line of lines) assert.equal(line.indexOf('\n'), line.length - 1)
})

test('rows are JSON with nothing but strings', () => {
  const { lines } = generateAll({ format: 'sls', attempts: 200 })
  for (const line of lines) {
    const row: unknown = JSON.parse(line)
    assert.ok(typeof row === 'object' && row !== null)
    for (const value of Object.values(row)) assert.equal(typeof value, 'string')
  }
})

test('every fault can be asked for alone', () => {
  const statusOf = {
    timeout: 'timeout',
    outOfMemory: 'outOfMemory',
    canceled: 'canceled',
    throttled: 'throttled',
    handledError: 'handledError',
  } as const
  for (const [fault, status] of Object.entries(statusOf)) {
    const { truth } = generateAll({ format: 'sls', attempts: 200, faults: { [fault]: 0.5 } })
    assert.ok(
      truth.some(attempt => attempt.status === status),
      fault,
    )
  }
})
