// The names under which two sides are compared: as fine as all of them tell.
import type { BilledName } from '../bill-import/bill-line.ts'

const namesOf = ['serviceName', 'region'] as const

/**
 * A bill without regions can be compared with attempts of two regions only as a whole, and FC 3.0 has no services. So of each function
 * only what every side tells of it is kept. With `isWholeAccount` nothing is: the bill names no function at all.
 */
export class NameAligner {
  readonly #isWholeAccount: boolean
  /** By function: what a side does not tell. */
  readonly #untold = new Map<string | null, Set<(typeof namesOf)[number]>>()

  constructor(names: Iterable<BilledName>, isWholeAccount: boolean) {
    this.#isWholeAccount = isWholeAccount
    for (const name of names) {
      const untold = this.#untold.get(name.functionName) ?? new Set()
      for (const part of namesOf) if (name[part] === null) untold.add(part)
      this.#untold.set(name.functionName, untold)
    }
  }

  aligned({ functionName, serviceName, region }: BilledName): BilledName {
    if (this.#isWholeAccount) return { functionName: null, serviceName: null, region: null }
    const untold = this.#untold.get(functionName)
    return {
      functionName,
      serviceName: untold?.has('serviceName') === true ? null : serviceName,
      region: untold?.has('region') === true ? null : region,
    }
  }
}
