// How often properties are tried: a few times with the fast tests, and for as long as there is time with the slow ones.
import fc from 'fast-check'

/** How a property is run. */
export interface PropertyRuns {
  readonly runs: number
  /** No new run is begun after this time, and what was tried counts. */
  readonly limitMs: number
}

/** Beside all the other tests of a change. */
export const fewRuns: PropertyRuns = { runs: 40, limitMs: 3_000 }

/** FCSCOPE_PROPERTY_RUNS says how many, the limit keeps all slow properties together below some minutes. */
export const manyRuns: PropertyRuns = {
  runs: Number(process.env['FCSCOPE_PROPERTY_RUNS'] ?? 500),
  limitMs: 20_000,
}

/** Tries a property; fails with the smallest case that it finds. */
export async function assertAlways<T>(property: fc.IAsyncProperty<T>, how: PropertyRuns): Promise<void> {
  const { runs, limitMs } = how
  await fc.assert(property, { numRuns: runs, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false })
}
