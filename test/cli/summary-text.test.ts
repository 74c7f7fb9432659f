import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AttemptSummary } from '../../src/cli/attempt-summary.ts'
import { summaryText } from '../../src/cli/summary-text.ts'
import type { Attempt } from '../../src/model/attempt.ts'
import { Ledger } from '../../src/model/ledger.ts'

/** Only what the summary reads. */
function attempt(parts: Partial<Attempt>): Attempt {
  const plain: Partial<Attempt> = {
    phase: 'invoke',
    status: 'ok',
    requestId: 'r-1',
    functionName: 'orders',
    causes: [],
  }
  // The summary reads no other field.
  return { startTimeMs: null, endTimeMs: null, durationMs: null, coldStart: null, ...plain, ...parts } as Attempt
}

const exitCalled = {
  code: 'exitCalled',
  confidence: 0.9,
  evidence: ['exit called with code 1\x1b[31m\nsecond line'],
  remedy: 'Return instead of exiting.',
  docs: 'https://example.com',
} as const

function summaryOf(attempts: readonly Attempt[]): AttemptSummary {
  const summary = new AttemptSummary()
  for (const one of attempts) summary.add(one)
  return summary
}

const plain = { lang: 'en', colour: false } as const

test('counts attempts, failures, cold starts and causes', () => {
  const summary = summaryOf([
    attempt({
      durationMs: 10,
      coldStart: true,
      startTimeMs: Date.UTC(2025, 0, 15),
      endTimeMs: Date.UTC(2025, 0, 15, 1),
    }),
    attempt({ durationMs: 1000, status: 'processExited', causes: [exitCalled], requestId: 'r-2' }),
    attempt({ functionName: null, status: 'incomplete', requestId: null }),
    attempt({ phase: 'initialize' }),
  ])
  const ledger = new Ledger()
  ledger.received = 12_345
  ledger.attached = 12_345
  assert.equal(
    summaryText(summary, ledger, plain),
    `Attempts: 3 · 1 instance hooks · 2025-01-15T00:00:00.000Z … 2025-01-15T01:00:00.000Z
          1  ok
          1  processExited
          1  incomplete

Functions (Attempts / failed / cold / p50 ms / p99 ms)
        2         1         1      10.3     1,020  orders
        1         0         0         –         –  (function not known)

Why attempts failed
          1  exitCalled
             seen: exit called with code 1\\u{1b}[31m second line
             do: Return instead of exiting.
             requests: r-2

Records: 12,345 = 12,345 attached + 0 unattached + 0 duplicate + 0 ignored + 0 deadLettered + 0 unaccounted
`,
  )
})

test('nothing at all is a summary too', () => {
  assert.match(summaryText(summaryOf([]), new Ledger(), plain), /^Attempts: 0\n[\s\S]*No attempt failed\./)
})

test('nothing from the logs steers the terminal', () => {
  const summary = summaryOf([
    attempt({
      functionName: 'a\x1b]0;title\x07',
      status: 'timeout',
      causes: [{ ...exitCalled }],
      requestId: 'r\x9b2J',
    }),
  ])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  assert.doesNotMatch(summaryText(summary, new Ledger(), plain), /[\x00-\x09\x0b-\x1f\x7f-\x9f]/)
})

test('memory is bounded: functions beyond the thousandth are told together', () => {
  const summary = summaryOf(Array.from({ length: 3000 }, (_, n) => attempt({ functionName: `f-${n}` })))
  assert.equal(summary.functions.size, 1001)
  assert.equal(summary.functions.get(null)?.attempts, 2000)
  assert.match(summaryText(summary, new Ledger(), plain), /… and 991 more/)
})

test('colour only where it is asked for', () => {
  const summary = summaryOf([attempt({ status: 'timeout' })])
  assert.ok(summaryText(summary, new Ledger(), { lang: 'zh', colour: true }).includes('\x1b[31m'))
  assert.ok(!summaryText(summary, new Ledger(), { lang: 'zh', colour: false }).includes('\x1b'))
})
