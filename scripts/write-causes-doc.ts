// Writes docs/causes.md from the cause rules, so that the page cannot say anything else than the program does.
import { writeFileSync } from 'node:fs'
import { Confidence, type ConfidenceValue } from '../src/classify/cause-rule.ts'
import { causeRules } from '../src/classify/rules.ts'
import { type CauseCode, causeCodes } from '../src/model/cause.ts'

/** Where the page stands. */
export const causesPagePath = new URL('../docs/causes.md', import.meta.url)

const confidenceMeanings: readonly (readonly [ConfidenceValue, string])[] = [
  [Confidence.stated, 'the platform says so: its code, its sentence, its metrics row'],
  [Confidence.specific, 'one sign that hardly anything else leaves behind'],
  [Confidence.typical, 'what usually lies behind such signs'],
  [Confidence.plausible, 'fits, and the documentation names it for such a failure'],
  [Confidence.possible, 'fits, and nothing speaks against it'],
  [Confidence.unlikely, 'fits, but something speaks against it, or nothing else does'],
]

/** The whole page. Remedies are paragraphs, so that every cause is a section and not a row. */
export function renderCausesPage(): string {
  const scale = confidenceMeanings.map(([value, meaning]) => `- **${value}**: ${meaning}`)
  const intro = [
    '# Causes',
    'Every attempt that failed, or whose end was never seen, gets a ranked list of possible causes. Each has a code, a confidence,\nevidence (text and figures that are in its records, nothing else), a remedy in both languages and an address of the documentation.',
    'This page is written by `node scripts/write-causes-doc.ts` from `src/classify/rules/`; change it there.',
    '## Confidence',
    scale.join('\n'),
  ]
  return `${[...intro, ...causeCodes.map(renderCause)].join('\n\n')}\n`
}

function renderCause(code: CauseCode): string {
  const rule = causeRules.find(candidate => candidate.code === code)
  if (rule === undefined) throw new Error(`no rule for the cause ${code}: add one to src/classify/rules.ts`)
  return [
    `## ${code}`,
    '',
    `- **Signs**: ${rule.signs}`,
    `- **What to do**: ${rule.remedy.en}`,
    `- **处理方法**：${rule.remedy.zh}`,
    `- **Documentation**: <${rule.docs}>`,
  ].join('\n')
}

if (import.meta.main) writeFileSync(causesPagePath, renderCausesPage())
