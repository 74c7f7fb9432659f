// Time of instances that are always kept, which neither attempts nor lives of instances tell.
import type Big from 'big.js'
import { editionAt } from '../edition-at.ts'
import { usageOf } from '../usage.ts'
import type { Cell } from './cell.ts'
import type { ReconcileRules } from './cell-context.ts'

export interface UntoldIdle {
  readonly minInstances: number
  /** Ms of instances that attempts or lives tell. */
  readonly knownMs: number
  /** What the rest comes to, asleep. */
  readonly cu: Big
}

/** What the platform gives an instance where nothing else is said. */
const usualDiskMB = 512
const dayMs = 86_400_000
/** Lives end and begin within a day; below this share of the time nothing is missing. */
const leastShare = 0.01

/** Null when no entry of functions.yaml keeps instances of the function, or all of their time is known. */
export function untoldIdleOf(cell: Cell, rules: ReconcileRules): UntoldIdle | null {
  const { fromMs, toMs } = periodOf(cell)
  const { functionName, serviceName } = cell
  const config = functionName === null ? null : rules.configOf({ functionName, serviceName, qualifier: null }, fromMs)
  const edition = editionAt(rules.book, fromMs)
  const { minInstances, vCPU, memoryMB } = config ?? { minInstances: null, vCPU: null, memoryMB: null }
  if (config === null || edition === null || !minInstances || vCPU === null || memoryMB === null) return null
  const keptMs = minInstances * (toMs - fromMs)
  const knownMs = cell.ours.activeMs + cell.ours.asleepMs
  if (keptMs - knownMs < keptMs * leastShare) return null
  const size = { vCPU, memoryMB, diskMB: config.diskMB ?? usualDiskMB, gpu: config.gpu }
  const time = { invocations: 0, activeMs: 0, asleepMs: keptMs - knownMs }
  const { cuExact } = usageOf(time, size, { edition, billsAllDisk: rules.billsAllDisk, isNight: false })
  return { minInstances, knownMs, cu: cuExact }
}

/** A day or a month of Beijing's clock, unix ms. */
export function periodOf({ day, month }: Pick<Cell, 'day' | 'month'>): {
  readonly fromMs: number
  readonly toMs: number
} {
  if (day !== null) {
    const fromMs = Date.parse(`${day}T00:00:00+08:00`)
    return { fromMs, toMs: fromMs + dayMs }
  }
  const [year = 0, number = 1] = month.split('-').map(Number)
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
  return { fromMs: Date.parse(`${month}-01T00:00:00+08:00`), toMs: Date.parse(`${next}-01T00:00:00+08:00`) }
}

/** Hardly more than nothing is left of `amount` once `part` is taken. */
export const coversMost = (part: Big, amount: Big): boolean => part.times(10).gte(amount.times(9))
