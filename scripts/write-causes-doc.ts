// Writes docs/causes.md from the cause rules, so that the page cannot say anything else than the program does.
import { writeFileSync } from 'node:fs'
import { Confidence } from '../src/classify/cause-rule.ts'
import { causeRules } from '../src/classify/rules.ts'
import { causeCodes } from '../src/model/cause.ts'

/** Where the page stands. */
export const causesPagePath = new URL('../docs/causes.md', import.meta.url)

const confidenceMeanings: Readonly<Record<keyof typeof Confidence, string>> = {
  stated: 'the platform says so: its code, its sentence, its metrics row',
  specific: 'one sign that hardly anything else leaves behind',
  typical: 'what usually lies behind such signs',
  plausible: 'fits, and the documentation names it for such a failure',
  possible: 'fits, and nothing speaks against it',
  unlikely: 'fits, but something speaks against it, or nothing else does',
}

/** The whole page. */
export function renderCausesPage(): string {
  const scale = Object.entries(Confidence).map(
    ([name, value]) => `| ${value} | ${confidenceMeanings[name as keyof typeof Confidence]} |`,
  )
  return [
    '# Causes',
    '',
    'Every attempt that failed, or whose end was never seen, gets a ranked list of possible causes. Each has a code, a confidence,',
    'evidence (text and figures that are in its records, nothing else), a remedy in both languages and an address of the documentation.',
    '',
    'This page is written by `node scripts/write-causes-doc.ts` from `src/classify/rules/`; change it there.',
    '',
    '| confidence | means |',
    '| --- | --- |',
    ...scale,
    '',
    '| cause | signs | what to do | 处理方法 | documentation |',
    '| --- | --- | --- | --- | --- |',
    ...causeCodes.map(renderRow),
    '',
  ].join('\n')
}

function renderRow(code: (typeof causeCodes)[number]): string {
  const rule = causeRules.find(candidate => candidate.code === code)
  if (rule === undefined) throw new Error(`no rule for the cause ${code}: add one to src/classify/rules.ts`)
  const cells = [`\`${code}\``, rule.signs, rule.remedy.en, rule.remedy.zh, `<${rule.docs}>`]
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

if (import.meta.main) writeFileSync(causesPagePath, renderCausesPage())
