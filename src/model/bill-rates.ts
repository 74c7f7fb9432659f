// Prices as a store needs them to price hours by itself. Decimals are texts.

/** What logs say of an instance. */
export interface SeenSize {
  readonly functionName: string | null
  readonly serviceName: string | null
  readonly qualifier: string | null
  readonly memoryMB: number | null
}

/** What a millisecond and a call of instances of a size come to. */
export interface HourRate extends SeenSize {
  readonly edition: string
  /** From when on the entry of functions.yaml holds, unix ms; 0 for the first era. */
  readonly eraFromMs: number
  readonly billedService: string | null
  readonly region: string | null
  readonly hasGpu: boolean
  readonly vCPUSecondsPerMs: string
  readonly memoryGBSecondsPerMs: string
  readonly diskGBSecondsPerMs: string
  readonly gpuGBSecondsPerMs: string
  readonly cuPerMs: string
  readonly cuPerCall: string
}

/** Prices of one edition of a book. */
export interface EditionPrices {
  readonly edition: string
  /** Unix ms. */
  readonly fromMs: number
  /** Hours of Beijing's clock that cost `nightFactor` times as much as others. */
  readonly nightHours: readonly number[]
  readonly nightFactor: string
  readonly floor: string | null
  /** Each tier from the CU behind `above` to `upTo`; null in the last. */
  readonly tiers: readonly { readonly above: string; readonly upTo: string | null; readonly price: string }[]
}
