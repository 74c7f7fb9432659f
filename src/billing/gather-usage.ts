// Gathers what instances used, by function and hour: the unit of a bill (facts §D.3, §D.4).
import type { InstanceHour } from '../model/instance-hour.ts'
import type { PriceBook } from '../model/price-book.ts'
import { splitByHour } from './active-runs.ts'
import type { ConfigOf } from './attempt-hours.ts'
import { beijingTime, monthOf } from './beijing-clock.ts'
import { editionAt } from './edition-at.ts'
import { type InstanceSize, type InstanceTime, sizeOf } from './usage.ts'

/** What is billed together in an hour. */
export interface BilledFunction {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly region: string | null
}

/** Time of a function's instances of one size in one hour. */
export interface SizedTime extends InstanceTime {
  readonly size: InstanceSize
}

export interface FunctionHour extends BilledFunction {
  /** Its beginning, unix ms. */
  readonly hourMs: number
  readonly times: readonly SizedTime[]
}

/** The life of an instance, which attempts do not show. */
export interface InstanceLife {
  readonly functionName: string
  readonly instanceID: string
  readonly mode: 'onDemand' | 'provisioned'
  /** Unix ms. */
  readonly fromMs: number
  readonly toMs: number
}

/**
 * Why something is not in the figures. `notBilled`: the platform does not charge it; `unknownConfig`: no entry of functions.yaml with
 * vCPU, and nobody knows the memory or has it there; `noTime`: neither its start nor its end is known; `noDuration`: only its call is
 * billed; `noPrice`: it is older than the book.
 */
export const leftReasons = ['notBilled', 'unknownConfig', 'noTime', 'noDuration', 'noPrice'] as const
export type LeftReason = (typeof leftReasons)[number]

export interface LeftOut {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly reason: LeftReason
  /** YYYY-MM-DD in Beijing; null when it is not known. */
  readonly day: string | null
  /** Attempts, or lives of instances. */
  readonly count: number
}

interface Sized {
  readonly of: BilledFunction
  readonly size: InstanceSize
}

interface OpenHour extends BilledFunction {
  readonly hourMs: number
  readonly times: Map<InstanceSize, SizedTime>
}

interface KnownInstance extends Sized {
  /** Ms by hour that no life was counted for yet. */
  readonly activeMs: Map<number, number>
}

export interface GathererParts {
  readonly book: PriceBook
  readonly configOf: ConfigOf
  /** YYYY-MM in Beijing: nothing outside of it counts, not even for the size of an instance; null for everything. */
  readonly month: string | null
}

/** Takes hours of instances in any order, then lives. */
export class UsageGatherer {
  readonly #book: PriceBook
  readonly #month: string | null
  readonly #configOf: ConfigOf
  readonly #functions = new Map<string, BilledFunction>()
  readonly #sizes = new Map<string, InstanceSize>()
  readonly #instances = new Map<string, KnownInstance>()
  readonly #hours = new Map<string, OpenHour>()
  readonly #left = new Map<string, { -readonly [K in keyof LeftOut]: LeftOut[K] }>()

  constructor(parts: GathererParts) {
    this.#book = parts.book
    this.#month = parts.month
    this.#configOf = parts.configOf
  }

  add(hour: InstanceHour): void {
    if (hour.hourMs !== null && !this.#isAskedFor(hour.hourMs)) return
    this.#leave(hour, 'notBilled', hour.notBilled)
    const reason = this.#take(hour)
    if (reason !== null) this.#leave(hour, reason, hour.attempts)
    else this.#leave(hour, 'noDuration', hour.noDuration)
  }

  #isAskedFor(hourMs: number): boolean {
    return this.#month === null || monthOf(hourMs) === this.#month
  }

