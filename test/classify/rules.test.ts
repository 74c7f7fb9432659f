// The list of cause rules is complete, and what it tells people is complete, too.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { causesPagePath, renderCausesPage } from '../../scripts/write-causes-doc.ts'
import { findCauses } from '../../src/classify/find-causes.ts'
import { judge } from '../../src/classify/judge.ts'
import { causeRules, fallbackRule } from '../../src/classify/rules.ts'
import { causeCodes } from '../../src/model/cause.ts'
import { signalsWith, withoutEnd } from './signals.ts'

test('every cause code has exactly one rule', () => {
  assert.deepEqual(causeRules.map(rule => rule.code).toSorted(), [...causeCodes].toSorted())
})

test('every rule stands in the file named after its code', () => {
  const files = readdirSync(new URL('../../src/classify/rules/', import.meta.url)).toSorted()
  const expected = causeCodes.map(code => `${code.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}.ts`)
  assert.deepEqual(files, expected.toSorted())
})

test('the fallback is the last rule', () => {
  assert.equal(causeRules.at(-1), fallbackRule)
  assert.equal(fallbackRule.code, 'unknown')
})

for (const rule of causeRules) {
  test(`${rule.code}: signs, remedies in both languages, an address`, () => {
    assert.match(rule.signs, /\.$/)
    assert.match(rule.remedy.en, /^[A-Z`].{40,}[.]$/)
    assert.doesNotMatch(rule.remedy.en, /[\u4e00-\u9fff]/)
    assert.match(rule.remedy.zh, /[\u4e00-\u9fff].{20,}。$/)
    assert.match(rule.docs, /^https:\/\/help\.aliyun\.com\/\S+$/)
  })
}

test('the remedy comes in the language asked for', () => {
  const signals = signalsWith(withoutEnd)
  for (const lang of ['en', 'zh'] as const) {
    assert.equal(findCauses(signals, judge(signals), lang)[0]?.remedy, fallbackRule.remedy[lang])
  }
})

test('docs/causes.md is up to date (node scripts/write-causes-doc.ts)', () => {
  assert.equal(readFileSync(causesPagePath, 'utf8'), renderCausesPage())
})
