// Gathers what attempts and instances used, by function and hour: the unit of a bill (facts §D.3, §D.4).
import type { FunctionConfig } from '../model/function-config.ts'
import type { PriceBook } from '../model/price-book.ts'
import { hourMs, type Run, splitByHour, unionOf } from './active-runs.ts'
import { type BilledAttempt, beganMs, busyMs, isBilled, isCall } from './billed-attempt.ts'
import { editionAt } from './edition-at.ts'
import type { InstanceSize, InstanceTime } from './usage.ts'

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
  readonly reason: LeftReason
  /** Attempts, or lives of instances. */
  readonly count: number
}

export interface GatherParts {
  readonly book: PriceBook
  /** The entry of functions.yaml that holds at a moment. */
  readonly configOf: (
    of: Pick<BilledAttempt, 'functionName' | 'serviceName' | 'qualifier'>,
    atMs: number,
  ) => FunctionConfig | null
}

interface Instance {
  readonly of: BilledFunction
  readonly size: InstanceSize
  /** Pairs of start and end, unix ms. */
  readonly spans: number[]
  readonly lives: InstanceLife[]
}

interface OpenHour extends BilledFunction {
  readonly hourMs: number
  readonly times: Map<InstanceSize, SizedTime>
}

/** What the platform gives an instance where nothing else is said. */
const usualDiskMB = 512

export class UsageGatherer {
  readonly #parts: GatherParts
  readonly #functions = new Map<string, BilledFunction>()
  readonly #sizes = new Map<string, InstanceSize>()
  readonly #instances = new Map<string, Instance>()
  /** Of attempts whose instance nobody knows; each is on its own. */
  readonly #alone: Instance[] = []
  readonly #hours = new Map<string, OpenHour>()
  readonly #left = new Map<string, { functionName: string | null; reason: LeftReason; count: number }>()

  constructor(parts: GatherParts) {
    this.#parts = parts
  }

  add(attempt: BilledAttempt): void {
    this.#leave(attempt.functionName, this.#take(attempt))
  }

  addLife(life: InstanceLife): void {
    this.#leave(life.functionName, this.#takeLife(life))
  }

  #take(attempt: BilledAttempt): LeftReason | null {
    if (!isBilled(attempt)) return 'notBilled'
    const startMs = beganMs(attempt)
    if (startMs === null) return 'noTime'
    if (editionAt(this.#parts.book, startMs) === null) return 'noPrice'
    const found = this.#find(attempt, startMs)
    if (found === null) return 'unknownConfig'
    const { of, size, spans } = this.#instanceOf(attempt.instanceID, found)
    if (isCall(attempt)) this.#timeOf(of, size, Math.floor(startMs / hourMs) * hourMs).invocations += 1
    const ms = busyMs(attempt, size.gpu !== null)
    if (ms === null) return 'noDuration'
    if (ms > 0) spans.push(startMs, startMs + ms)
    return null
  }

  #takeLife(life: InstanceLife): LeftReason | null {
    const { functionName, instanceID, fromMs } = life
    if (editionAt(this.#parts.book, fromMs) === null) return 'noPrice'
    const instance = this.#instances.get(instanceKey(functionName, instanceID))
    const found = instance ?? this.#find({ functionName, serviceName: null, qualifier: null, memoryMB: null }, fromMs)
    if (found === null) return 'unknownConfig'
    this.#instanceOf(instanceID, found).lives.push(life)
    return null
  }

  /** Everything that was added, sorted by hour, region, service and function. Call it once, at the end. */
  hours(): readonly FunctionHour[] {
    for (const instance of [...this.#instances.values(), ...this.#alone]) this.#spread(instance)
    return [...this.#hours.values()].map(hour => ({ ...hour, times: [...hour.times.values()] })).sort(inOrder)
  }

  leftOut(): readonly LeftOut[] {
    return [...this.#left.values()]
  }

  #leave(functionName: string | null, reason: LeftReason | null): void {
    if (reason === null) return
    const key = `${reason} ${functionName}`
    const known = this.#left.get(key)
    if (known === undefined) this.#left.set(key, { functionName, reason, count: 1 })
    else known.count += 1
  }

  /** What was seen counts before what functions.yaml says. */
  #find(
    of: Pick<BilledAttempt, 'functionName' | 'serviceName' | 'qualifier' | 'memoryMB'>,
    atMs: number,
  ): Pick<Instance, 'of' | 'size'> | null {
    const config = this.#parts.configOf(of, atMs)
    const memoryMB = of.memoryMB ?? config?.memoryMB ?? null
    if (config === null || config.vCPU === null || memoryMB === null) return null
    const size = { vCPU: config.vCPU, memoryMB, diskMB: config.diskMB ?? usualDiskMB, gpu: config.gpu }
    const { functionName } = of
    const billed = { functionName, serviceName: of.serviceName ?? config.serviceName, region: config.region }
    return {
      of: interned(this.#functions, functionKey(billed), billed),
      size: interned(this.#sizes, sizeKey(size), size),
    }
  }

  #instanceOf(instanceID: string | null, found: Pick<Instance, 'of' | 'size'>): Instance {
    const instance: Instance = { ...found, spans: [], lives: [] }
    if (instanceID !== null) return interned(this.#instances, instanceKey(found.of.functionName, instanceID), instance)
    this.#alone.push(instance)
    return instance
  }

  #timeOf(of: BilledFunction, size: InstanceSize, hour: number): SizedTime {
    const empty: OpenHour = { ...of, hourMs: hour, times: new Map() }
    const { times } = interned(this.#hours, `${hour} ${functionKey(of)}`, empty)
    return interned(times, size, { size, invocations: 0, activeMs: 0, asleepMs: 0 })
  }

  #spread({ of, size, spans, lives }: Instance): void {
    const activeByHour = new Map<number, number>()
    for (const run of unionOf(spans)) {
      splitByHour(run, this.#stepOf(run, size.gpu === null ? 'cpuMs' : 'gpuMs'), (hour, ms) => {
        this.#timeOf(of, size, hour).activeMs += ms
        activeByHour.set(hour, (activeByHour.get(hour) ?? 0) + ms)
      })
    }
    for (const { fromMs, toMs, mode } of lives) {
      const run = { startMs: fromMs, endMs: toMs }
      splitByHour(run, mode === 'provisioned' ? this.#stepOf(run, 'provisionedMs') : 1, (hour, ms) => {
        const active = Math.min(ms, activeByHour.get(hour) ?? 0)
        activeByHour.set(hour, (activeByHour.get(hour) ?? 0) - active)
        this.#timeOf(of, size, hour).asleepMs += ms - active
      })
    }
  }

  /** What is added begins within the book. */
  #stepOf({ startMs }: Run, kind: 'cpuMs' | 'gpuMs' | 'provisionedMs'): number {
    return editionAt(this.#parts.book, startMs)?.granularity[kind] ?? 1
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
