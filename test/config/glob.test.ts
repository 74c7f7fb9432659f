import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createNameMatcher } from '../../src/config/glob.ts'

const cases: [pattern: string, matching: (string | null)[], others: (string | null)[]][] = [
  ['api', ['api'], ['API', 'api2', 'xapi', '', null]],
  ['*', ['api', '', '*', null, 'x'.repeat(5000)], []],
  ['***', ['api', '', null], []],
  ['api-*', ['api-', 'api-1', 'api-*'], ['api', 'xapi-', null]],
  ['*-api', ['-api', 'x-api'], ['api', '-api-', null]],
  ['a*a', ['aa', 'aba', 'aaa'], ['a', 'ab', null]],
  ['ab*ba', ['abba', 'abxba', 'abbba'], ['aba', 'ab', null]],
  ['*a*b*', ['ab', 'xaxbx', 'aab'], ['ba', 'a', '', null]],
  ['a*b*c', ['abc', 'abbc', 'aXbYc', 'abcbc'], ['ac', 'acb', 'abcd', null]],
  ['a**c', ['ac', 'abc'], ['a', null]],
  ['a*bc*bc', ['abcbc', 'abcxbc'], ['abc', 'abbc', null]],
  ['img.*', ['img.1', 'img.'], ['imgx1', null]],
  ['函数*', ['函数', '函数-1'], ['函', null]],
  ['x*', ['x'.repeat(1024)], ['x'.repeat(1025)]],
]
for (const [pattern, matching, others] of cases) {
  test(`pattern ${pattern}`, () => {
    const matches = createNameMatcher(pattern)
    for (const name of matching) assert.equal(matches(name), true, `${name?.slice(0, 20)} matches`)
    for (const name of others) assert.equal(matches(name), false, `${name?.slice(0, 20)} does not match`)
  })
}

test('agrees with a regular expression', () => {
  const text = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 10 })
  fc.assert(
    fc.property(text('ab*'), text('ab'), (pattern, name) => {
      assert.equal(createNameMatcher(pattern)(name), new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name))
    }),
    { numRuns: 2000 },
  )
})

test('a hostile pattern and name cost nothing', () => {
  const matches = createNameMatcher(`${'a*'.repeat(127)}b`)
  const started = performance.now()
  for (let i = 0; i < 1000; i += 1) assert.equal(matches('a'.repeat(1024)), false)
  const almost = createNameMatcher(`*${'a'.repeat(120)}c${'*a'.repeat(60)}*`)
  for (let i = 0; i < 1000; i += 1) assert.equal(almost('a'.repeat(1024)), false)
  assert.ok(performance.now() - started < 2000)
})
