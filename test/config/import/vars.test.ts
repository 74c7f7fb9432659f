import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Unexpanded } from '../../../src/config/import/found-function.ts'
import { Vars } from '../../../src/config/import/vars.ts'

const vars = new Vars({
  region: 'cn-hangzhou',
  size: { cpu: 0.5, deep: { memory: 512 } },
  isOn: true,
  nothing: null,
  empty: '',
  other: `\${vars.region}`,
  whole: `\${vars.size}`,
  fromWhole: `\${vars.whole.cpu}`,
  outside: `\${env('X')}`,
  itself: `\${vars.itself}`,
  to: `\${vars.fro}`,
  fro: `a\${vars.to}`,
})

const expanded: readonly [text: unknown, value: unknown][] = [
  ['plain', 'plain'],
  ['$5 {x}', '$5 {x}'],
  [512, 512],
  [null, null],
  [`\${vars.region}`, 'cn-hangzhou'],
  [`\${ vars.region }`, 'cn-hangzhou'],
  [`\${vars.size.cpu}`, 0.5],
  [`\${vars.size.deep.memory}`, 512],
  [`\${vars.size.deep}`, { memory: 512 }],
  [`\${vars.isOn}`, true],
  [`\${vars.empty}`, ''],
  [`\${vars.other}`, 'cn-hangzhou'],
  [`\${vars.fromWhole}`, 0.5],
  [`a-\${vars.region}-\${vars.size.cpu}-b`, 'a-cn-hangzhou-0.5-b'],
]
for (const [text, value] of expanded) {
  test(`${JSON.stringify(text)} becomes ${JSON.stringify(value)}`, () => assert.deepEqual(vars.expand(text), value))
}

/** And what is told of it. */
const unexpanded: readonly [text: string, source?: string][] = [
  [`\${env('X')}`],
  [`\${env.X}`],
  [`\${vars.none}`],
  [`\${vars.none.deeper}`],
  [`\${vars.nothing}`],
  [`\${vars}`],
  [`\${vars.}`],
  [`\${vars.region`],
  [`\${vars.region.length}`],
  [`\${vars.constructor}`],
  [`\${vars.__proto__}`],
  [`\${vars.size.toString}`],
  [`a-\${vars.size}`],
  [`\${vars.itself}`],
  [`\${vars.outside}`, `\${env('X')}`],
  [`a-\${vars.outside}`, `\${env('X')}`],
  [`\${env('fc', path('../'))}`],
]
for (const [text, source = text] of unexpanded) {
  test(`${text} is not known`, () => {
    const value = vars.expand(text)
    assert.ok(value instanceof Unexpanded)
    assert.equal(value.source, source)
  })
}

test('variables that lead to each other end', () => {
  assert.ok(vars.expand(`\${vars.to}`) instanceof Unexpanded)
})

test('a text that grows without end does not', () => {
  const levels = Array.from({ length: 15 }, (_, i) => [`v${i}`, `\${vars.v${i + 1}}`.repeat(10)])
  const value = new Vars(Object.fromEntries([...levels, ['v15', 'x'.repeat(10)]])).expand(`\${vars.v0}`)
  assert.ok(value instanceof Unexpanded)
})

test('many variables that are nothing cost little', () => {
  const levels = Array.from({ length: 15 }, (_, i) => [`v${i}`, `\${vars.v${i + 1}}`.repeat(100)])
  assert.equal(new Vars(Object.fromEntries([...levels, ['v15', '']])).expand(`\${vars.v0}`), '')
})

test('a long chain ends', () => {
  const chain = Array.from({ length: 50_000 }, (_, i) => [`v${i}`, `\${vars.v${i + 1}}`])
  assert.ok(new Vars(Object.fromEntries(chain)).expand(`\${vars.v0}`) instanceof Unexpanded)
})
