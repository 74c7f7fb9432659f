// The platform's names for GPUs, as far as their price is known.

/**
 * By `gpuType` (FC 3.0) and `instanceType` (FC 2.0). Only these have a price in the books: Ampere, Hopper and the later Ada cards
 * (`fc.gpu.ada.2`) may cost something else, and nobody says that they do not.
 */
const series: Readonly<Record<string, 'ada' | 'tesla'>> = {
  'fc.gpu.ada.1': 'ada',
  'fc.gpu.tesla.1': 'tesla',
  // "The same as fc.gpu.tesla.1", says the API's reference of 2021-04-06.
  g1: 'tesla',
}

/** Null for a GPU whose price is not known. */
export const gpuSeries = (type: string): 'ada' | 'tesla' | null =>
  Object.hasOwn(series, type) ? (series[type] ?? null) : null

/** Instance types of FC 2.0 without a GPU. */
export const isPlainInstance = (type: unknown): boolean => type === 'e1' || type === 'c1'
