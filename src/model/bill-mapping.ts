// How a bill is read: which column holds what, which lines are of Function Compute, and what a line's texts mean (contract §7, shared
// facts fc-metrics-billing §D.6). The platform documents no bill of Function Compute, so all of it is data.

/** What is read of a line of a bill. */
export const billFields = [
  'productCode',
  'productName',
  'commodityCode',
  'subscriptionType',
  'lineType',
  'month',
  'day',
  'usageStart',
  'instanceID',
  'instanceName',
  'region',
  'itemCode',
  'itemName',
  'usage',
  'usageBeforeDeduction',
  'usageDeducted',
  'usageUnit',
  'listAmount',
  'discountAmount',
  'couponAmount',
  'planAmount',
  'roundedOff',
  'payable',
  'currency',
] as const
export type BillField = (typeof billFields)[number]

/** A text of a field that means something. */
export interface FieldPattern {
  readonly field: BillField
  readonly pattern: RegExp
}

/**
 * What a line is for. `usage`: calls and time; `adjustment`: a refund or correction; `rounding`: what the bill was rounded by;
 * `planPurchase`: a plan that was bought, not what it was used for.
 */
export const lineKinds = ['usage', 'adjustment', 'rounding', 'planPurchase'] as const
export type LineKind = (typeof lineKinds)[number]

/** What the usage of a billing item is a number of. */
export const billedResources = [
  'cu',
  'invocations',
  'vCPUSeconds',
  'memoryGBSeconds',
  'diskGBSeconds',
  'gpuGBSeconds',
] as const
export type BilledResource = (typeof billedResources)[number]

export interface BilledItem extends FieldPattern {
  readonly resource: BilledResource
  /** Of instances that are kept without serving requests. */
  readonly isAsleep: boolean
  /** What the usage is multiplied with, a decimal: 10000 where calls are told in ten thousands. */
  readonly scale: string
}

/** Where the shape of a bill was read. */
export interface MappingSource {
  readonly page: string
  readonly url: string
  /** YYYY-MM-DD, of the page or of the copy that was read. */
  readonly date: string
}

export interface BillMapping {
  readonly mapping: string
  readonly format: 'csv' | 'json'
  readonly sources: readonly MappingSource[]
  /** The bill's clock is ahead of UTC by so many ms. */
  readonly utcOffsetMs: number
  /** Names of columns or keys, the best first. */
  readonly columns: ReadonlyMap<BillField, readonly string[]>
  /** A line that fits any of them is of Function Compute. */
  readonly functionCompute: readonly FieldPattern[]
  /** Patterns with the group `functionName`, and with `serviceName` and `region` where the text has them; the first that fits counts. */
  readonly names: readonly FieldPattern[]
  /** The first that fits counts; a line without is `usage`. */
  readonly kinds: readonly (FieldPattern & { readonly kind: LineKind })[]
  /** The first that fits counts; usage of other items is not compared, their money is. */
  readonly items: readonly BilledItem[]
  /** Names of regions in the bill, and their ids. */
  readonly regions: ReadonlyMap<string, string>
  /** Names of currencies in the bill, and their codes. */
  readonly currencies: ReadonlyMap<string, string>
  /** Of bills without a column for it; null when there must be one. */
  readonly fixedCurrency: string | null
  /** `usage` is what is left after plans deducted their part; else what there was before. */
  readonly isUsageAfterDeduction: boolean
}
