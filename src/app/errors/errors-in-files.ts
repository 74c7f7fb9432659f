// Groups of failures from files: every attempt as `reconstruct` gives it, read once.
import { FailureGroups } from '../../classify/failure-groups.ts'
import { createNameMatcher } from '../../config/glob.ts'
import type { Attempt } from '../../model/attempt.ts'
import type { BatchOptions } from '../../model/batch-options.ts'
import { defaultBook, defaultMaxOpen } from '../../model/batch-options.ts'
import type { Period } from '../../model/failure.ts'
import { runReconstruct } from '../batch.ts'
import { chosenGroups, type ErrorReport, type ErrorWish, errorReport, type ReportWish } from './error-report.ts'
import { maxGroups } from './group-bounds.ts'
import { kindOf } from './kind-of.ts'

export type FileErrorsOptions = BatchOptions & { readonly functionsPath: string | null }

/** Fails as `reconstruct` does. Attempts without a time count where no period is asked for. */
export async function errorsInFiles(
  options: FileErrorsOptions,
  wish: ErrorWish,
  report: Omit<ReportWish, 'period'>,
): Promise<ErrorReport> {
  const groups = new FailureGroups(maxGroups)
  const named = wish.functions.map(createNameMatcher)
  let failures = 0
  const onAttempt = (attempt: Attempt): void => {
    if (!wish.statuses.includes(attempt.status) || !isWithin(attempt.startTimeMs, wish)) return
    if (named.length > 0 && !named.some(matches => matches(attempt.functionName))) return
    failures += 1
    take(groups, attempt)
  }
  const fixed = { out: 'none', sort: false, ledgerPath: null, book: defaultBook, maxOpen: defaultMaxOpen } as const
  await runReconstruct({ ...options, ...fixed, onAttempt })
  const how = { ...report, period: wish }
  return errorReport(groups, chosenGroups(groups, how), { ...how, failures, failuresLeftOut: groups.leftOut })
}

function isWithin(timeMs: number | null, { fromMs, toMs }: Period): boolean {
  if (timeMs === null) return fromMs === null && toMs === null
  return timeMs >= (fromMs ?? timeMs) && (toMs === null || timeMs < toMs)
}

function take(groups: FailureGroups, attempt: Attempt): void {
  const { requestId, startTimeMs, causes, qualifier, versionId } = attempt
  const kind = kindOf(attempt)
  const [cause] = causes
  const isPlaced = groups.add({
    kind,
    count: 1,
    firstMs: startTimeMs,
    lastMs: startTimeMs,
    causes: new Map(cause === undefined ? [] : [[cause.code, 1]]),
    qualifiers: qualifier ? [qualifier] : [],
    versions: versionId ? [versionId] : [],
    newestMs: [],
  })
  if (isPlaced && requestId !== null) groups.show(kind, { requestId, timeMs: startTimeMs, message: kind.message })
}
