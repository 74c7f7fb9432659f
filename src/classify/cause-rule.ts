// What a rule that recognises one cause is made of, and the scale on which all rules measure their confidence.
import type { AttemptSignals } from '../model/attempt-signals.ts'
import type { CauseCode, Lang } from '../model/cause.ts'
import type { FailureTexts } from './failure-texts.ts'
import type { Verdict } from './judge.ts'

/** The scale of confidence. Rules use these values only, so that causes of different rules can be compared. */
export const Confidence = {
  /** The platform says so in as many words: its code, its sentence, its metrics row. */
  stated: 0.95,
  /** One sign that hardly anything else leaves behind. */
  specific: 0.8,
  /** What usually lies behind signs like these. */
  typical: 0.6,
  /** Fits, and the platform's documentation names it for such a failure. */
  plausible: 0.45,
  /** Fits, and nothing speaks against it. */
  possible: 0.3,
  /** Fits, but something speaks against it. */
  unlikely: 0.15,
} as const
export type ConfidenceValue = (typeof Confidence)[keyof typeof Confidence]

/** A failed attempt as the rules see it. */
export interface Failure {
  readonly signals: AttemptSignals
  readonly verdict: Verdict
  readonly texts: FailureTexts
}

/** What a rule found. The evidence is never empty, and all of it stands in the records. */
export interface CauseMatch {
  readonly confidence: ConfidenceValue
  readonly evidence: readonly string[]
}

/** One possible cause of failures. Must be pure, and must not match without evidence. */
export interface CauseRule {
  readonly code: CauseCode
  /** What it goes by, for the documentation. */
  readonly signs: string
  readonly remedy: Readonly<Record<Lang, string>>
  /** The documentation's address. */
  readonly docs: string
  match(failure: Failure): CauseMatch | undefined
}

const maxEvidence = 4

/** A match with those pieces that are there, each once; no match when there are none. */
export function found(confidence: ConfidenceValue, pieces: readonly (string | undefined)[]): CauseMatch | undefined {
  const evidence = new Set<string>()
  for (const piece of pieces) {
    if (piece !== undefined && piece !== '' && evidence.size < maxEvidence) evidence.add(piece)
  }
  return evidence.size === 0 ? undefined : { confidence, evidence: [...evidence] }
}
