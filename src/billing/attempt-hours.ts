// Attempts, one by one, into what their instances did hour by hour (facts §D.4).
import type { FunctionConfig } from '../model/function-config.ts'
import type { InstanceHour } from '../model/instance-hour.ts'
import type { PriceBook } from '../model/price-book.ts'
import { hourMs as hourLength, type Run, splitByHour, unionOf } from './active-runs.ts'
import { type BilledAttempt, beganMs, busyMs, isBilled, isCall } from './billed-attempt.ts'
import { editionAt } from './edition-at.ts'

/** The entry of functions.yaml that holds at a moment. */
export type ConfigOf = (
  of: Pick<BilledAttempt, 'functionName' | 'serviceName' | 'qualifier'>,
  atMs: number,
) => FunctionConfig | null

type OpenHour = { -readonly [K in keyof InstanceHour]: InstanceHour[K] }

interface Instance {
  readonly hasGpu: boolean
  /** Pairs of start and end, unix ms. */
  readonly spans: number[]
  readonly hours: Map<number | null, OpenHour>
}

/** Gathers attempts in any order. */
export class AttemptHours {
  readonly #book: PriceBook
  readonly #configOf: ConfigOf
  readonly #instances = new Map<string, Instance>()
  /** Of attempts whose instance nobody knows. */
  readonly #alone: Instance[] = []

  constructor(parts: { readonly book: PriceBook; readonly configOf: ConfigOf }) {
    this.#book = parts.book
    this.#configOf = parts.configOf
  }

  add(attempt: BilledAttempt): void {
    const startMs = beganMs(attempt)
    const instance = this.#instanceOf(attempt, startMs)
    const first = hourOf(instance, attempt, startMs === null ? null : Math.floor(startMs / hourLength) * hourLength)
    if (!isBilled(attempt)) {
      first.notBilled += 1
      return
    }
    first.attempts += 1
    if (startMs === null) return
    if (isCall(attempt)) first.invocations += 1
    const ms = busyMs(attempt, instance.hasGpu)
    if (ms === null) first.noDuration += 1
    tellSize(first, attempt, startMs)
    if (ms === null || ms === 0) return
    instance.spans.push(startMs, startMs + ms)
    for (let hour = first.hourMs! + hourLength; hour < startMs + ms; hour += hourLength)
      tellSize(hourOf(instance, attempt, hour), attempt, startMs)
  }

  /** What was added. Call it once, at the end. */
  *hours(): Iterable<InstanceHour> {
    for (const instance of [...this.#instances.values(), ...this.#alone]) {
      const { spans, hours, hasGpu } = instance
      for (const run of unionOf(spans)) {
        splitByHour(run, this.#stepOf(run, hasGpu), (hour, ms) => {
          hours.get(hour)!.activeMs += ms
        })
      }
      yield* hours.values()
    }
  }

  #instanceOf(attempt: BilledAttempt, startMs: number | null): Instance {
    const { functionName, serviceName, instanceID } = attempt
    const key = instanceID === null ? null : `${serviceName} ${functionName} ${instanceID}`
    const known = key === null ? undefined : this.#instances.get(key)
    if (known !== undefined) return known
    const hasGpu = startMs !== null && (this.#configOf(attempt, startMs)?.gpu ?? null) !== null
    const instance: Instance = { hasGpu, spans: [], hours: new Map() }
    if (key === null) this.#alone.push(instance)
    else this.#instances.set(key, instance)
    return instance
  }

  #stepOf({ startMs }: Run, hasGpu: boolean): number {
    const granularity = editionAt(this.#book, startMs)?.granularity
    return (hasGpu ? granularity?.gpuMs : granularity?.cpuMs) ?? 1
  }
}

function hourOf({ hours }: Instance, attempt: BilledAttempt, hourMs: number | null): OpenHour {
  const known = hours.get(hourMs)
  if (known !== undefined) return known
  const { functionName, serviceName, instanceID } = attempt
  const hour: OpenHour = {
    functionName,
    serviceName,
    qualifier: null,
    instanceID,
    hourMs,
    firstMs: Number.POSITIVE_INFINITY,
    memoryMB: null,
    attempts: 0,
    invocations: 0,
    noDuration: 0,
    notBilled: 0,
    activeMs: 0,
  }
  hours.set(hourMs, hour)
  return hour
}

/** What sizes the hour must not depend on which attempt comes first. */
function tellSize(hour: OpenHour, { qualifier, memoryMB }: BilledAttempt, startMs: number): void {
  hour.firstMs = Math.min(hour.firstMs, startMs)
  if (memoryMB !== null) hour.memoryMB = Math.max(hour.memoryMB ?? 0, memoryMB)
  if (qualifier !== null && (hour.qualifier === null || qualifier < hour.qualifier)) hour.qualifier = qualifier
}
