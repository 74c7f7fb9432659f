// Explains a failed attempt: every cause that its records speak for, the likeliest first.
import type { AttemptSignals } from '../model/attempt-signals.ts'
import type { Cause, Lang } from '../model/cause.ts'
import type { CauseMatch, CauseRule, Failure } from './cause-rule.ts'
import { readTexts } from './failure-texts.ts'
import type { Verdict } from './judge.ts'
import { causeRules, fallbackRule } from './rules.ts'

const noCauses: readonly Cause[] = Object.freeze([])

/**
 * The causes of an attempt, by confidence, of equals in the order of the rules. Empty for `ok`, never empty otherwise:
 * where nothing fits there is `unknown` with what was seen.
 */
export function findCauses(signals: AttemptSignals, verdict: Verdict, lang: Lang): readonly Cause[] {
  if (verdict.status === 'ok') return noCauses
  const failure: Failure = { signals, verdict, texts: readTexts(signals) }
  const causes: Cause[] = []
  for (const rule of causeRules) {
    const match = rule === fallbackRule ? undefined : rule.match(failure)
    if (match !== undefined) causes.push(causeOf(rule, match, lang))
  }
  if (causes.length === 0) {
    const match = fallbackRule.match(failure)
    if (match !== undefined) causes.push(causeOf(fallbackRule, match, lang))
  }
  return causes.sort((one, other) => other.confidence - one.confidence)
}

const causeOf = (rule: CauseRule, match: CauseMatch, lang: Lang): Cause => ({
  code: rule.code,
  confidence: match.confidence,
  evidence: match.evidence,
  remedy: rule.remedy[lang],
  docs: rule.docs,
})
