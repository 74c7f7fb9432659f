// What logs do not say about a function (contract §7, functions.yaml).

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