  #take(hour: InstanceHour): LeftReason | null {
    const { hourMs, invocations, activeMs, instanceID } = hour
    if (hourMs === null) return 'noTime'
    if (editionAt(this.#book, hourMs) === null) return 'noPrice'
    if (hour.attempts === 0 && activeMs === 0) return null
    const sized = this.#sizeOf(hour, hour.firstMs)
    if (sized === null) return 'unknownConfig'
    if (instanceID !== null) {
      const key = instanceKey(hour.functionName, instanceID)
      interned(this.#instances, key, { ...sized, activeMs: new Map() }).activeMs.set(hourMs, activeMs)
    }
    if (invocations === 0 && activeMs === 0) return null
    const time = this.#timeOf(sized, hourMs)
    time.invocations += invocations
    time.activeMs += activeMs
    return null
  }

  /** Call it when all hours are there: what of a life was active is not asleep. */
  addLife(life: InstanceLife): void {
    const { functionName, instanceID, fromMs, toMs, mode } = life
    const unnamed = { functionName, serviceName: null, qualifier: null, memoryMB: null, hourMs: fromMs }
    const edition = editionAt(this.#book, fromMs)
    const known = this.#instances.get(instanceKey(functionName, instanceID))
    const sized = known ?? this.#sizeOf(unnamed, fromMs)
    if (edition === null || sized === null) {
      this.#leave(unnamed, edition === null ? 'noPrice' : 'unknownConfig', 1)
      return
    }
    const step = mode === 'provisioned' ? edition.granularity.provisionedMs : 1
    splitByHour({ startMs: fromMs, endMs: toMs }, step, (hour, ms) => {
      if (!this.#isAskedFor(hour)) return
      const active = Math.min(ms, known?.activeMs.get(hour) ?? 0)
      known?.activeMs.set(hour, (known.activeMs.get(hour) ?? 0) - active)
      this.#timeOf(sized, hour).asleepMs += ms - active
    })
  }

  /** Everything that was added, sorted by hour, region, service and function. */
  hours(): readonly FunctionHour[] {
    return [...this.#hours.values()].map(hour => ({ ...hour, times: [...hour.times.values()] })).sort(inOrder)
  }

  leftOut(): readonly LeftOut[] {
    return [...this.#left.values()]
  }

  #leave(of: Pick<InstanceHour, 'functionName' | 'serviceName' | 'hourMs'>, reason: LeftReason, count: number): void {
    if (count === 0 || (of.hourMs !== null && !this.#isAskedFor(of.hourMs))) return
    const { functionName, serviceName, hourMs } = of
    const day = hourMs === null ? null : beijingTime(hourMs).slice(0, 10)
    const key = JSON.stringify([reason, day, serviceName, functionName])
    interned(this.#left, key, { functionName, serviceName, reason, day, count: 0 }).count += count
  }

  #sizeOf(
    of: Pick<InstanceHour, 'functionName' | 'serviceName' | 'qualifier' | 'memoryMB'>,
    atMs: number,
  ): Sized | null {
    const config = this.#configOf(of, atMs)
    const size = sizeOf(config, of.memoryMB)
    if (config === null || size === null) return null
    const { functionName } = of
    const billed = { functionName, serviceName: of.serviceName ?? config.serviceName, region: config.region }
    return {
      of: interned(this.#functions, functionKey(billed), billed),
      size: interned(this.#sizes, sizeKey(size), size),
    }
  }

  #timeOf({ of, size }: Sized, hourMs: number): SizedTime {
    const empty: OpenHour = { ...of, hourMs, times: new Map() }
    const { times } = interned(this.#hours, `${hourMs} ${functionKey(of)}`, empty)
    return interned(times, size, { size, invocations: 0, activeMs: 0, asleepMs: 0 })
  }
}

function interned<K, V>(known: Map<K, V>, key: K, value: V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  known.set(key, value)
  return value
}

const instanceKey = (functionName: string | null, instanceID: string): string => `${functionName} ${instanceID}`
const functionKey = ({ region, serviceName, functionName }: BilledFunction): string =>
  `${region} ${serviceName} ${functionName}`
const sizeKey = ({ vCPU, memoryMB, diskMB, gpu }: InstanceSize): string =>
  `${vCPU} ${memoryMB} ${diskMB} ${gpu?.type} ${gpu?.memoryMB}`

const inOrder = (a: FunctionHour, b: FunctionHour): number =>
  a.hourMs - b.hourMs ||
  compare(a.region, b.region) ||
  compare(a.serviceName, b.serviceName) ||
  compare(a.functionName, b.functionName)

/** By code points, what is not known first. */
const compare = (a: string | null, b: string | null): number =>
  a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1
