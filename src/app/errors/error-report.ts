// What `errors` tells: groups of failures as they leave the program, the same from a store and from files.
import { commonCause, type FailureGroup, type FailureGroups } from '../../classify/failure-groups.ts'
import { causeRules } from '../../classify/rules.ts'
import type { Status } from '../../model/attempt.ts'
import type { CauseCode, Lang } from '../../model/cause.ts'
import type { Period } from '../../model/failure.ts'

/** One group (docs/errors-command.md). Times are RFC 3339; what is not known is null. */
export interface ErrorGroup {
  readonly fingerprint: string
  readonly count: number
  /** Of all failures that were asked for, 0 to 1. */
  readonly share: number
  readonly isNew: boolean
  readonly firstSeen: string | null
  readonly lastSeen: string | null
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly status: Status
  readonly errorType: string | null
  readonly errorCode: string | null
  readonly message: string | null
  readonly frame: string | null
  readonly cause: { readonly code: CauseCode; readonly remedy: string | null; readonly docs: string | null } | null
  readonly qualifiers: readonly string[]
  readonly versions: readonly string[]
  readonly requests: readonly {
    readonly requestId: string
    readonly startTime: string | null
    readonly errorMessage: string | null
  }[]
}

export interface ErrorReport {
  readonly from: string | null
  readonly to: string | null
  /** Groups that were first seen from then on are new; null where no time is known. */
  readonly newFrom: string | null
  readonly failures: number
  /** Failures that are in no group: there were too many kinds. */
  readonly failuresLeftOut: number
  /** Groups that there are, shown or not. */
  readonly groups: number
  readonly errors: readonly ErrorGroup[]
}

/** Which failures are asked for: names with `*` for any characters, none for all functions. */
export interface ErrorWish extends Period {
  readonly functions: readonly string[]
  readonly statuses: readonly Status[]
}

export const errorSorts = ['count', 'last', 'new'] as const
export type ErrorSort = (typeof errorSorts)[number]

/** The last part of the period: what was not seen before it is new. */
const newShare = 0.25

export interface ReportWish {
  /** What was asked for; where a bound is null the first and the last failure bound it. */
  readonly period: Period
  readonly sort: ErrorSort
  readonly limit: number
  readonly lang: Lang
}

/** The groups that are shown, in their order. */
export function chosenGroups(groups: FailureGroups, wish: ReportWish): readonly FailureGroup[] {
  const newFromMs = newFrom(extentOf(groups, wish.period))
  const all = [...groups.groups]
  const isNew = (group: FailureGroup): number => Number(isNewIn(group, newFromMs))
  const orders: Record<ErrorSort, (one: FailureGroup, other: FailureGroup) => number> = {
    count: () => 0,
    last: (one, other) => (other.lastMs ?? 0) - (one.lastMs ?? 0),
    new: (one, other) => isNew(other) - isNew(one) || (other.firstMs ?? 0) - (one.firstMs ?? 0),
  }
  const order = orders[wish.sort]
  return all
    .sort(
      (one, other) =>
        order(one, other) || other.count - one.count || (one.fingerprint.id < other.fingerprint.id ? -1 : 1),
    )
    .slice(0, wish.limit)
}

/** `failures`: of all groups, and of those that there was no room for. */
export function errorReport(
  groups: FailureGroups,
  chosen: readonly FailureGroup[],
  wish: ReportWish & { readonly failures: number; readonly failuresLeftOut: number },
): ErrorReport {
  const extent = extentOf(groups, wish.period)
  const newFromMs = newFrom(extent)
  const { failures, failuresLeftOut } = wish
  return {
    from: timeOf(extent.fromMs),
    to: timeOf(extent.toMs),
    newFrom: timeOf(newFromMs),
    failures,
    failuresLeftOut,
    groups: [...groups.groups].length,
    errors: chosen.map(group => errorGroup(group, { failures, newFromMs, lang: wish.lang })),
  }
}

function errorGroup(
  group: FailureGroup,
  { failures, newFromMs, lang }: { failures: number; newFromMs: number | null; lang: Lang },
): ErrorGroup {
  const { functionName, serviceName, status, errorType, errorCode } = group.kind
  return {
    fingerprint: group.fingerprint.id,
    count: group.count,
    share: Math.round((group.count / failures) * 1e4) / 1e4,
    isNew: isNewIn(group, newFromMs),
    firstSeen: timeOf(group.firstMs),
    lastSeen: timeOf(group.lastMs),
    functionName,
    serviceName,
    status,
    errorType,
    errorCode,
    message: group.fingerprint.message,
    frame: group.fingerprint.frame,
    cause: causeOf(commonCause(group.causes), lang),
    qualifiers: [...group.qualifiers].sort(),
    versions: [...group.versions].sort(),
    requests: group.requests.map(({ requestId, timeMs, message }) => {
      return { requestId, startTime: timeOf(timeMs), errorMessage: message }
    }),
  }
}

const rules = new Map(causeRules.map(rule => [rule.code, rule]))

/** With the remedies of this version. */
function causeOf(code: CauseCode | null, lang: Lang): ErrorGroup['cause'] {
  if (code === null) return null
  const rule = rules.get(code)
  return { code, remedy: rule?.remedy[lang] ?? null, docs: rule?.docs ?? null }
}

function extentOf(groups: FailureGroups, { fromMs, toMs }: Period): Period {
  const times = [...groups.groups].flatMap(({ firstMs, lastMs }) =>
    firstMs === null || lastMs === null ? [] : [firstMs, lastMs],
  )
  const least = times.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY)
  const most = times.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY)
  return times.length === 0 ? { fromMs, toMs } : { fromMs: fromMs ?? least, toMs: toMs ?? most }
}

const newFrom = ({ fromMs, toMs }: Period): number | null =>
  fromMs === null || toMs === null ? null : toMs - (toMs - fromMs) * newShare

/** What lasted no time has no last part. */
const isNewIn = ({ firstMs }: FailureGroup, newFromMs: number | null): boolean =>
  firstMs !== null && newFromMs !== null && firstMs >= newFromMs

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
