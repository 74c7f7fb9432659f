// Remedies in the language of whoever asks: the store has those of the worker that wrote it.
import { causeRules } from '../../classify/rules.ts'
import type { Cause, Lang } from '../../model/cause.ts'
import type { AttemptRecord } from '../../model/post-mortem.ts'

const rules = new Map(causeRules.map(rule => [rule.code, rule]))

/** The same attempts with the remedies of this version, in `lang`. What it does not know stays as it was stored. */
export const localizeCauses = (attempts: readonly AttemptRecord[], lang: Lang): readonly AttemptRecord[] =>
  attempts.map(attempt => ({ ...attempt, causes: attempt.causes.map(cause => localized(cause, lang)) }))

function localized(cause: Cause, lang: Lang): Cause {
  const rule = rules.get(cause.code)
  return rule === undefined ? cause : { ...cause, remedy: rule.remedy[lang], docs: rule.docs }
}
