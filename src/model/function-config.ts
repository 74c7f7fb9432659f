// What logs do not say about a function (contract §7, functions.yaml).

/**
 * Smallest and greatest size that an entry may name: shared facts fc-metrics-billing §D.1 (memory from 64 MB on: old functions have less
 * than today's 128), but functions with a GPU have more than 32 GB (§G D11) and more disk.
 */
export const sizeRanges = { vCPU: [0.05, 16], memoryMB: [64, 131_072], diskMB: [512, 102_400] } as const

/** One entry of functions.yaml after checking. `functionName`, `serviceName` and `qualifier` may hold `*` globs. */
export interface FunctionConfig {
  readonly functionName: string
  readonly serviceName: string | null
  readonly qualifier: string | null
  readonly region: string | null
  readonly vCPU: number | null
  readonly memoryMB: number | null
  readonly diskMB: number | null
  readonly gpu: { readonly type: 'ada' | 'tesla'; readonly memoryMB: number } | null
  readonly instanceConcurrency: number | null
  readonly timeoutSeconds: number | null
  readonly minInstances: number | null
  /** First moment at which the entry holds, unix ms; null = always. */
  readonly effectiveFromMs: number | null
}
