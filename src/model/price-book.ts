// What Function Compute costs: a book of dated editions (contract §7, shared facts fc-metrics-billing §D). Amounts and factors are
// decimal texts, as the platform prints them: they are calculated with exactly.

export const gpuSeries = ['ada', 'tesla'] as const
export type GpuSeries = (typeof gpuSeries)[number]

/** CU for a unit of each resource. */
export interface UsageFactors {
  /** Per vCPU-second. */
  readonly vCPU: string
  /** Per GB-second. */
  readonly memory: string
  /** Per GB-second. */
  readonly disk: string
  /** Per GB-second of GPU memory. */
  readonly gpu: Readonly<Record<GpuSeries, string>>
  /** Per 10,000 invocations. */
  readonly invocations: string
}

/** Factors while an instance serves requests, and while it is kept without (shallow sleep, formerly idle). */
export interface InstanceFactors {
  readonly active: UsageFactors
  readonly asleep: UsageFactors
}

/** A part of a month's CU, each with its own price. */
export interface PriceTier {
  /** The last CU of the tier, counted from the beginning of the month; null in the last tier. */
  readonly upTo: string | null
  /** List price of a CU. */
  readonly price: string
  /** Price after the general discount; the list price where there is none. */
  readonly discounted: string
}

/** Hours of the night that cost less, by the clock of the bill. */
export interface NightRule {
  readonly fromHour: number
  readonly toHour: number
  /** What all factors are multiplied with. */
  readonly factor: string
}

/** What time is rounded up to. */
export interface Granularity {
  /** Ms, for instances without a GPU. */
  readonly cpuMs: number
  /** Ms, for a run of an instance with a GPU. */
  readonly gpuMs: number
  /** Ms, for the life of a provisioned instance. */
  readonly provisionedMs: number
}

export interface PriceEdition {
  /** The first day on which it holds, YYYY-MM-DD: its name. */
  readonly edition: string
  /** Unix ms of that day's midnight in Beijing. */
  readonly fromMs: number
  readonly cpu: InstanceFactors
  readonly gpu: InstanceFactors
  readonly tiers: readonly PriceTier[]
  readonly hasDiscount: boolean
  readonly night: NightRule | null
  /** What an hour of a function without a GPU costs at least, when it costs anything; null where there is no such rule. */
  readonly floor: string | null
  /** Disk that costs nothing. */
  readonly freeDiskMB: number
  readonly granularity: Granularity
  readonly sources: readonly PriceSource[]
}

/** Where an edition was read. */
export interface PriceSource {
  readonly page: string
  readonly url: string
  /** YYYY-MM-DD, of the page or of the copy that was read. */
  readonly date: string
}

export interface PriceBook {
  readonly book: string
  readonly currency: string
  /** What a month's tiers are counted for. */
  readonly tiersPer: 'region' | 'account'
  /** The oldest first; each holds until the next one begins. */
  readonly editions: readonly PriceEdition[]
}
