// What a function would have cost with another size, in the hours that it had.
import type { InstanceHour } from '../../model/instance-hour.ts'
import type { EraQuestion, RunHistory } from '../../model/run-history.ts'
import type { ConfigOf } from '../attempt-hours.ts'
import { type Charge, type EstimateOptions, estimate, noCharge, plusCharge } from '../estimate.ts'
import { UsageGatherer } from '../gather-usage.ts'
import { changedConfigOf, changedHour, isOf, type SizeChange, type TargetFunction } from './changed-size.ts'
import { eraAt } from './era-at.ts'

/** Fewer calls say nothing about a size. */
export const leastCalls = 30

/** A time between two moments at which functions.yaml changes, with the function's size in it. */
export interface SizedEra extends EraQuestion {
  readonly vCPU: number | null
  readonly memoryMB: number | null
}

/** The function's part of the bill, and the whole of it: tiers are filled up by all functions. */
export interface Variant {
  readonly ofFunction: Charge
  readonly total: Charge
}

export interface WhatIf {
  readonly now: Variant
  /** Calls take as long as they took. */
  readonly sameDurations: Variant
  /** Calls do nothing but compute, so that their time goes with the vCPU: the other end. Null where the vCPU stays. */
  readonly allComputing: Variant | null
  /** Calls take as long as others took that had the new vCPU. Null where there are too few to tell. */
  readonly asObserved: Variant | null
}

export interface WhatIfInput {
  readonly target: TargetFunction
  readonly change: SizeChange
  /** Of all functions. */
  readonly hours: AsyncIterable<InstanceHour> | Iterable<InstanceHour>
  readonly eras: readonly SizedEra[]
  readonly histories: readonly RunHistory[]
  readonly configOf: ConfigOf
  /** YYYY-MM filter of hours, by their beginning. */
  readonly isWanted: (hourMs: number) => boolean
  readonly options: EstimateOptions
}

type PaceOf = (hour: InstanceHour) => number

/** `hours` are read once. */
export async function whatIf(input: WhatIfInput): Promise<WhatIf> {
  const { hours, target, change, configOf, options } = input
  const { book } = options
  const other = changedConfigOf(configOf, target, change)
  const now = new UsageGatherer({ book, configOf, month: null })
  const paces = [() => 1, computingPace(input), observedPace(input)]
  const variants = paces.map(paceOf => ({ paceOf, usage: new UsageGatherer({ book, configOf: other, month: null }) }))
  for await (const hour of hours) {
    now.add(hour)
    for (const { paceOf, usage } of variants)
      if (paceOf !== null) usage.add(isOf(target, hour) ? changedHour(hour, change, paceOf(hour)) : hour)
  }
  const priced = (usage: UsageGatherer): Variant => variantOf(input, usage)
  const [same, computing, observed] = variants.map(({ paceOf, usage }) => (paceOf === null ? null : priced(usage)))
  if (same === null || same === undefined) throw new RangeError('BUG: durations can always stay')
  return { now: priced(now), sameDurations: same, allComputing: computing ?? null, asObserved: observed ?? null }
}

function variantOf({ target, options, isWanted }: WhatIfInput, usage: UsageGatherer): Variant {
  const wanted = usage.hours().filter(({ hourMs }) => isWanted(hourMs))
  const { functions, total } = estimate(wanted, options)
  return { ofFunction: functions.filter(of => isOf(target, of)).reduce(plusCharge, noCharge), total }
}

function computingPace({ change, configOf }: WhatIfInput): PaceOf | null {
  const { vCPU } = change
  if (vCPU === null) return null
  return hour => (configOf(hour, hour.firstMs)?.vCPU ?? vCPU) / vCPU
}

/** Null where nothing with the new vCPU was seen often enough. */
function observedPace({ change, eras, histories }: WhatIfInput): PaceOf | null {
  const means = new Map(
    histories.filter(({ calls }) => calls >= leastCalls).map(({ era, meanMs }) => [era, meanMs] as const),
  )
  const target = [...means].findLast(([era]) => change.vCPU !== null && eras[era]?.vCPU === change.vCPU)?.[1] ?? null
  if (target === null) return null
  return hour => {
    const mean = means.get(eraAt(eras, hour.firstMs)) ?? null
    return mean === null || mean === 0 ? 1 : target / mean
  }
}
