import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationOf, sinceOption, spanText } from '../../src/cli/time-option.ts'
import { FcscopeError } from '../../src/model/fcscope-error.ts'

const since = (text: string): number | null =>
  sinceOption(
    { args: { operands: [], has: () => true, value: () => text, values: () => [text] }, command: 'x', name: 'since' },
    1_000_000_000,
  )

const is = (text: string, expected: number): void =>
  void test(`${text} is ${expected}`, () => assert.equal(since(text), expected))
is('90s', 999_910_000)
is('2h', 992_800_000)
is('2025-01-15', Date.UTC(2025, 0, 15))
is('2025-01-15T08:00:00Z', Date.UTC(2025, 0, 15, 8))
is('2025-01-15T08:00:00.5+08:00', Date.UTC(2025, 0, 15, 0, 0, 0, 500))

for (const text of ['', '15', 'm', '-1h', '1.5h', 'yesterday', '2025-13-01', '2025-01-15T08:00:00', '15/01/2025'])
  test(`'${text}' is no time`, () => assert.throws(() => since(text), FcscopeError))

test('lengths of time are written as they are read', () => {
  for (const text of ['1s', '90s', '5m', '2h', '7d']) assert.equal(spanText(durationOf(text) ?? 0), text)
})
