// The causes of all attempts of a request as one list: what a retry fails with again is one cause.
import type { Cause } from '../../model/cause.ts'
import type { AttemptRecord } from '../../model/post-mortem.ts'

export interface MergedCause extends Cause {
  /** The attempts that it is a cause of. */
  readonly attempts: readonly number[]
}

const maxEvidence = 6

/** Likeliest first; of equals the one that came first. */
export function mergeCauses(attempts: readonly AttemptRecord[]): readonly MergedCause[] {
  const byCode = new Map<string, MergedCause>()
  for (const { attempt, causes } of attempts) {
    for (const cause of causes) {
      const known = byCode.get(cause.code)
      byCode.set(cause.code, known === undefined ? { ...cause, attempts: [attempt] } : both(known, cause, attempt))
    }
  }
  return [...byCode.values()].toSorted((one, other) => other.confidence - one.confidence)
}

const both = (known: MergedCause, cause: Cause, attempt: number): MergedCause => ({
  ...known,
  confidence: Math.max(known.confidence, cause.confidence),
  evidence: [...new Set([...known.evidence, ...cause.evidence])].slice(0, maxEvidence),
  attempts: [...new Set([...known.attempts, attempt])],
})
