// What instances used, and how many CU that is (facts §D.1). GB is 1024 MB.
import Big from 'big.js'
import type { FunctionConfig } from '../model/function-config.ts'
import type { GpuSeries, InstanceFactors, PriceEdition, UsageFactors } from '../model/price-book.ts'

/** What an instance of a function has; all of it is paid for, used or not. */
export interface InstanceSize {
  readonly vCPU: number
  readonly memoryMB: number
  readonly diskMB: number
  readonly gpu: { readonly type: GpuSeries; readonly memoryMB: number } | null
}

/** What the platform gives an instance where nothing else is said. */
const usualDiskMB = 512

/** The size by an entry of functions.yaml; memory that was seen counts before it. Null when it is not known. */
export function sizeOf(config: FunctionConfig | null, seenMemoryMB: number | null): InstanceSize | null {
  const memoryMB = seenMemoryMB ?? config?.memoryMB ?? null
  if (config === null || config.vCPU === null || memoryMB === null) return null
  return { vCPU: config.vCPU, memoryMB, diskMB: config.diskMB ?? usualDiskMB, gpu: config.gpu }
}

/** Whole numbers: exact as long as they are below 2^53. */
export interface InstanceTime {
  /** Requests that began. */
  invocations: number
  /** Ms in which requests were served. */
  activeMs: number
  /** Ms in which the instance was kept without. */
  asleepMs: number
}

/** Exact sums. */
export interface Usage {
  readonly invocations: number
  readonly vCPUSeconds: Big
  readonly memoryGBSeconds: Big
  /** Of disk that is not free. */
  readonly diskGBSeconds: Big
  readonly gpuGBSeconds: Big
  /** Before it is rounded. */
  readonly cuExact: Big
}

const perSecond = new Big('0.001')
/** 1 / 1024, exactly. */
const perGB = new Big('0.0009765625')
const perInvocation = new Big('0.0001')
const zero = new Big(0)

export const noUsage: Usage = {
  invocations: 0,
  vCPUSeconds: zero,
  memoryGBSeconds: zero,
  diskGBSeconds: zero,
  gpuGBSeconds: zero,
  cuExact: zero,
}

export const plus = (a: Usage, b: Usage): Usage => ({
  invocations: a.invocations + b.invocations,
  vCPUSeconds: a.vCPUSeconds.plus(b.vCPUSeconds),
  memoryGBSeconds: a.memoryGBSeconds.plus(b.memoryGBSeconds),
  diskGBSeconds: a.diskGBSeconds.plus(b.diskGBSeconds),
  gpuGBSeconds: a.gpuGBSeconds.plus(b.gpuGBSeconds),
  cuExact: a.cuExact.plus(b.cuExact),
})

export interface UsageRules {
  readonly edition: PriceEdition
  /** Disk is paid for from the first MB on. */
  readonly billsAllDisk: boolean
  /** The hour is one of {@link PriceEdition.night}. */
  readonly isNight: boolean
}

/** What a time of instances of one size is, as usage and CU. */
export function usageOf(time: InstanceTime, size: InstanceSize, rules: UsageRules): Usage {
  const { edition, billsAllDisk, isNight } = rules
  const diskMB = Math.max(0, size.diskMB - (billsAllDisk ? 0 : edition.freeDiskMB))
  const own = { ...size, diskMB }
  const factors: InstanceFactors = size.gpu === null ? edition.cpu : edition.gpu
  const active = partOf(time.activeMs, own, factors.active)
  const asleep = partOf(time.asleepMs, own, factors.asleep)
  const calls = perInvocation.times(time.invocations).times(factors.active.invocations)
  const cu = active.cuExact.plus(asleep.cuExact).plus(calls)
  const isCheap = isNight && edition.night !== null
  return {
    ...plus(active, { ...asleep, vCPUSeconds: zero }),
    invocations: time.invocations,
    cuExact: isCheap && edition.night !== null ? cu.times(edition.night.factor) : cu,
  }
}

function partOf(ms: number, size: InstanceSize, factors: UsageFactors): Usage {
  const seconds = perSecond.times(ms)
  const vCPUSeconds = seconds.times(size.vCPU)
  const memoryGBSeconds = seconds.times(size.memoryMB).times(perGB)
  const diskGBSeconds = seconds.times(size.diskMB).times(perGB)
  const gpuGBSeconds = size.gpu === null ? zero : seconds.times(size.gpu.memoryMB).times(perGB)
  const cuExact = vCPUSeconds
    .times(factors.vCPU)
    .plus(memoryGBSeconds.times(factors.memory))
    .plus(diskGBSeconds.times(factors.disk))
    .plus(size.gpu === null ? zero : gpuGBSeconds.times(factors.gpu[size.gpu.type]))
  return { invocations: 0, vCPUSeconds, memoryGBSeconds, diskGBSeconds, gpuGBSeconds, cuExact }
}
