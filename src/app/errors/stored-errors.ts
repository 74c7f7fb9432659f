// Groups of failures from the store.
import { FailureGroups } from '../../classify/failure-groups.ts'
import type { StoreConnection } from '../../model/store-connection.ts'
import { hasCorrections } from '../../store/errors/failed-attempts.ts'
import { failureCounts, failuresAt } from '../../store/errors/failure-counts.ts'
import { attemptsHeld } from '../../store/errors/newest-attempt.ts'
import { chosenGroups, type ErrorReport, type ErrorWish, errorReport, type ReportWish } from './error-report.ts'
import { maxGroups } from './group-bounds.ts'

/** `newestStart` is looked for where nothing was found, so that nobody takes an old store for one without faults. */
export interface StoredErrors {
  readonly report: ErrorReport
  readonly held: { readonly attempts: number; readonly newestStart: string | null } | null
}

/** Fails with a `StoreError`. */
export async function storedErrors(
  store: StoreConnection,
  asked: ErrorWish,
  report: Omit<ReportWish, 'period'>,
): Promise<StoredErrors> {
  const wish = { ...asked, isCorrected: await hasCorrections(store) }
  const groups = new FailureGroups(maxGroups)
  const { counts, failures } = await failureCounts(store, wish)
  let grouped = 0
  for (const count of counts) if (groups.add(count)) grouped += count.count
  const how = { ...report, period: wish }
  const chosen = chosenGroups(groups, how)
  const moments = chosen.flatMap(({ newestMs }) => newestMs)
  for (const { kind, request } of await failuresAt(store, wish, moments)) groups.show(kind, request)
  return {
    report: errorReport(groups, chosen, { ...how, failures, failuresLeftOut: failures - grouped }),
    held: failures === 0 ? await attemptsHeld(store) : null,
  }
}
